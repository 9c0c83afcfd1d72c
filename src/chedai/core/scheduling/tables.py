"""A day as arrays, the form both searches read: free time, durations, weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chedai.core.scheduling.day import SLOT_MINUTES, Advisor, Day, Job
from chedai.core.scheduling.plan import DayPlan, Placement, can_do

Whole = NDArray[np.int64]
NOT_ABLE = 0
"""Duration of a job for an advisor who may not do it."""


@dataclass(frozen=True)
class DayTables:
    """The jobs that are still to be placed, and where they may go.

    Jobs with a fixed start are not among ``jobs``: their time is cut out of the free time. All
    times are slots, all costs minutes of weight one.
    """

    day: Day
    jobs: tuple[Job, ...]
    fixed: tuple[Placement, ...]
    duration: Whole
    """Of each job for each advisor; ``NOT_ABLE`` where the advisor may not."""
    due: Whole
    earliest: Whole
    latest: Whole
    wait_cost: Whole
    """Of one slot of waiting."""
    drop_cost: Whole
    adds_deal: Whole
    deal_room: Whole
    task_slots: Whole
    """What each job takes of the time tasks may fill; 0 for customers and locked tasks."""
    task_slots_max: int
    free_start: Whole
    free_end: Whole
    free_count: Whole
    shift_end: Whole
    """Where overtime begins."""
    end_of_fixed: Whole
    overtime_cost: int
    """Of one slot."""
    buffer: int


def tables_of(day: Day) -> DayTables:
    """Bring a day into the form the searches read."""
    by_id = day.job_by_id
    fixed = tuple(
        Placement(job_id=job_id, advisor_id=lock.advisor_id, start_slot=lock.start_slot)
        for job_id, lock in sorted(day.locks.items())
        if lock.start_slot is not None
    )
    placed = {placement.job_id for placement in fixed}
    jobs = tuple(job for job in day.jobs if job.id not in placed)
    free = [_free_time(advisor, fixed, day=day) for advisor in day.advisors]
    widest = max((len(spans) for spans in free), default=0)
    free_start, free_end = (
        np.array(
            [
                [span[side] for span in spans] + [0] * (max(1, widest) - len(spans))
                for spans in free
            ],
            dtype=np.int64,
        ).reshape(len(free), max(1, widest))
        for side in (0, 1)
    )
    return DayTables(
        day=day,
        jobs=jobs,
        fixed=fixed,
        duration=_durations(day, jobs),
        due=_column([job.due_slot for job in jobs]),
        earliest=_column([max(job.earliest_slot, day.now_slot) for job in jobs]),
        latest=_column([job.latest_slot for job in jobs]),
        wait_cost=_column([job.wait_weight * SLOT_MINUTES for job in jobs]),
        drop_cost=_column([job.drop_weight * day.rules.unserved_minutes for job in jobs]),
        adds_deal=_column([int(job.adds_deal and job.id not in day.locks) for job in jobs]),
        deal_room=_column([_room(advisor, day) for advisor in day.advisors]),
        task_slots=_column(
            [0 if job.kind.is_customer or job.id in day.locks else job.usual_slots for job in jobs]
        ),
        task_slots_max=day.task_slots_max,
        free_start=free_start,
        free_end=free_end,
        free_count=_column([len(spans) for spans in free]),
        shift_end=_column([advisor.shift_end_slot for advisor in day.advisors]),
        end_of_fixed=_column(
            [
                max(
                    (
                        placement.start_slot + by_id[placement.job_id].slots_for(advisor)
                        for placement in fixed
                        if placement.advisor_id == advisor.id
                    ),
                    default=0,
                )
                for advisor in day.advisors
            ]
        ),
        overtime_cost=day.rules.overtime_weight * SLOT_MINUTES,
        buffer=day.rules.buffer_slots,
    )


def plan_from(tables: DayTables, *, advisor: Whole, start: Whole, is_optimal: bool) -> DayPlan:
    """Bring an answer back: ``advisor`` is -1 where the job is not done today."""
    advisors = tables.day.advisors
    placements = [
        Placement(job_id=job.id, advisor_id=advisors[int(a)].id, start_slot=int(s))
        for job, a, s in zip(tables.jobs, advisor, start, strict=True)
        if a >= 0
    ]
    ordered = sorted((*tables.fixed, *placements), key=lambda p: (p.start_slot, p.job_id))
    return DayPlan(placements=tuple(ordered), is_optimal=is_optimal)


def _column(numbers: list[int]) -> Whole:
    return np.array(numbers, dtype=np.int64)


def _durations(day: Day, jobs: tuple[Job, ...]) -> Whole:
    def duration(job: Job, advisor: Advisor) -> int:
        lock = day.locks.get(job.id)
        able = can_do(advisor, job) if lock is None else lock.advisor_id == advisor.id
        return job.slots_for(advisor) if able else NOT_ABLE

    rows = [[duration(job, advisor) for advisor in day.advisors] for job in jobs]
    return np.array(rows, dtype=np.int64).reshape(len(jobs), len(day.advisors))


def _room(advisor: Advisor, day: Day) -> int:
    if advisor.deal_room is None:
        return len(day.jobs)
    locked = sum(
        day.job_by_id[job_id].adds_deal
        for job_id, lock in day.locks.items()
        if lock.advisor_id == advisor.id
    )
    return max(0, advisor.deal_room - locked)


def _free_time(
    advisor: Advisor, fixed: tuple[Placement, ...], *, day: Day
) -> list[tuple[int, int]]:
    """Return the spans in which the advisor may work on further jobs, overtime included."""
    spans = [(shift.start_slot, shift.end_slot) for shift in advisor.working]
    if spans and advisor.may_run_over:
        spans[-1] = (spans[-1][0], spans[-1][1] + day.rules.overtime_slots_max)
    taken = [(pause.start_slot, pause.end_slot) for pause in advisor.breaks]
    taken.append((0, day.now_slot))
    buffer = day.rules.buffer_slots
    for placement in fixed:
        if placement.advisor_id == advisor.id:
            slots = day.job_by_id[placement.job_id].slots_for(advisor)
            taken.append((placement.start_slot - buffer, placement.start_slot + slots + buffer))
    for start, end in taken:
        spans = [
            piece
            for span in spans
            for piece in ((span[0], min(span[1], start)), (max(span[0], end), span[1]))
            if piece[0] < piece[1]
        ]
    return sorted(spans)
