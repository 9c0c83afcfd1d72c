"""Acts on appointments: book, move, cancel, let lapse; with each its reminders."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from chedai.audit.operations import record
from chedai.reception.models import Appointment, AppointmentChange, Reminder
from chedai.reception.queries.appointments import (
    Problem,
    Wish,
    problem_with,
    rules_on,
    self_change_until,
)
from chedai.reception.queries.queue import local_day
from chedai.staff.models import User
from chedai.web.formats import SHANGHAI

if TYPE_CHECKING:
    from chedai.deals.models import Deal
    from chedai.staff.models import Store

RELEASE_REMINDER = "chedai.release_reminder"
LAPSE_APPOINTMENT = "chedai.lapse_appointment"


class AppointmentRefusedError(Exception):
    """The wished time cannot be had; ``field`` says which field the reason is about."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.field = problem.field


class AppointmentClosedError(Exception):
    """The appointment was kept, cancelled or missed: it cannot be changed any more."""


class SelfChangeOverError(Exception):
    """It is too late for the customer to change it by the link; a call still can."""


@transaction.atomic
def book_appointment(
    *,
    store: Store,
    advisor: User,
    kind: str,
    starts_at: datetime,
    call_name: str,
    form_key: UUID,
    booked_by: User | None,
    booked_at: datetime,
    deal: Deal | None = None,
) -> tuple[Appointment, bool]:
    """Keep a time for a customer; the same ``form_key`` gives the same appointment and False."""
    _diary_lock(advisor)
    held = Appointment.objects.filter(form_key=form_key).first()
    if held is not None:
        return held, False
    wish = Wish(store=store, advisor=advisor, kind=kind, starts_at=starts_at)
    _refuse_problem(wish, now=booked_at)
    appointment = Appointment.objects.create(
        organisation_id=store.organisation_id,
        store=store,
        advisor=advisor,
        deal=deal,
        kind=kind,
        call_name=call_name,
        starts_at=starts_at,
        ends_at=_end_of(wish, now=booked_at),
        form_key=form_key,
        booked_at=booked_at,
        booked_by=booked_by,
    )
    _plan_ahead(appointment, now=booked_at)
    _audit(appointment, "appointment.book", by=booked_by, at=booked_at)
    return appointment, True


@transaction.atomic
def move_appointment(
    *,
    appointment: Appointment,
    starts_at: datetime,
    reason: str,
    moved_by: User | None,
    moved_at: datetime,
    advisor: User | None = None,
) -> Appointment:
    """Move to another time, and to another advisor if one is given.

    ``moved_by`` None: the customer, who may do so until the limit of self-service.
    Refused by ``AppointmentRefusedError`` when the time cannot be had, by
    ``AppointmentClosedError`` once over, by ``SelfChangeOverError`` for a customer too late.
    """
    new_advisor = advisor or appointment.advisor
    _diary_lock(new_advisor)
    held = _open_one(appointment)
    if moved_by is None:
        _refuse_late_self_change(held, now=moved_at)
    wish = Wish(
        store=held.store, advisor=new_advisor, kind=held.kind, starts_at=starts_at, moved=held
    )
    _refuse_problem(wish, now=moved_at)
    _change(held, AppointmentChange.Kind.MOVED, reason=reason, by=moved_by, at=moved_at)
    held.advisor, held.starts_at = new_advisor, starts_at
    held.ends_at = _end_of(wish, now=moved_at)
    held.state = Appointment.State.BOOKED
    held.save(update_fields=["advisor", "starts_at", "ends_at", "state"])
    _drop_reminders(held)
    _plan_ahead(held, now=moved_at)
    _audit(held, "appointment.move", by=moved_by, at=moved_at)
    return held


@transaction.atomic
def cancel_appointment(
    *, appointment: Appointment, reason: str, cancelled_by: User | None, cancelled_at: datetime
) -> Appointment:
    """Give the time free again; doing it twice keeps the first reason.

    ``cancelled_by`` None: the customer, refused by ``SelfChangeOverError`` when too late.
    """
    if appointment.state == Appointment.State.CANCELLED:
        return appointment
    held = _open_one(appointment)
    if cancelled_by is None:
        _refuse_late_self_change(held, now=cancelled_at)
    kind = AppointmentChange.Kind.CANCELLED
    _change(held, kind, reason=reason, by=cancelled_by, at=cancelled_at)
    held.state = Appointment.State.CANCELLED
    held.save(update_fields=["state"])
    _drop_reminders(held)
    _audit(held, "appointment.cancel", by=cancelled_by, at=cancelled_at)
    return held


@transaction.atomic
def lapse_appointment(*, appointment: Appointment, now: datetime) -> bool:
    """Give the time free when nobody came within the grace; says whether it did."""
    held = Appointment.objects.select_for_update().get(pk=appointment.pk)
    grace = timedelta(minutes=rules_on(now).grace_minutes)
    if held.state != Appointment.State.BOOKED or now <= held.starts_at + grace:
        return False
    _change(held, AppointmentChange.Kind.LAPSED, reason="", by=None, at=now)
    held.state = Appointment.State.LAPSED
    held.save(update_fields=["state"])
    _drop_reminders(held)
    _audit(held, "appointment.lapse", by=None, at=now)
    return True


