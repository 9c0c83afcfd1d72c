"""A plan, what it costs, and whether it keeps every hard rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from chedai.core.scheduling.day import SLOT_MINUTES, Advisor, Day, Job


@dataclass(frozen=True, slots=True)
class Placement:
    """Who does a job, and from when."""

    job_id: str
    advisor_id: str
    start_slot: int


@dataclass(frozen=True)
class DayPlan:
    """Which jobs are done by whom and when; a job without a placement is not done today.

    Parameters
    ----------
    is_optimal
        Proven: no plan of this day costs less.
    """

    placements: tuple[Placement, ...]
    is_optimal: bool = False

    @cached_property
    def by_job(self) -> dict[str, Placement]:
        """Placements by job."""
        return {placement.job_id: placement for placement in self.placements}

    def of_advisor(self, advisor_id: str) -> list[Placement]:
        """The advisor's day in order of time."""
        mine = [p for p in self.placements if p.advisor_id == advisor_id]
        return sorted(mine, key=lambda placement: placement.start_slot)


@dataclass(frozen=True, slots=True)
class PlanCost:
    """What the objective weighs, in minutes of weight one.

    Parameters
    ----------
    waiting, overtime, unserved
        Weighted; their sum is what a plan keeps small.
    waiting_minutes, overtime_minutes
        The same without weights, waiting over customers only.
    unserved_count
        Jobs left undone.
    """

    waiting: int
    overtime: int
    unserved: int
    waiting_minutes: int
    overtime_minutes: int
    unserved_count: int

    @property
    def total(self) -> int:
        """The objective."""
        return self.waiting + self.overtime + self.unserved


def cost_of(plan: DayPlan, day: Day) -> PlanCost:
    """Weigh a plan."""
    jobs, advisors = day.job_by_id, day.advisor_by_id
    waiting = waiting_minutes = 0
    late: dict[str, int] = {}
    for placement in plan.placements:
        job, advisor = jobs[placement.job_id], advisors[placement.advisor_id]
        minutes = max(0, placement.start_slot - job.due_slot) * SLOT_MINUTES
        waiting += minutes * job.wait_weight
        waiting_minutes += minutes * job.kind.is_customer
        over = placement.start_slot + job.slots_for(advisor) - advisor.shift_end_slot
        late[advisor.id] = max(late.get(advisor.id, 0), over)
    overtime_minutes = sum(late.values()) * SLOT_MINUTES
    left = [job for job in day.jobs if job.id not in plan.by_job]
    return PlanCost(
        waiting=waiting,
        overtime=overtime_minutes * day.rules.overtime_weight,
        unserved=sum(job.drop_weight for job in left) * day.rules.unserved_minutes,
        waiting_minutes=waiting_minutes,
        overtime_minutes=overtime_minutes,
        unserved_count=len(left),
    )


def violations(plan: DayPlan, day: Day) -> list[str]:
    """List every hard rule the plan breaks; a plan of ours breaks none.

    What a person locked stands above skills, hours and caps, but not above the rule that nobody
    does two things at once, and every lock is kept.
    """
    return [*_about_jobs(plan, day), *_about_advisors(plan, day), *_about_share(plan, day)]


def can_do(advisor: Advisor, job: Job) -> bool:
    """Whether skills, language and the wish for certain advisors fit."""
    return (
        job.skills <= advisor.skills
        and (not job.language or job.language in advisor.languages)
        and (not job.advisor_ids or advisor.id in job.advisor_ids)
    )


def _about_jobs(plan: DayPlan, day: Day) -> Iterator[str]:
    if len(plan.by_job) != len(plan.placements):
        yield "同一事项排了两次"
    yield from _about_locks(plan, day)
    for placement in plan.placements:
        if not _is_fixed(day, placement.job_id):
            yield from _about_placement(placement, day)


def _about_locks(plan: DayPlan, day: Day) -> Iterator[str]:
    for job_id, lock in day.locks.items():
        placement = plan.by_job.get(job_id)
        if placement is None:
            if lock.start_slot is not None:
                yield f"{job_id} 已锁定却没有排入"
        elif placement.advisor_id != lock.advisor_id:
            yield f"{job_id} 锁定给 {lock.advisor_id}，却排给 {placement.advisor_id}"
        elif lock.start_slot not in (None, placement.start_slot):
            yield f"{job_id} 锁定的时间被改"


def _about_placement(placement: Placement, day: Day) -> Iterator[str]:
    job, advisor = day.job_by_id[placement.job_id], day.advisor_by_id[placement.advisor_id]
    if job.id not in day.locks and not can_do(advisor, job):
        yield f"{advisor.name} 不会做 {job.label}"
    if not job.earliest_slot <= placement.start_slot <= job.latest_slot:
        yield f"{job.label} 不在允许的时间内"
    if placement.start_slot < day.now_slot:
        yield f"{job.label} 排在已经过去的时间"
    if not _is_at_work(advisor, job, placement.start_slot, day=day):
        yield f"{advisor.name} 在 {job.label} 的时间不上班"


def _is_at_work(advisor: Advisor, job: Job, start: int, *, day: Day) -> bool:
    end = start + job.slots_for(advisor)
    if any(start < pause.end_slot and pause.start_slot < end for pause in advisor.breaks):
        return False
    extra = day.rules.overtime_slots_max if advisor.may_run_over else 0
    return any(
        shift.start_slot <= start
        and end <= shift.end_slot + (extra if shift is advisor.working[-1] else 0)
        for shift in advisor.working
    )


def _about_advisors(plan: DayPlan, day: Day) -> Iterator[str]:
    jobs = day.job_by_id
    for advisor in day.advisors:
        mine = plan.of_advisor(advisor.id)
        for earlier, later in pairwise(mine):
            end = earlier.start_slot + jobs[earlier.job_id].slots_for(advisor)
            fixed = [_is_fixed(day, placement.job_id) for placement in (earlier, later)]
            gap = 0 if all(fixed) else day.rules.buffer_slots
            if later.start_slot < end + gap:
                yield f"{advisor.name} 的 {earlier.job_id} 与 {later.job_id} 重叠或间隔不足"
        taken = sum(
            jobs[placement.job_id].adds_deal and placement.job_id not in day.locks
            for placement in mine
        )
        room = advisor.deal_room
        locked = sum(jobs[job_id].adds_deal for job_id in _locked_to(day, advisor.id))
        if room is not None and taken > max(0, room - locked):
            yield f"{advisor.name} 超过在办上限"


def _locked_to(day: Day, advisor_id: str) -> list[str]:
    return [job_id for job_id, lock in day.locks.items() if lock.advisor_id == advisor_id]


def _is_fixed(day: Day, job_id: str) -> bool:
    lock = day.locks.get(job_id)
    return lock is not None and lock.start_slot is not None


def _about_share(plan: DayPlan, day: Day) -> Iterator[str]:
    taken = sum(
        job.usual_slots
        for job in day.jobs
        if not job.kind.is_customer and job.id in plan.by_job and job.id not in day.locks
    )
    if taken > day.task_slots_max:
        yield "跟进和外勤占用了留给到店客户的时间"
