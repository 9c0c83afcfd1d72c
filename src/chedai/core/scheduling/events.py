"""What happens during a day, each as the day that follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chedai.core.scheduling.day import Day, DayInputError, Interval, Job, Lock
from chedai.core.scheduling.plan import DayPlan


def time_passes(day: Day, plan: DayPlan, *, now_slot: int) -> Day:
    """Move the clock; what the plan began before ``now_slot`` is under way and stays.

    Raises
    ------
    DayInputError
        ``now_slot`` lies before the day's own clock.
    """
    if now_slot < day.now_slot:
        raise DayInputError("时钟不能倒退")
    started = {
        placement.job_id: Lock(placement.advisor_id, placement.start_slot, is_started=True)
        for placement in plan.placements
        if placement.start_slot < now_slot
    }
    return replace(day, now_slot=now_slot, locks={**day.locks, **started})


def arrives(day: Day, job: Job) -> Day:
    """Add a customer, or any other job.

    Raises
    ------
    DayInputError
        The day has a job of that number already.
    """
    if job.id in day.job_by_id:
        raise DayInputError(f"{job.label}已经在今天的安排里")
    return replace(day, jobs=(*day.jobs, job))


def does_not_come(day: Day, job_id: str) -> Day:
    """Take out a job: no-show, cancelled, or put off by a person."""
    _known(day, job_id)
    locks = {key: lock for key, lock in day.locks.items() if key != job_id}
    return replace(day, jobs=tuple(job for job in day.jobs if job.id != job_id), locks=locks)


def takes_longer(day: Day, job_id: str, *, service_minutes: int) -> Day:
    """Set how long a job takes; times locked behind it give way, their advisor stays."""
    job = replace(_known(day, job_id), service_minutes=service_minutes)
    jobs = tuple(job if other.id == job_id else other for other in day.jobs)
    return replace(day, jobs=jobs, locks=_loosened(day, job))


def leaves(day: Day, advisor_id: str, *, from_slot: int) -> Day:
    """Sick leave from a moment on: what the advisor had is planned anew, begun or not.

    A customer who is sitting with the advisor at ``from_slot`` is received again by somebody else.

    Raises
    ------
    DayInputError
        The advisor is not part of the day.
    """
    if advisor_id not in day.advisor_by_id:
        raise DayInputError(f"顾问 {advisor_id} 不在这一天里")
    advisor = day.advisor_by_id[advisor_id]
    working = tuple(
        Interval(shift.start_slot, min(shift.end_slot, from_slot))
        for shift in advisor.working
        if shift.start_slot < from_slot
    )
    advisors = tuple(
        replace(one, working=working, may_run_over=False) if one.id == advisor_id else one
        for one in day.advisors
    )
    jobs = day.job_by_id
    finished = {
        job_id
        for job_id, lock in day.locks.items()
        if lock.is_started
        and lock.start_slot is not None
        and lock.start_slot + jobs[job_id].slots_for(advisor) <= from_slot
    }
    locks = {
        job_id: lock
        for job_id, lock in day.locks.items()
        if lock.advisor_id != advisor_id or job_id in finished
    }
    return replace(day, advisors=advisors, locks=locks)


def _known(day: Day, job_id: str) -> Job:
    if job_id not in day.job_by_id:
        raise DayInputError(f"今天的安排里没有 {job_id}")
    return day.job_by_id[job_id]


def _loosened(day: Day, longer: Job) -> Mapping[str, Lock]:
    held = day.locks.get(longer.id)
    if held is None or held.start_slot is None:
        return day.locks
    end = held.start_slot + longer.slots_for(day.advisor_by_id[held.advisor_id])
    return {
        job_id: replace(lock, start_slot=None)
        if job_id != longer.id
        and lock.advisor_id == held.advisor_id
        and not lock.is_started
        and lock.start_slot is not None
        and held.start_slot <= lock.start_slot < end
        else lock
        for job_id, lock in day.locks.items()
    }
