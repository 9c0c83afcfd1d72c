"""What a day is made of: tasks, what an advisor can do, and who is away."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from chedai.audit.operations import record
from chedai.reception.models import Absence, AdvisorProfile, DayTask, StoreDayPlan
from chedai.reception.operations.day import DayConflictError, plan_store_day
from chedai.reception.operations.hours import record_absence
from chedai.staff.models import Store, User


@transaction.atomic
def add_task(
    *,
    store: Store,
    on: date,
    kind: str,
    label: str,
    opens: time,
    closes: time,
    service_minutes: int,
    travel_minutes: int,
    advisor: User | None,
    form_key: UUID,
    recorded_by: User,
    recorded_at: datetime,
) -> DayTask:
    """Add a follow-up or an errand to a day, and plan it in; the same form sent twice adds one."""
    task, is_new = DayTask.objects.get_or_create(
        organisation_id=store.organisation_id,
        form_key=form_key,
        defaults={
            "store": store,
            "day": on,
            "kind": kind,
            "label": label,
            "opens": opens,
            "closes": closes,
            "service_minutes": service_minutes,
            "travel_minutes": travel_minutes,
            "advisor": advisor,
            "recorded_by": recorded_by,
            "recorded_at": recorded_at,
        },
    )
    if is_new:
        _record_task("day_task.add", task, by=recorded_by, at=recorded_at)
        plan_store_day(
            store=store,
            on=on,
            cause=StoreDayPlan.Cause.TASK,
            made_by=recorded_by,
            made_at=recorded_at,
        )
    return task


@transaction.atomic
def finish_task(*, task: DayTask, done_by: User, done_at: datetime) -> None:
    """Note that a task is done; a second time changes nothing."""
    finished = DayTask.objects.filter(pk=task.pk, done_at__isnull=True)
    if finished.update(done_at=done_at, done_by=done_by):
        _record_task("day_task.finish", task, by=done_by, at=done_at)
        plan_store_day(
            store=task.store,
            on=task.day,
            cause=StoreDayPlan.Cause.TASK,
            made_by=done_by,
            made_at=done_at,
        )


@transaction.atomic
def put_off_task(*, task: DayTask, until: date, moved_by: User, moved_at: datetime) -> None:
    """Move an open task to a later day.

    Raises
    ------
    DayConflictError
        The task is done, or the day is not later.
    """
    held = DayTask.objects.select_for_update().get(pk=task.pk)
    if held.done_at is not None or until <= held.day:
        msg = "只能把还没做完的事项顺延到后面的日子"
        raise DayConflictError(msg)
    from_day = held.day
    DayTask.objects.filter(pk=task.pk).update(day=until)
    _record_task("day_task.put_off", task, by=moved_by, at=moved_at)
    plan_store_day(
        store=held.store,
        on=from_day,
        cause=StoreDayPlan.Cause.TASK,
        made_by=moved_by,
        made_at=moved_at,
    )


@transaction.atomic
def set_profile(
    *,
    advisor: User,
    skills: list[str],
    pace_percent: int,
    open_deals_max: int | None,
    recorded_by: User,
    recorded_at: datetime,
) -> AdvisorProfile:
    """Say what an advisor can do, how fast, and how many open deals are the most."""
    profile, _ = AdvisorProfile.objects.update_or_create(
        advisor=advisor,
        defaults={
            "organisation_id": advisor.organisation_id,
            "skills": sorted(skills),
            "pace_percent": pace_percent,
            "open_deals_max": open_deals_max,
            "recorded_by": recorded_by,
            "recorded_at": recorded_at,
        },
    )
    record(
        organisation_id=advisor.organisation_id,
        actor=recorded_by,
        action="advisor_profile.set",
        subject_type="user",
        subject_id=advisor.username,
        after={"skills": sorted(skills), "pace": pace_percent, "deals_max": open_deals_max},
        at=recorded_at,
    )
    return profile


@transaction.atomic
def note_absence(
    *,
    advisor: User,
    store: Store,
    kind: str,
    starts_at: datetime,
    ends_at: datetime,
    recorded_by: User,
    recorded_at: datetime,
) -> Absence:
    """Note that an advisor is away, and give what was planned with them to others.

    Raises
    ------
    DayConflictError
        The stretch ends before it begins, or lies wholly in the past.
    """
    if ends_at <= starts_at or ends_at <= recorded_at:
        msg = "请假结束时间要晚于开始时间，也要晚于现在"
        raise DayConflictError(msg)
    absence = record_absence(
        advisor=advisor,
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        recorded_by=recorded_by,
        recorded_at=recorded_at,
    )
    plan_store_day(
        store=store,
        on=starts_at.date(),
        cause=StoreDayPlan.Cause.ABSENCE,
        made_by=recorded_by,
        made_at=recorded_at,
    )
    return absence


def _record_task(action: str, task: DayTask, *, by: User, at: datetime) -> None:
    record(
        organisation_id=task.organisation_id,
        actor=by,
        action=action,
        subject_type="day_task",
        subject_id=task.pk,
        after={"day": task.day, "kind": task.kind, "minutes": task.service_minutes},
        at=at,
    )