@transaction.atomic
def release_reminder(*, reminder: Reminder, now: datetime) -> bool:
    """Mark a reminder as to be sent when its time has come; says whether it did."""
    held = Reminder.objects.select_for_update().get(pk=reminder.pk)
    if held.state != Reminder.State.WAITING or held.due_at > now:
        return False
    held.state = Reminder.State.DUE
    held.save(update_fields=["state"])
    return True


@transaction.atomic
def mark_reminder_sent(*, reminder: Reminder, sent_by: User, sent_at: datetime) -> Reminder:
    """Note that a person sent the line; doing it twice keeps the first moment."""
    held = Reminder.objects.select_for_update().select_related("appointment").get(pk=reminder.pk)
    if held.state in {Reminder.State.SENT, Reminder.State.DROPPED}:
        return held
    held.state, held.sent_at, held.sent_by = Reminder.State.SENT, sent_at, sent_by
    held.save(update_fields=["state", "sent_at", "sent_by"])
    record(
        organisation_id=held.organisation_id,
        actor=sent_by,
        action="reminder.send",
        subject_type="appointment",
        subject_id=held.appointment_id,
        detail={"kind": held.kind},
        at=sent_at,
    )
    return held


def _diary_lock(advisor: User) -> None:
    """Make two who book the same advisor wait for each other."""
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=advisor.pk)


def _open_one(appointment: Appointment) -> Appointment:
    held = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("store", "advisor")
        .get(pk=appointment.pk)
    )
    if held.state not in {Appointment.State.BOOKED, Appointment.State.LAPSED}:
        raise AppointmentClosedError(
            f"这个预约现在是“{held.get_state_display()}”，不能再改；需要的话请重新预约"
        )
    return held


def _refuse_problem(wish: Wish, *, now: datetime) -> None:
    problem = problem_with(wish, now=now)
    if problem is not None:
        raise AppointmentRefusedError(problem)


def _refuse_late_self_change(appointment: Appointment, *, now: datetime) -> None:
    until = self_change_until(appointment, now=now)
    if now > until:
        raise SelfChangeOverError(f"自助改期到 {until:%H:%M} 为止，现在请打电话给门店")


def _end_of(wish: Wish, *, now: datetime) -> datetime:
    return wish.starts_at + timedelta(minutes=rules_on(now).slot_minutes(wish.kind))


def _change(
    appointment: Appointment,
    kind: AppointmentChange.Kind,
    *,
    reason: str,
    by: User | None,
    at: datetime,
) -> None:
    AppointmentChange.objects.create(
        organisation_id=appointment.organisation_id,
        appointment=appointment,
        kind=kind,
        stood_at=appointment.starts_at,
        reason=reason,
        recorded_at=at,
        recorded_by=by,
    )


def _drop_reminders(appointment: Appointment) -> None:
    Reminder.objects.filter(
        appointment=appointment, state__in=[Reminder.State.WAITING, Reminder.State.DUE]
    ).update(state=Reminder.State.DROPPED)


def _plan_ahead(appointment: Appointment, *, now: datetime) -> None:
    """Queue what time will bring, in the transaction of the act: reminders, and the lapse."""
    rules = rules_on(now)
    evening_before = datetime.combine(
        local_day(appointment.starts_at) - timedelta(days=1), time.min, tzinfo=SHANGHAI
    ) + timedelta(minutes=rules.reminder_evening_minutes)
    due = {
        Reminder.Kind.DAY_BEFORE: evening_before,
        Reminder.Kind.HOURS_BEFORE: appointment.starts_at
        - timedelta(minutes=rules.reminder_before_minutes),
    }
    for kind, due_at in due.items():
        if due_at <= now:
            continue
        reminder = Reminder.objects.create(
            organisation_id=appointment.organisation_id,
            appointment=appointment,
            kind=kind,
            due_at=due_at,
        )
        _defer(RELEASE_REMINDER, due_at, appointment, reminder_id=reminder.pk)
    gone_at = appointment.starts_at + timedelta(minutes=rules.grace_minutes, seconds=1)
    _defer(LAPSE_APPOINTMENT, gone_at, appointment, appointment_id=appointment.pk)


def _defer(task: str, at: datetime, appointment: Appointment, **arguments: int) -> None:
    app.configure_task(task, schedule_at=at).defer(
        organisation_id=appointment.organisation_id, **arguments
    )


def _audit(appointment: Appointment, action: str, *, by: User | None, at: datetime) -> None:
    record(
        organisation_id=appointment.organisation_id,
        actor=by,
        action=action,
        subject_type="appointment",
        subject_id=appointment.pk,
        detail={
            "starts_at": appointment.starts_at.isoformat(),
            "advisor": appointment.advisor_id,
            "store": appointment.store_id,
        },
        at=at,
    )
