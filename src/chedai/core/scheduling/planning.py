"""Plan a day: greedy, then local search, then the exact model; the cheapest plan wins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chedai.core.scheduling.baselines import first_come_first_served, greedy
from chedai.core.scheduling.day import Day
from chedai.core.scheduling.exact import solve
from chedai.core.scheduling.order import bring_tasks_forward, settle_order
from chedai.core.scheduling.plan import DayPlan, cost_of
from chedai.core.scheduling.search import improve


@dataclass(frozen=True, slots=True)
class Effort:
    """How much work a plan is worth; the same effort and seed give the same plan anywhere.

    Parameters
    ----------
    moves, restarts
        Of the local search: 40,000 moves take about 25 ms.
    deterministic_seconds
        Of the exact model; 0 leaves it out, and with it the proof.
    """

    moves: int
    restarts: int
    deterministic_seconds: float
    seed: int = 1


MORNING: Final = Effort(moves=40_000, restarts=6, deterministic_seconds=2.0)
"""For the plan of a whole day, made before it begins."""
SMALL_DAY_JOBS: Final = 40


def replanning_effort(job_count: int) -> Effort:
    """Return the effort that answers in half a second for 30 customers, in two for 60."""
    if job_count <= SMALL_DAY_JOBS:
        return Effort(moves=40_000, restarts=4, deterministic_seconds=0.06)
    return Effort(moves=60_000, restarts=6, deterministic_seconds=0.6)


def plan_day(day: Day, *, effort: Effort, previous: DayPlan | None = None) -> DayPlan:
    """Plan the day; never worse than greedy, first come first served, or what was planned before.

    Parameters
    ----------
    previous
        The plan in force. It is kept as it is when nothing cheaper is found, so that nobody's
        time is moved without gain.
    """
    plans = [] if previous is None else [improve(day, moves=0, seed=effort.seed, begin=previous)]
    plans += [greedy(day), first_come_first_served(day)]
    best = min(plans, key=lambda plan: cost_of(plan, day).total)
    for restart in range(effort.restarts):
        begin = best if restart == 0 else None
        found = improve(day, moves=effort.moves, seed=effort.seed + restart, begin=begin)
        best = min((best, found), key=lambda plan: cost_of(plan, day).total)
    if effort.deterministic_seconds > 0:
        best = solve(
            day,
            known=best,
            deterministic_seconds=effort.deterministic_seconds,
            seed=effort.seed,
        )
    return bring_tasks_forward(settle_order(best, day), day)
