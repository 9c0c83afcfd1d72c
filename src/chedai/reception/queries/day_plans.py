"""The plan in force and what the pages show of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import QuerySet

from chedai.core.scheduling.day import SLOT_MINUTES, Advisor, JobKind, clock_of
from chedai.core.scheduling.plan import DayPlan, Placement
from chedai.reception.models import PlannedJob, StoreDayPlan
from chedai.reception.queries.day_inputs import StoreDay
from chedai.reception.queries.day_jobs import slot_at
from chedai.staff.models import Store, User
from chedai.staff.roles import Reach
from chedai.staff.scope import reach_of

KIND_LABELS: Final = {
    JobKind.APPOINTMENT: "预约",
    JobKind.WALK_IN: "到店",
    JobKind.FOLLOW_UP: "跟进",
    JobKind.ERRAND: "外出",
}
EDGE_SLOTS: Final = 6
"""Half an hour of margin above and below the grid."""


@dataclass(frozen=True)
class Block:
    """One line of the grid: a job, a break, or nothing planned."""

    key: str
    kind: str
    label: str
    start: str
    end: str
    start_slot: int
    row: int
    rows: int
    reason: str
    is_locked: bool
    is_started: bool
    advisor_id: str


@dataclass(frozen=True)
class Column:
    """One advisor's day."""

    advisor_id: str
    name: str
    blocks: tuple[Block, ...]
    breaks: tuple[Block, ...]
    planned_minutes: int
    working_minutes: int
    deal_room: int | None

    @property
    def load_percent(self) -> int:
        """How much of the working time is planned."""
        return (
            round(100 * self.planned_minutes / self.working_minutes) if self.working_minutes else 0
        )


@dataclass(frozen=True)
class Grid:
    """The day of the advisors shown, as rows of five minutes."""

    columns: tuple[Column, ...]
    hours: tuple[tuple[str, int], ...]
    row_count: int
    now_row: int | None


def stores_of(user: User) -> QuerySet[Store]:
    """Give the stores whose day the user may see."""
    reach = reach_of(user)
    if reach is Reach.NONE:
        return Store.objects.none()
    stores = Store.objects.order_by("pk")
    return stores if reach is Reach.ORGANISATION else stores.filter(users=user)


def store_for(user: User, *, code: str = "") -> Store | None:
    """Give the store the page is about: the one asked for, else the user's own, else any."""
    stores = stores_of(user)
    if code:
        return stores.filter(code=code).first()
    return stores.filter(users=user).first() or stores.first()


def plan_in_force(store: Store, *, on: date) -> StoreDayPlan | None:
    """Give the latest version of the day's plan."""
    return (
        StoreDayPlan.objects.filter(store=store, day=on)
        .select_related("made_by")
        .order_by("-number")
        .first()
    )


def day_plan_of(version: StoreDayPlan | None) -> DayPlan:
    """Read a stored version as the planner wrote it; none is the empty plan."""
    if version is None:
        return DayPlan(())
    rows = PlannedJob.objects.filter(plan=version).order_by("starts_at", "job_key")
    return DayPlan(
        tuple(Placement(row.job_key, str(row.advisor_id), slot_at(row.starts_at)) for row in rows),
        is_optimal=version.is_optimal,
    )


def is_stale(version: StoreDayPlan | None, day: StoreDay) -> bool:
    """Whether the plan was made from something else than what holds now."""
    if version is None:
        return bool(day.day.jobs)
    return version.inputs_digest != day.digest or day.is_overtaken(day_plan_of(version))


def grid_of(
    version: StoreDayPlan | None, day: StoreDay, *, now: datetime, only: str | None = None
) -> Grid:
    """Lay the plan out, for everybody or for one advisor."""
    advisors = [one for one in day.day.advisors if only in (None, one.id)]
    jobs = [] if version is None else list(PlannedJob.objects.filter(plan=version))
    edges = [(shift.start_slot, shift.end_slot) for one in advisors for shift in one.working]
    edges += [(slot_at(job.starts_at), _end_slot(job)) for job in jobs]
    begin = max(0, min((start for start, _ in edges), default=108) // 12 * 12)
    end = min(288, -(-max((stop for _, stop in edges), default=216) // 12) * 12)
    columns = tuple(_column(one, jobs, begin=begin) for one in advisors)
    is_today = day.on == now.date()
    now_row = slot_at(now) - begin + 1
    return Grid(
        columns=columns,
        hours=tuple((clock_of(slot), slot - begin + 1) for slot in range(begin, end, 12)),
        row_count=end - begin,
        now_row=now_row if is_today and 1 <= now_row <= end - begin else None,
    )


def _end_slot(job: PlannedJob) -> int:
    minutes = round((job.ends_at - job.starts_at).total_seconds() / 60)
    return slot_at(job.starts_at) + minutes // SLOT_MINUTES


def _column(advisor: Advisor, jobs: list[PlannedJob], *, begin: int) -> Column:
    mine = [job for job in jobs if str(job.advisor_id) == advisor.id]
    mine.sort(key=lambda job: job.starts_at)
    blocks = tuple(_block(job, begin=begin) for job in mine)
    breaks = tuple(
        Block(
            key="",
            kind="不在",
            label="休息或不在店",
            start=clock_of(pause.start_slot),
            end=clock_of(pause.end_slot % 288),
            start_slot=pause.start_slot,
            row=max(1, pause.start_slot - begin + 1),
            rows=max(1, pause.end_slot - max(begin, pause.start_slot)),
            reason="",
            is_locked=False,
            is_started=False,
            advisor_id=advisor.id,
        )
        for pause in advisor.breaks
        if pause.end_slot > begin
        and any(
            pause.start_slot < shift.end_slot and shift.start_slot < pause.end_slot
            for shift in advisor.working
        )
    )
    return Column(
        advisor_id=advisor.id,
        name=advisor.name,
        blocks=blocks,
        breaks=breaks,
        planned_minutes=sum(block.rows for block in blocks) * SLOT_MINUTES,
        working_minutes=working_minutes(advisor),
        deal_room=advisor.deal_room,
    )


def _block(job: PlannedJob, *, begin: int) -> Block:
    start, end = slot_at(job.starts_at), _end_slot(job)
    return Block(
        key=job.job_key,
        kind=KIND_LABELS[JobKind(job.kind)],
        label=job.label,
        start=clock_of(start),
        end=clock_of(end),
        start_slot=start,
        row=start - begin + 1,
        rows=max(1, end - start),
        reason=job.reason,
        is_locked=job.is_locked,
        is_started=job.is_started,
        advisor_id=str(job.advisor_id),
    )


def working_minutes(advisor: Advisor) -> int:
    """Give the minutes of the advisor's shifts less breaks."""
    busy = sum(
        max(0, min(pause.end_slot, shift.end_slot) - max(pause.start_slot, shift.start_slot))
        for pause in advisor.breaks
        for shift in advisor.working
    )
    whole = sum(shift.end_slot - shift.start_slot for shift in advisor.working)
    return (whole - busy) * SLOT_MINUTES
