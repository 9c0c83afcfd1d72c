"""Simulated days of a store, from a seed: the same numbers everywhere."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from chedai.core.scheduling.day import Advisor, Day, DayRules, Interval, Job, JobKind, slot_of

RULES = DayRules(
    buffer_minutes=10,
    walk_in_share=Decimal("0.30"),
    unserved_minutes=400,
    overtime_weight=2,
    overtime_minutes_max=60,
)
OPEN, CLOSE = slot_of(9 * 60), slot_of(18 * 60)
SKILLS = ("used_car", "commercial", "new_energy")
# Share of the arrivals in each hour from nine: two peaks.
HOURS = (3, 8, 9, 5, 4, 8, 10, 8, 3)
WEIGHTS = {JobKind.APPOINTMENT: 4, JobKind.WALK_IN: 2}
PRIORITY_WEIGHT = 3


def make_day(*, customers: int, seed: int, tasks: int | None = None) -> Day:
    """Make one day; a customer in five is hard to place: skill or dialect."""
    random = Random(seed)
    count = max(3, round(customers / 5))
    tasks = customers // 5 if tasks is None else tasks
    jobs = [_customer(random, number) for number in range(customers)]
    jobs += [_task(random, number) for number in range(tasks)]
    return Day(
        advisors=tuple(_advisor(random, number) for number in range(count)),
        jobs=tuple(jobs),
        rules=RULES,
    )


def _advisor(random: Random, number: int) -> Advisor:
    late = number % 3 == 2
    start, end = (OPEN + 12, CLOSE + 12) if late else (OPEN, CLOSE)
    pause = start + 36 + 6 * (number % 3)
    skills = frozenset(skill for skill in SKILLS if random.random() < 0.5 or number == 0)
    return Advisor(
        id=f"a{number}",
        name=f"顾问{number + 1}",
        working=(Interval(start, end),),
        breaks=(Interval(pause, pause + 12),),
        skills=skills,
        languages=frozenset({"yue"} if random.random() < 0.3 or number == 0 else ()),
        pace_percent=random.choice((85, 100, 100, 115)),
        deal_room=random.choice((6, 8, 10)),
    )


def _customer(random: Random, number: int) -> Job:
    arrives = OPEN + 12 * random.choices(range(9), HOURS)[0] + random.randrange(12)
    is_booked = random.random() < 0.5
    kind = JobKind.APPOINTMENT if is_booked else JobKind.WALK_IN
    due = arrives - arrives % 6 if is_booked else arrives
    weight = WEIGHTS[kind]
    if not is_booked and random.random() < 0.1:
        weight = PRIORITY_WEIGHT
    return Job(
        id=f"c{number}",
        kind=kind,
        label=f"客户{number + 1}",
        due_slot=due,
        earliest_slot=due,
        latest_slot=CLOSE + 12,
        service_minutes=random.choice((20, 20, 30, 40, 40, 60)),
        wait_weight=weight,
        drop_weight=weight,
        skills=frozenset({random.choice(SKILLS)} if random.random() < 0.2 else ()),
        language="yue" if random.random() < 0.05 else "",
        adds_deal=random.random() < 0.6,
    )


def _task(random: Random, number: int) -> Job:
    is_errand = random.random() < 0.25
    kind = JobKind.ERRAND if is_errand else JobKind.FOLLOW_UP
    earliest = OPEN if not is_errand else OPEN + 6 * random.randrange(10)
    return Job(
        id=f"t{number}",
        kind=kind,
        label=f"{'外勤' if is_errand else '跟进'}{number + 1}",
        due_slot=earliest,
        earliest_slot=earliest,
        latest_slot=min(CLOSE, earliest + random.choice((36, 72, 108))),
        service_minutes=30 if is_errand else random.choice((10, 15, 20)),
        travel_minutes=60 if is_errand else 0,
        wait_weight=0,
        drop_weight=1,
    )
