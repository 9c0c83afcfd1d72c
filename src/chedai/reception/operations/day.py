"""Plan a store's day and decide over it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from chedai.audit.operations import record
from chedai.core.scheduling.baselines import first_come_first_served
from chedai.core.scheduling.day import Day, DayInputError, Lock
from chedai.core.scheduling.plan import DayPlan, cost_of
from chedai.core.scheduling.planning import plan_day, replanning_effort
from chedai.core.scheduling.reasons import reason_of
from chedai.core.scheduling.room import RoomProposal, make_room, unserved
from chedai.reception.models import (
    PlanLock,
    PlannedJob,
    StoreDayPlan,
)
from chedai.reception.queries.day_inputs import (
    SKILL_LABELS,
    StoreDay,
    store_day,
    without_overlaps,
)
from chedai.reception.queries.day_jobs import moment_of, slot_at
from chedai.reception.queries.day_plans import day_plan_of, is_stale, plan_in_force
from chedai.staff.models import Store, User

REASON_MAX = 200


class DayConflictError(ValueError):
    """What was decided cannot be: past, twice at once, or somebody who is not there."""


@transaction.atomic
def plan_store_day(
    *,
    store: Store,
    on: date,
    cause: StoreDayPlan.Cause,
    made_by: User | None,
    made_at: datetime,
) -> StoreDayPlan | None:
    """Plan the day anew and keep it as the next version.

    Two at once wait for each other. Nothing is written when nothing has changed, or when there is
    nothing to plan and never was.

    Returns
    -------
    StoreDayPlan or None
        The version in force afterwards.
    """
    Store.objects.select_for_update(no_key=True).get(pk=store.pk)
    day = store_day(store, on=on, now=made_at)
    version = plan_in_force(store, on=on)
    if not is_stale(version, day):
        return version
    before = day_plan_of(version)
    plan = plan_day(day.day, effort=replanning_effort(len(day.day.jobs)), previous=before)
    return _keep(day, plan, cause=cause, made_by=made_by, made_at=made_at, before=version)


@transaction.atomic
def lock_job(
    *,
    store: Store,
    on: date,
    job_key: str,
    advisor_id: int,
    starts_at: datetime | None,
    locked_by: User,
    locked_at: datetime,
) -> StoreDayPlan | None:
    """Fix who does a job, and when if ``starts_at`` is given, and plan the rest around it.

    Refused with ``DayConflictError`` when the job or the advisor is not part of the day, the job is
    under way, the time has passed, or the advisor is fixed to something else at that time.
    """
    Store.objects.select_for_update(no_key=True).get(pk=store.pk)
    day = store_day(store, on=on, now=locked_at)
    _refuse_lock(day, job_key, advisor_id, starts_at)
    held = PlanLock.objects.filter(store=store, day=on, job_key=job_key, released_at__isnull=True)
    held.update(released_at=locked_at, released_by=locked_by)
    PlanLock.objects.create(
        organisation_id=store.organisation_id,
        store=store,
        day=on,
        job_key=job_key,
        advisor_id=advisor_id,
        starts_at=starts_at,
        locked_at=locked_at,
        locked_by=locked_by,
    )
    record(
        organisation_id=store.organisation_id,
        actor=locked_by,
        action="day_job.lock",
        subject_type="day_job",
        subject_id=f"{store.code} {on} {job_key}",
        after={"advisor": advisor_id, "starts_at": starts_at},
        at=locked_at,
    )
    return plan_store_day(
        store=store,
        on=on,
        cause=StoreDayPlan.Cause.LOCK,
        made_by=locked_by,
        made_at=locked_at,
    )


@transaction.atomic
def release_job(
    *, store: Store, on: date, job_key: str, released_by: User, released_at: datetime
) -> StoreDayPlan | None:
    """Let the plan decide over a job again; what is not locked stays as it is."""
    held = PlanLock.objects.filter(store=store, day=on, job_key=job_key, released_at__isnull=True)
    if held.update(released_at=released_at, released_by=released_by):
        record(
            organisation_id=store.organisation_id,
            actor=released_by,
            action="day_job.release",
            subject_type="day_job",
            subject_id=f"{store.code} {on} {job_key}",
            at=released_at,
        )
    return plan_store_day(
        store=store,
        on=on,
        cause=StoreDayPlan.Cause.LOCK,
        made_by=released_by,
        made_at=released_at,
    )


def room_for(
    *, store: Store, on: date, job_key: str, now: datetime
) -> tuple[StoreDay, RoomProposal]:
    """Work out what would have to go or wait for a job to fit today; nothing is written.

    Raises
    ------
    DayConflictError
        The job is not part of the day.
    """
    day = store_day(store, on=on, now=now)
    if job_key not in day.day.job_by_id:
        msg = "这一项已经不在今天的安排里，请刷新后再看"
        raise DayConflictError(msg)
    plan = day_plan_of(plan_in_force(store, on=on))
    known = tuple(placed for placed in plan.placements if placed.job_id in day.day.job_by_id)
    effort = replanning_effort(len(day.day.jobs))
    return day, make_room(day.day, DayPlan(known), job_key, effort=effort)


def _refuse_lock(day: StoreDay, job_key: str, advisor_id: int, starts_at: datetime | None) -> None:
    job = day.day.job_by_id.get(job_key)
    advisor = day.day.advisor_by_id.get(str(advisor_id))
    if job is None:
        raise DayConflictError("这一项已经不在今天的安排里，请刷新后再看")
    if advisor is None:
        raise DayConflictError("这位顾问今天没有班，请换一位")
    if (held := day.day.locks.get(job_key)) is not None and held.is_started:
        raise DayConflictError("这一项已经开始，不能再改人或改时间")
    slot = None if starts_at is None else slot_at(starts_at)
    if slot is not None and slot < day.day.now_slot:
        raise DayConflictError("这个时间已经过了，请选现在以后的时间")
    locks = {**day.day.locks, job_key: Lock(str(advisor_id), slot)}
    try:
        fixed = replace(day.day, locks=locks)
    except DayInputError as error:
        raise DayConflictError(str(error)) from error
    # Nothing of a person's may give way unasked.
    assert without_overlaps(locks, jobs=fixed.jobs, advisors=fixed.advisors) == locks


def _keep(
    day: StoreDay,
    plan: DayPlan,
    *,
    cause: StoreDayPlan.Cause,
    made_by: User | None,
    made_at: datetime,
    before: StoreDayPlan | None,
) -> StoreDayPlan:
    cost, in_order = cost_of(plan, day.day), cost_of(first_come_first_served(day.day), day.day)
    latest = StoreDayPlan.objects.filter(store=day.store, day=day.on).aggregate(n=Max("number"))
    version = StoreDayPlan.objects.create(
        organisation_id=day.store.organisation_id,
        store=day.store,
        day=day.on,
        number=(latest["n"] or 0) + 1,
        cause=cause,
        inputs_digest=day.digest,
        is_optimal=plan.is_optimal,
        waiting_minutes=cost.waiting_minutes,
        overtime_minutes=cost.overtime_minutes,
        cost=cost.total,
        cost_in_order_of_arrival=in_order.total,
        unserved=[
            {"key": row.job.id, "label": row.job.label, "kind": row.job.kind, "reason": row.reason}
            for row in unserved(plan, day.day, labels=SKILL_LABELS)
        ],
        made_at=made_at,
        made_by=made_by,
    )
    PlannedJob.objects.bulk_create(_lines(version, plan, day.day, on=day.on))
    record(
        organisation_id=day.store.organisation_id,
        actor=made_by,
        action="day.plan",
        subject_type="store_day",
        subject_id=f"{day.store.code} {day.on} v{version.number}",
        before=None if before is None else before.inputs_digest,
        after={placed.job_id: [placed.advisor_id, placed.start_slot] for placed in plan.placements},
        detail={"cause": str(cause), "cost": cost.total, "is_optimal": plan.is_optimal},
        at=made_at,
    )
    return version


def _lines(version: StoreDayPlan, plan: DayPlan, day: Day, *, on: date) -> list[PlannedJob]:
    lines = []
    for placed in plan.placements:
        job, advisor = day.job_by_id[placed.job_id], day.advisor_by_id[placed.advisor_id]
        starts_at = moment_of(placed.start_slot, on=on)
        lock = day.locks.get(job.id)
        lines.append(
            PlannedJob(
                organisation_id=version.organisation_id,
                plan=version,
                job_key=job.id,
                kind=job.kind,
                label=job.label[:60],
                advisor_id=int(advisor.id),
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=5 * job.slots_for(advisor)),
                reason=reason_of(placed, plan, day, labels=SKILL_LABELS)[:REASON_MAX],
                is_locked=lock is not None and not lock.is_started,
                is_started=lock is not None and lock.is_started,
            )
        )
    return lines
