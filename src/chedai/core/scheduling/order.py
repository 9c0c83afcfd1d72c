"""Order among plans that cost the same, of which the published order is one part.

Whoever has the higher class, then came earlier, is not passed over. A plan may serve a short visit
in a gap, or somebody only one advisor can help, before others. Two customers who need the same are
interchangeable: between them the published order holds strictly.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from chedai.core.scheduling.baselines import Board, plan_of_board
from chedai.core.scheduling.day import Day, Job
from chedai.core.scheduling.plan import DayPlan, Placement, cost_of
from chedai.core.scheduling.tables import tables_of


def published_rank(job: Job) -> tuple[int, int, str]:
    """Return what the published order sorts by: class, time due, number."""
    return (-job.wait_weight, job.due_slot, job.id)


def passed_over(plan: DayPlan, day: Day) -> list[tuple[str, str]]:
    """List pairs of interchangeable customers out of order: who should be first, and who is."""
    return [
        (earlier.id, later.id)
        for group in _interchangeable(day)
        for number, earlier in enumerate(group)
        for later in group[number + 1 :]
        if _should_swap(earlier, later, plan.by_job, now_slot=day.now_slot)
    ]


def settle_order(plan: DayPlan, day: Day) -> DayPlan:
    """Exchange interchangeable customers until nobody is passed over; the cost never rises."""
    places = dict(plan.by_job)
    for group in _interchangeable(day):
        # Each round puts at least one pair right for good.
        for _ in group:
            for number, earlier in enumerate(group):
                for later in group[number + 1 :]:
                    if _should_swap(earlier, later, places, now_slot=day.now_slot):
                        _swap(earlier.id, later.id, places)
    ordered = sorted(places.values(), key=lambda placed: (placed.start_slot, placed.job_id))
    return replace(plan, placements=tuple(ordered))


def bring_tasks_forward(plan: DayPlan, day: Day) -> DayPlan:
    """Do what nobody waits for as soon as there is a gap, while that costs nothing.

    The objective does not mind when a task is done; who walks in later may take the gap.
    """
    tables = tables_of(day)
    board = Board.empty(tables)
    advisors = {advisor.id: number for number, advisor in enumerate(day.advisors)}
    tasks = []
    for number, job in enumerate(tables.jobs):
        placed = plan.by_job.get(job.id)
        if placed is not None and not job.wait_weight and not job.kind.is_customer:
            tasks.append(number)
        elif placed is not None:
            board.place(number, advisors[placed.advisor_id], placed.start_slot)
    board.fill(sorted(tasks, key=lambda number: plan.by_job[tables.jobs[number].id].start_slot))
    sooner = replace(plan_of_board(board), is_optimal=plan.is_optimal)
    is_as_good = cost_of(sooner, day).total <= cost_of(plan, day).total
    return sooner if is_as_good and _begin_of(sooner, day) < _begin_of(plan, day) else plan


def _begin_of(plan: DayPlan, day: Day) -> int:
    jobs = day.job_by_id
    return sum(
        placed.start_slot for placed in plan.placements if not jobs[placed.job_id].kind.is_customer
    )


def _interchangeable(day: Day) -> list[list[Job]]:
    """Group customers by what they need, each group in the published order."""

    def needs(job: Job) -> tuple[object, ...]:
        return (
            sorted(job.skills),
            job.language,
            sorted(job.advisor_ids),
            job.service_minutes,
            job.travel_minutes,
            job.adds_deal,
        )

    free = [job for job in day.jobs if job.kind.is_customer and job.id not in day.locks]
    free.sort(key=needs)
    return [sorted(group, key=published_rank) for _, group in groupby(free, key=needs)]


def _should_swap(earlier: Job, later: Job, places: dict[str, Placement], *, now_slot: int) -> bool:
    mine, other = places.get(earlier.id), places.get(later.id)
    if other is None or (mine is not None and mine.start_slot <= other.start_slot):
        return False
    if not max(earlier.earliest_slot, now_slot) <= other.start_slot <= earlier.latest_slot:
        return False
    if mine is None:
        return earlier.drop_weight >= later.drop_weight
    return later.earliest_slot <= mine.start_slot <= later.latest_slot


def _swap(one: str, two: str, places: dict[str, Placement]) -> None:
    mine, other = places.pop(one, None), places.pop(two)
    places[one] = replace(other, job_id=one)
    if mine is not None:
        places[two] = replace(mine, job_id=two)
