from __future__ import annotations

from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.apps.reception.conftest import at, clock_time
from tests.factories import MOMENT

from chedai.audit.models import AuditEvent
from chedai.reception import tasks
from chedai.reception.models import Appointment, AppointmentChange, Reminder
from chedai.reception.operations.appointments import (
    AppointmentClosedError,
    AppointmentRefusedError,
    SelfChangeOverError,
    book_appointment,
    cancel_appointment,
    lapse_appointment,
    mark_reminder_sent,
    move_appointment,
    release_reminder,
)
from chedai.reception.operations.hours import record_absence, record_shift, set_store_day

pytestmark = pytest.mark.django_db


def test_a_new_customer_gets_forty_minutes_and_a_known_one_twenty(book):
    new, known = book(clock_time(11), kind="new"), book(clock_time(14))

    assert new.ends_at == clock_time(11, 40)
    assert known.ends_at == clock_time(14, 20)


def test_the_same_form_sent_twice_books_once(book):
    key = uuid4()

    assert book(clock_time(11), form_key=key) == book(clock_time(11), form_key=key)
    assert AuditEvent.objects.filter(action="appointment.book").count() == 1


@pytest.mark.parametrize(
    ("starts_at", "field", "said"),
    [
        (MOMENT, "at", "已经过去"),
        (at(-60), "at", "已经过去"),
        (at(29), "at", "30 分钟"),
        (clock_time(8, 50, days=1), "at", "营业时间"),
        (clock_time(17, 50), "at", "营业时间"),
        (clock_time(23, 50), "at", "零点"),
        (clock_time(11, days=15), "day", "14 天"),
    ],
)
def test_a_time_that_cannot_be_is_refused_at_its_field(book, starts_at, field, said):
    with pytest.raises(AppointmentRefusedError, match=said) as refused:
        book(starts_at)

    assert refused.value.field == field


@pytest.mark.parametrize("starts_at", [at(30), clock_time(17, 40), clock_time(11, days=14)])
def test_a_time_on_the_edge_is_kept(book, starts_at):
    assert book(starts_at).starts_at == starts_at


def test_a_closed_day_is_refused_with_its_reason(book, open_store, manager):
    set_store_day(
        store=open_store,
        day=clock_time(0, days=2).date(),
        opens=None,
        closes=None,
        reason="盘点",
        recorded_by=manager,
        recorded_at=at(0),
    )

    with pytest.raises(AppointmentRefusedError, match="盘点") as refused:
        book(clock_time(11, days=2))
    assert refused.value.field == "day"


def test_ten_minutes_are_kept_between_two_appointments(book):
    book(clock_time(11))

    for minute in (-29, 0, 29):
        with pytest.raises(AppointmentRefusedError, match="已有预约"):
            book(clock_time(11) + timedelta(minutes=minute))
    assert book(clock_time(11, 30))
    assert book(clock_time(10, 30))


def test_the_database_refuses_two_customers_at_once_whatever_the_code_says(book, open_store):
    held = book(clock_time(11))

    with pytest.raises(IntegrityError, match="appointment_one_at_a_time"), transaction.atomic():
        Appointment.objects.create(
            organisation_id=held.organisation_id,
            store=open_store,
            advisor=held.advisor,
            kind="new",
            starts_at=clock_time(11, 10),
            ends_at=clock_time(11, 50),
            form_key=uuid4(),
            booked_at=MOMENT,
        )


def test_the_ninth_appointment_of_a_day_is_refused(book):
    for hour in range(11, 15):
        book(clock_time(hour))
        book(clock_time(hour, 30))

    with pytest.raises(AppointmentRefusedError, match="最多 8 个"):
        book(clock_time(16))


def test_outside_of_a_shift_or_while_away_nobody_can_be_booked(book, open_store, advisor, manager):
    day = clock_time(0, days=1).date()
    written = {"recorded_by": manager, "recorded_at": at(0)}
    record_shift(
        store=open_store, advisor=advisor, day=day, starts=time(9), ends=time(13), **written
    )
    record_absence(
        advisor=advisor,
        kind="training",
        starts_at=clock_time(10, days=1),
        ends_at=clock_time(11, days=1),
        **written,
    )

    for hour in (10, 14):
        with pytest.raises(AppointmentRefusedError, match="不在班") as refused:
            book(clock_time(hour, days=1))
        assert refused.value.field == "advisor"
    assert book(clock_time(11, days=1))


def test_moving_frees_the_old_time_and_keeps_where_it_stood(book, front_desk):
    appointment = book(clock_time(14))
    moved = move_appointment(
        appointment=appointment,
        starts_at=clock_time(14, 10),
        reason="客户堵车",
        moved_by=front_desk,
        moved_at=at(5),
    )

    assert (moved.starts_at, moved.ends_at) == (clock_time(14, 10), clock_time(14, 30))
    change = AppointmentChange.objects.get(appointment=appointment)
    assert (change.kind, change.stood_at, change.reason) == ("moved", clock_time(14), "客户堵车")


