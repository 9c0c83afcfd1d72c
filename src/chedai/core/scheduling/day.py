"""What a day is planned from: advisors, jobs, what people decided, and the rules.

Time is counted in slots of five minutes from midnight: slot 108 is 09:00. A slot number is a
moment; an interval runs from its start up to, not including, its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import Final

SLOT_MINUTES: Final = 5
SLOTS_PER_DAY: Final = 24 * 60 // SLOT_MINUTES
NORMAL_PACE_PERCENT: Final = 100


class DayInputError(ValueError):
    """The day contradicts itself; nothing was planned. The message says where."""


class JobKind(StrEnum):
    """What the time is for."""

    APPOINTMENT = "appointment"
    WALK_IN = "walk_in"
    FOLLOW_UP = "follow_up"
    ERRAND = "errand"

    @property
    def is_customer(self) -> bool:
        """Whether somebody waits in the store."""
        return self in (JobKind.APPOINTMENT, JobKind.WALK_IN)


@dataclass(frozen=True, slots=True)
class Interval:
    """From ``start_slot`` up to, not including, ``end_slot``."""

    start_slot: int
    end_slot: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_slot < self.end_slot <= SLOTS_PER_DAY:
            raise DayInputError(f"时段 {self.start_slot}–{self.end_slot} 不在一天之内或首尾颠倒")


@dataclass(frozen=True, slots=True)
class Advisor:
    """One advisor on this day.

    Parameters
    ----------
    working
        Shifts, in order and apart; empty when the advisor is away.
    breaks
        No work may touch them, overtime included.
    pace_percent
        Time needed in percent of the usual time: 120 takes a fifth longer.
    deal_room
        Further deals the advisor may take before the cap on work in progress; None is no cap.
    may_run_over
        Whether the latest shift may end in overtime.
    """

    id: str
    name: str
    working: tuple[Interval, ...]
    breaks: tuple[Interval, ...] = ()
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    pace_percent: int = NORMAL_PACE_PERCENT
    deal_room: int | None = None
    may_run_over: bool = True

    def __post_init__(self) -> None:
        if not 10 <= self.pace_percent <= 1000:
            raise DayInputError(f"{self.name}的速度 {self.pace_percent}% 不在 10% 与 1000% 之间")
        if self.deal_room is not None and self.deal_room < 0:
            raise DayInputError(f"{self.name}的在办余量不能为负")
        ends = [0, *(shift.end_slot for shift in self.working)]
        if any(shift.start_slot < end for shift, end in zip(self.working, ends, strict=False)):
            raise DayInputError(f"{self.name}的班次互相重叠或次序颠倒")

    @property
    def shift_end_slot(self) -> int:
        """Where overtime begins; 0 when away."""
        return self.working[-1].end_slot if self.working else 0


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to be done today, without interruption, by one advisor.

    Parameters
    ----------
    due_slot
        From here on somebody waits: arrival of a walk-in, time of an appointment.
    earliest_slot, latest_slot
        The start lies between the two, both included; waiting counts from ``due_slot`` all the
        same.
    wait_weight
        What a minute of waiting costs; 0 for work nobody waits for.
    drop_weight
        What leaving the job undone today costs, in units of ``DayRules.unserved_minutes``.
    service_minutes
        At normal pace; ``travel_minutes`` there and back is not changed by the pace.
    adds_deal
        Whether the job needs room under the advisor's cap on work in progress.
    """

    id: str
    kind: JobKind
    label: str
    due_slot: int
    earliest_slot: int
    latest_slot: int
    service_minutes: int
    wait_weight: int
    drop_weight: int
    skills: frozenset[str] = frozenset()
    language: str = ""
    travel_minutes: int = 0
    adds_deal: bool = False
    advisor_ids: frozenset[str] = frozenset()
    """Empty: whoever can."""

    def __post_init__(self) -> None:
        if not 0 <= self.due_slot <= self.earliest_slot <= self.latest_slot < SLOTS_PER_DAY:
            raise DayInputError(f"{self.label}的时间次序不对：应为到时≤最早≤最晚，且在当天之内")
        if not 1 <= self.service_minutes <= 720 or not 0 <= self.travel_minutes <= 720:
            raise DayInputError(f"{self.label}的时长须在 1 到 720 分钟之间，路程不超过 720 分钟")
        if not 0 <= self.wait_weight <= 1000 or not 0 <= self.drop_weight <= 1000:
            raise DayInputError(f"{self.label}的权重须在 0 到 1000 之间")

    def slots_for(self, advisor: Advisor) -> int:
        """Time the advisor is taken up, rounded up to whole slots."""
        minutes = -(-self.service_minutes * advisor.pace_percent // 100) + self.travel_minutes
        return -(-minutes // SLOT_MINUTES)

    @property
    def usual_slots(self) -> int:
        """Time taken up at normal pace."""
        return -(-(self.service_minutes + self.travel_minutes) // SLOT_MINUTES)


@dataclass(frozen=True, slots=True)
class Lock:
    """A person's decision, or what has begun: above skills, hours and caps, never two at once.

    Parameters
    ----------
    start_slot
        None leaves the time to the plan.
    is_started
        The job is under way; it is nobody's to move.
    """

    advisor_id: str
    start_slot: int | None = None
    is_started: bool = False


@dataclass(frozen=True, slots=True)
class DayRules:
    """Numbers of policy that a plan obeys; the caller takes them from the policy book.

    Parameters
    ----------
    buffer_minutes
        Between two jobs of one advisor.
    walk_in_share
        Part of the store's working time that follow-ups and errands may not fill, together with
        the appointments.
    unserved_minutes
        Minutes of waiting that leaving one unit of weight undone is worth.
    overtime_weight
        What a minute of overtime costs.
    overtime_minutes_max
        How far beyond the end of the shift a plan may reach.
    """

    buffer_minutes: int
    walk_in_share: Decimal
    unserved_minutes: int
    overtime_weight: int
    overtime_minutes_max: int

    @property
    def buffer_slots(self) -> int:
        """The buffer in whole slots, rounded up."""
        return -(-self.buffer_minutes // SLOT_MINUTES)

    @property
    def overtime_slots_max(self) -> int:
        """The overtime in whole slots, rounded down."""
        return self.overtime_minutes_max // SLOT_MINUTES


@dataclass(frozen=True)
class Day:
    """Everything a plan of one store's day depends on.

    Parameters
    ----------
    now_slot
        Nothing that is not under way starts before it.
    locks
        By job.
    """

    advisors: tuple[Advisor, ...]
    jobs: tuple[Job, ...]
    rules: DayRules
    now_slot: int = 0
    locks: Mapping[str, Lock] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        for what, ids in (("顾问", self.advisor_by_id), ("事项", self.job_by_id)):
            rows = self.advisors if what == "顾问" else self.jobs
            if len(ids) != len(rows):
                raise DayInputError(f"同一天里有编号相同的{what}")
        for job_id, lock in self.locks.items():
            if job_id not in self.job_by_id or lock.advisor_id not in self.advisor_by_id:
                raise DayInputError(f"锁定的事项 {job_id} 或顾问 {lock.advisor_id} 不在这一天里")
        _refuse_overlaps(self)

    @cached_property
    def advisor_by_id(self) -> dict[str, Advisor]:
        """The advisors."""
        return {advisor.id: advisor for advisor in self.advisors}

    @cached_property
    def job_by_id(self) -> dict[str, Job]:
        """The jobs."""
        return {job.id: job for job in self.jobs}

    @cached_property
    def task_slots_max(self) -> int:
        """Time that follow-ups and errands nobody locked may still take up, at normal pace."""
        capacity = sum(
            _working_slots(advisor, from_slot=self.now_slot) for advisor in self.advisors
        )
        planned = sum(job.usual_slots for job in self.jobs if self._is_promised(job))
        return max(0, int(capacity * (1 - self.rules.walk_in_share)) - planned)

    def _is_promised(self, job: Job) -> bool:
        """Whether the job, not begun yet, takes from the time for tasks before any task does."""
        lock = self.locks.get(job.id)
        if lock is not None:
            return not lock.is_started and job.kind is not JobKind.WALK_IN
        return job.kind is JobKind.APPOINTMENT

    def with_changes(self, **changes: object) -> Day:
        """Return the day with some fields replaced."""
        return replace(self, **changes)  # type: ignore[arg-type]


def slot_of(minutes_of_day: int) -> int:
    """Return the slot in which a minute of the day lies."""
    return minutes_of_day // SLOT_MINUTES


def clock_of(slot: int) -> str:
    """Write a slot as the clock shows it: 108 is 09:00."""
    hours, minutes = divmod(slot * SLOT_MINUTES, 60)
    return f"{hours:02d}:{minutes:02d}"


def _working_slots(advisor: Advisor, *, from_slot: int) -> int:
    def length(interval: Interval) -> int:
        return max(0, interval.end_slot - max(interval.start_slot, from_slot))

    def overlap(pause: Interval) -> int:
        return sum(
            max(
                0,
                min(pause.end_slot, shift.end_slot)
                - max(pause.start_slot, shift.start_slot, from_slot),
            )
            for shift in advisor.working
        )

    return sum(map(length, advisor.working)) - sum(map(overlap, advisor.breaks))


def _refuse_overlaps(day: Day) -> None:
    jobs, advisors = day.job_by_id, day.advisor_by_id
    taken: dict[str, list[tuple[int, int, str]]] = {}
    for job_id, lock in day.locks.items():
        if lock.start_slot is not None:
            job = jobs[job_id]
            end = lock.start_slot + job.slots_for(advisors[lock.advisor_id])
            taken.setdefault(lock.advisor_id, []).append((lock.start_slot, end, job.label))
    for advisor_id, rows in taken.items():
        rows.sort()
        for (_, end, earlier), (start, _, later) in pairwise(rows):
            if start < end:
                name = advisors[advisor_id].name
                raise DayInputError(
                    f"{name}的“{earlier}”到 {clock_of(end)} 才结束，"
                    f"不能同时从 {clock_of(start)} 起做“{later}”；请改时间或解锁其中一项"
                )
