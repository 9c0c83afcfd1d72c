"""A day as it comes: who walks in is not known before, and every event asks for a new plan."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from chedai.core.scheduling import events
from chedai.core.scheduling.baselines import first_come_first_served, greedy
from chedai.core.scheduling.day import Day, JobKind
from chedai.core.scheduling.plan import DayPlan, PlanCost, cost_of, violations
from chedai.core.scheduling.planning import plan_day, replanning_effort

Planner = Callable[[Day, DayPlan | None], DayPlan]
NO_SHOW_SHARE = 0.08
OVERRUN_SHARE = 0.15
SICK_SHARE = 0.3
GRACE_SLOTS = 3


@dataclass
class Rolled:
    """How one simulated day ended."""

    cost: PlanCost
    replan_seconds: list[float] = field(default_factory=list)


def optimised(day: Day, previous: DayPlan | None) -> DayPlan:
    return plan_day(day, effort=replanning_effort(len(day.jobs)), previous=previous)


PLANNERS: dict[str, Planner] = {
    "first come first served": lambda day, _: first_come_first_served(day),
    "greedy": lambda day, _: greedy(day),
    "optimised": optimised,
}


def roll(full: Day, planner: Planner, *, seed: int) -> Rolled:
    """Run the day event by event; every planner meets the same events."""
    happenings = _happenings(full, seed=seed)
    known = tuple(job for job in full.jobs if job.kind is not JobKind.WALK_IN)
    day = replace(full, jobs=known)
    seconds: list[float] = []
    plan = _timed(planner, day, None, [])
    for moment, happen in happenings:
        day = events.time_passes(day, plan, now_slot=moment)
        changed = happen(day)
        if changed is not day:
            day = changed
            plan = _timed(planner, day, plan, seconds)
            assert not violations(plan, day), violations(plan, day)
    return Rolled(cost=cost_of(plan, day), replan_seconds=seconds)


def _timed(planner: Planner, day: Day, previous: DayPlan | None, seconds: list[float]) -> DayPlan:
    begun = time.process_time()
    plan = planner(day, previous)
    seconds.append(time.process_time() - begun)
    return plan


def _happenings(full: Day, *, seed: int) -> list[tuple[int, Callable[[Day], Day]]]:
    random = Random(seed)
    found: list[tuple[int, Callable[[Day], Day]]] = []
    for job in full.jobs:
        if job.kind is JobKind.WALK_IN:
            found.append((job.due_slot, lambda day, job=job: events.arrives(day, job)))
        elif job.kind is JobKind.APPOINTMENT and random.random() < NO_SHOW_SHARE:
            late = job.due_slot + GRACE_SLOTS
            found.append((late, lambda day, job=job: _no_show(day, job.id)))
        if job.kind.is_customer and random.random() < OVERRUN_SHARE:
            minutes = job.service_minutes + random.choice((10, 20, 30))
            found.append(
                (job.due_slot + 6, lambda day, job=job, m=minutes: _overrun(day, job.id, m))
            )
    if random.random() < SICK_SHARE:
        ill, moment = random.choice(full.advisors).id, random.randrange(120, 170)
        found.append((moment, lambda day: events.leaves(day, ill, from_slot=moment)))
    return sorted(found, key=lambda row: row[0])


def _no_show(day: Day, job_id: str) -> Day:
    lock = day.locks.get(job_id)
    is_under_way = lock is not None and lock.is_started
    return day if is_under_way else events.does_not_come(day, job_id)


def _overrun(day: Day, job_id: str, minutes: int) -> Day:
    lock = day.locks.get(job_id)
    if lock is None or lock.start_slot is None:
        return day
    job, advisor = day.job_by_id[job_id], day.advisor_by_id[lock.advisor_id]
    if lock.start_slot + job.slots_for(advisor) <= day.now_slot:
        return day  # it ended before anybody noticed
    return events.takes_longer(day, job_id, service_minutes=minutes)
