"""What does not fit today: why, and what would have to go for a job to fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from chedai.core.scheduling.day import SLOT_MINUTES, Day, Job, clock_of
from chedai.core.scheduling.plan import DayPlan, can_do
from chedai.core.scheduling.planning import Effort, plan_day
from chedai.core.scheduling.reasons import NO_LABELS

HIGHEST_WEIGHT = 1000


@dataclass(frozen=True, slots=True)
class Unserved:
    """A job the plan leaves for another day, and why."""

    job: Job
    reason: str


@dataclass(frozen=True)
class RoomProposal:
    """What fitting one job in would take.

    Parameters
    ----------
    plan
        The day with the job in it; None when nothing makes room.
    dropped
        Jobs that would go to another day.
    later
        Jobs that would begin later, with the minutes.
    """

    plan: DayPlan | None
    dropped: tuple[Job, ...] = ()
    later: tuple[tuple[Job, int], ...] = ()


def unserved(
    plan: DayPlan, day: Day, *, labels: Mapping[str, str] = NO_LABELS
) -> tuple[Unserved, ...]:
    """List what the plan leaves undone with the reason, the weightiest on top."""
    left = [job for job in day.jobs if job.id not in plan.by_job]
    left.sort(key=lambda job: (-job.drop_weight, job.due_slot, job.id))
    return tuple(Unserved(job, _why_not(job, plan, day, labels)) for job in left)


def make_room(day: Day, plan: DayPlan, job_id: str, *, effort: Effort) -> RoomProposal:
    """Say what would have to go or wait for this job to fit today."""
    must = [
        replace(job, drop_weight=HIGHEST_WEIGHT) if job.id == job_id else job for job in day.jobs
    ]
    fitted = plan_day(replace(day, jobs=tuple(must)), effort=effort, previous=plan)
    if job_id not in fitted.by_job:
        return RoomProposal(plan=None)
    fitted = replace(fitted, is_optimal=False)  # of the day asked about, not of this one
    jobs = day.job_by_id
    dropped = tuple(jobs[key] for key in plan.by_job if key not in fitted.by_job)
    later = tuple(
        (jobs[key], (new.start_slot - old.start_slot) * SLOT_MINUTES)
        for key, old in plan.by_job.items()
        if (new := fitted.by_job.get(key)) is not None and new.start_slot > old.start_slot
    )
    return RoomProposal(plan=fitted, dropped=dropped, later=later)


def _why_not(job: Job, plan: DayPlan, day: Day, labels: Mapping[str, str]) -> str:
    lock = day.locks.get(job.id)
    able = [
        one
        for one in day.advisors
        if one.working and (can_do(one, job) if lock is None else one.id == lock.advisor_id)
    ]
    if not able:
        words = (*sorted(job.skills), *filter(None, [job.language]))
        needs = "、".join(labels.get(word, word) for word in words) or "这件事"
        return f"今天上班的顾问里没有人能做{needs}，请改约到有人的日子"
    if job.adds_deal and lock is None and all(_is_at_cap(one.id, plan, day) for one in able):
        return "能接的顾问在办单子都到上限，请先结办或调高上限"
    if not job.kind.is_customer and lock is None and _share_is_used_up(job, plan, day):
        return "跟进和外勤的时间已用满，其余留给到店客户，请顺延到明天"
    begin, end = clock_of(max(job.earliest_slot, day.now_slot)), clock_of(job.latest_slot)
    names = "、".join(one.name for one in able[:3]) + ("等" if len(able) > 3 else "")
    if job.latest_slot < day.now_slot:
        return f"最晚 {end} 开始，已经过了，请改约"
    return f"{begin} 到 {end} 之间{names}排满了，排入会让别人等得更久，请改约或加人"


def _is_at_cap(advisor_id: str, plan: DayPlan, day: Day) -> bool:
    advisor, jobs = day.advisor_by_id[advisor_id], day.job_by_id
    taken = sum(jobs[placement.job_id].adds_deal for placement in plan.of_advisor(advisor_id))
    return advisor.deal_room is not None and taken >= advisor.deal_room


def _share_is_used_up(job: Job, plan: DayPlan, day: Day) -> bool:
    taken = sum(
        other.usual_slots
        for other in day.jobs
        if not other.kind.is_customer and other.id in plan.by_job and other.id not in day.locks
    )
    return taken + job.usual_slots > day.task_slots_max