def test_the_customer_may_move_until_an_hour_before(book):
    appointment = book(clock_time(14))

    moved = move_appointment(
        appointment=appointment,
        starts_at=clock_time(15),
        reason="",
        moved_by=None,
        moved_at=clock_time(13),
    )
    with pytest.raises(SelfChangeOverError, match="14:00"):
        move_appointment(
            appointment=moved,
            starts_at=clock_time(16),
            reason="",
            moved_by=None,
            moved_at=clock_time(14, 1),
        )
    with pytest.raises(SelfChangeOverError):
        cancel_appointment(
            appointment=moved, reason="", cancelled_by=None, cancelled_at=clock_time(14, 1)
        )


def test_a_cancelled_appointment_frees_its_time_and_stays_cancelled(book, front_desk):
    appointment = book(clock_time(14))
    for reason in ("不买了", "又说一遍"):
        cancel_appointment(
            appointment=Appointment.objects.get(pk=appointment.pk),
            reason=reason,
            cancelled_by=front_desk,
            cancelled_at=at(5),
        )

    assert AppointmentChange.objects.get(appointment=appointment).reason == "不买了"
    assert book(clock_time(14))
    with pytest.raises(AppointmentClosedError, match="已取消"):
        move_appointment(
            appointment=appointment,
            starts_at=clock_time(15),
            reason="x",
            moved_by=front_desk,
            moved_at=at(6),
        )


@pytest.mark.parametrize(("late", "lapsed"), [(0, False), (15, False), (15.1, True)])
def test_nobody_came_within_the_grace_and_the_time_is_free(book, late, lapsed):
    appointment = book(clock_time(11))
    now = clock_time(11) + timedelta(minutes=late)

    assert lapse_appointment(appointment=appointment, now=now) is lapsed
    appointment.refresh_from_db()
    assert appointment.state == ("lapsed" if lapsed else "booked")


# --- What time brings ------------------------------------------------------------------------


def test_reminders_and_the_lapse_are_queued_with_the_appointment(book):
    appointment = book(clock_time(11, days=1))

    due = dict(Reminder.objects.values_list("kind", "due_at"))
    jobs = ProcrastinateJob.objects.values_list("task_name", "scheduled_at").order_by("id")
    assert due == {"day_before": clock_time(18), "hours_before": clock_time(9, days=1)}
    assert list(jobs) == [
        ("chedai.release_reminder", clock_time(18)),
        ("chedai.release_reminder", clock_time(9, days=1)),
        ("chedai.lapse_appointment", clock_time(11, 15, days=1) + timedelta(seconds=1)),
    ]
    arguments = ProcrastinateJob.objects.latest("id").args
    assert arguments == {
        "organisation_id": appointment.organisation_id,
        "appointment_id": appointment.pk,
    }


def test_a_reminder_whose_time_is_over_is_not_written(book):
    book(clock_time(11))

    assert not Reminder.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_no_job_is_left_when_the_booking_is_rolled_back(open_store, advisor, front_desk):
    with transaction.atomic():
        book_appointment(
            store=open_store,
            advisor=advisor,
            kind="new",
            starts_at=clock_time(11, days=1),
            call_name="",
            form_key=uuid4(),
            booked_by=front_desk,
            booked_at=MOMENT,
        )
        transaction.set_rollback(True)

    assert not ProcrastinateJob.objects.exists()
    assert not Reminder.objects.exists()


def test_moving_drops_the_old_reminders_and_writes_new_ones(book, front_desk):
    appointment = book(clock_time(11, days=1))
    move_appointment(
        appointment=appointment,
        starts_at=clock_time(11, days=3),
        reason="x",
        moved_by=front_desk,
        moved_at=at(5),
    )

    states = Reminder.objects.order_by("id").values_list("state", "due_at")
    assert list(states) == [
        ("dropped", clock_time(18)),
        ("dropped", clock_time(9, days=1)),
        ("waiting", clock_time(18, days=2)),
        ("waiting", clock_time(9, days=3)),
    ]


def test_a_reminder_is_due_at_its_time_and_sent_once(book, front_desk):
    book(clock_time(11, days=1))
    reminder = Reminder.objects.get(kind="day_before")

    assert not release_reminder(reminder=reminder, now=clock_time(17, 59))
    assert release_reminder(reminder=reminder, now=clock_time(18))
    for minute in (5, 9):
        mark_reminder_sent(reminder=reminder, sent_by=front_desk, sent_at=clock_time(18, minute))

    reminder.refresh_from_db()
    assert (reminder.state, reminder.sent_at) == ("sent", clock_time(18, 5))


def test_the_jobs_do_what_time_brings(book, settings, open_store):
    appointment = book(clock_time(11, days=1))
    reminder = Reminder.objects.get(kind="day_before")
    organisation_id = appointment.organisation_id
    settings.CHEDAI_CLOCK_FIXED_AT = clock_time(11, 20, days=1).isoformat()

    assert tasks.release_reminder(organisation_id=organisation_id, reminder_id=reminder.pk)
    assert tasks.lapse_appointment(organisation_id=organisation_id, appointment_id=appointment.pk)
    assert not tasks.lapse_appointment(
        organisation_id=organisation_id, appointment_id=appointment.pk
    )
    assert not tasks.release_reminder(organisation_id=organisation_id, reminder_id=0)
    assert connection.is_usable()
