"""Days with boring defaults: nine to six, 10 minutes between jobs, everybody can do everything."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations, product

from chedai.core.scheduling.baselines import Board
from chedai.core.scheduling.day import Advisor, Day, DayRules, Interval, Job, JobKind
from chedai.core.scheduling.plan import cost_of
from chedai.core.scheduling.tables import plan_from, tables_of

NINE, NOON, SIX = 108, 144, 216
RULES = DayRules(
    buffer_minutes=10,
    walk_in_share=Decimal("0.30"),
    unserved_minutes=400,
    overtime_weight=2,
    overtime_minutes_max=60,
)


def make_advisor(number: int = 0, **fields) -> Advisor:
    return Advisor(
        **{
            "id": f"a{number}",
            "name": f"顾问{number + 1}",
            "working": (Interval(NINE, SIX),),
        }
        | fields
    )


def make_job(number: int = 0, **fields) -> Job:
    due = fields.pop("due_slot", NINE)
    weight = fields.pop("weight", 2)
    return Job(
        **{
            "id": f"c{number}",
            "kind": JobKind.WALK_IN,
            "label": f"客户{number + 1}",
            "due_slot": due,
            "earliest_slot": due,
            "latest_slot": SIX + 12,
            "service_minutes": 30,
            "wait_weight": weight,
            "drop_weight": weight,
        }
        | fields
    )


def make_task(number: int = 0, **fields) -> Job:
    return make_job(
        number,
        **{
            "id": f"t{number}",
            "kind": JobKind.FOLLOW_UP,
            "label": f"跟进{number + 1}",
            "wait_weight": 0,
            "drop_weight": 1,
        }
        | fields,
    )


def make_day(*, advisors=None, jobs=None, rules=RULES, **fields) -> Day:
    return Day(
        advisors=tuple(advisors if advisors is not None else (make_advisor(),)),
        jobs=tuple(jobs if jobs is not None else (make_job(),)),
        rules=rules,
        **fields,
    )


def least_cost(day: Day) -> int:
    """Try every assignment in every order, each job at its soonest: the least possible cost."""
    tables = tables_of(day)
    jobs = range(len(tables.jobs))
    best = None
    for order in permutations(jobs):
        for who in product(range(-1, len(day.advisors)), repeat=len(tables.jobs)):
            board = Board.empty(tables)
            for job in order:
                start = (
                    board.earliest_start(job, who[job], looks_at_gaps=False)
                    if who[job] >= 0
                    else None
                )
                if start is not None:
                    board.place(job, who[job], start)
            plan = plan_from(tables, advisor=board.advisor, start=board.start, is_optimal=False)
            cost = cost_of(plan, day).total
            best = cost if best is None else min(best, cost)
    return best
