"""One Chinese sentence for each assignment: why this advisor, why this time."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from chedai.core.scheduling.day import SLOT_MINUTES, Advisor, Day, Job, JobKind, clock_of
from chedai.core.scheduling.plan import DayPlan, Placement, can_do

NO_LABELS: Final[Mapping[str, str]] = MappingProxyType({})


def reason_of(
    placement: Placement, plan: DayPlan, day: Day, *, labels: Mapping[str, str] = NO_LABELS
) -> str:
    """Say why this advisor and why this time.

    Parameters
    ----------
    labels
        What skills and languages are called; one that is not there is shown as it is.
    """
    job = day.job_by_id[placement.job_id]
    advisor = day.advisor_by_id[placement.advisor_id]
    who = _why_advisor(job, advisor, placement, plan, day, labels)
    return f"{who}；{_why_time(job, advisor, placement, plan, day)}。"


def _why_advisor(
    job: Job,
    advisor: Advisor,
    placement: Placement,
    plan: DayPlan,
    day: Day,
    labels: Mapping[str, str],
) -> str:
    lock = day.locks.get(job.id)
    if lock is not None:
        return f"{advisor.name}已经开始" if lock.is_started else f"由人指定给{advisor.name}"
    able = [one for one in day.advisors if one.working and can_do(one, job)]
    others = [one for one in able if one.id != advisor.id]
    needs = "、".join(
        labels.get(word, word) for word in (*sorted(job.skills), *filter(None, [job.language]))
    )
    if not others:
        return f"只有{advisor.name}能做{needs or '这件事'}"
    free = [one for one in others if _is_free(one, job, placement.start_slot, plan, day)]
    skilled = f"会{needs}的顾问里，" if needs else ""
    if not free:
        return f"{skilled}{clock_of(placement.start_slot)} 只有{advisor.name}有空"
    if all(advisor.pace_percent < one.pace_percent for one in free):
        return f"{skilled}{advisor.name}做这件事最快"
    mine = len(plan.of_advisor(advisor.id))
    if all(mine <= len(plan.of_advisor(one.id)) for one in free):
        return f"{skilled}{advisor.name}今天的安排最少"
    return f"{skilled}交给{advisor.name}，全店等待最短"


def _is_free(advisor: Advisor, job: Job, start: int, plan: DayPlan, day: Day) -> bool:
    """Whether the advisor could do the job at that time with all else as planned."""
    end = start + job.slots_for(advisor)
    if not any(
        shift.start_slot <= start and end <= shift.end_slot for shift in advisor.working
    ) or any(start < pause.end_slot and pause.start_slot < end for pause in advisor.breaks):
        return False
    buffer, jobs = day.rules.buffer_slots, day.job_by_id
    mine = plan.of_advisor(advisor.id)
    taken = sum(jobs[placement.job_id].adds_deal for placement in mine)
    if job.adds_deal and advisor.deal_room is not None and taken >= advisor.deal_room:
        return False
    return all(
        end + buffer <= other.start_slot
        or other.start_slot + jobs[other.job_id].slots_for(advisor) + buffer <= start
        for other in mine
    )


def _why_time(job: Job, advisor: Advisor, placement: Placement, plan: DayPlan, day: Day) -> str:
    start = placement.start_slot
    lock = day.locks.get(job.id)
    if lock is not None and lock.start_slot is not None:
        return f"从 {clock_of(start)} 起" if lock.is_started else f"时间 {clock_of(start)} 已锁定"
    if not job.kind.is_customer:
        return (
            f"{clock_of(start)} 没有客户等他，不占客户时间"
            if start == job.earliest_slot
            else f"{clock_of(start)} 是接待客户的间隙"
        )
    waits = (start - job.due_slot) * SLOT_MINUTES
    if waits <= 0:
        is_booked = job.kind is JobKind.APPOINTMENT
        return f"按预约 {clock_of(start)} 准点开始" if is_booked else "到店即接待"
    cause = _what_is_before(advisor, start, plan, day)
    return f"{clock_of(start)} 开始，等 {waits} 分钟，{cause}"


def _what_is_before(advisor: Advisor, start: int, plan: DayPlan, day: Day) -> str:
    """Say what keeps the advisor until the start."""
    jobs = day.job_by_id
    for placement in reversed(plan.of_advisor(advisor.id)):
        job = jobs[placement.job_id]
        end = placement.start_slot + job.slots_for(advisor)
        if placement.start_slot < start and end + day.rules.buffer_slots >= start:
            return f"因为{advisor.name}到 {clock_of(end)} 在做“{job.label}”"
    for pause in advisor.breaks:
        if pause.end_slot == start:
            return f"因为{advisor.name}休息到 {clock_of(start)}"
    if any(shift.start_slot == start for shift in advisor.working):
        return f"因为{advisor.name} {clock_of(start)} 才上班"
    if start == day.now_slot:
        return "现在就能开始"
    return "先让等得更急的客户"
