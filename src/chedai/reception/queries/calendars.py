"""An advisor's appointments, and the deadlines of their tasks, as other programs read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar import Calendar, Event

from chedai.core.process.definition import MOVE_LABELS
from chedai.deals.models import TaskOccurrence
from chedai.deals.queries.pipeline import deadlines_of
from chedai.reception.models import Appointment
from chedai.reception.queries.appointments import HELD
from chedai.staff.models import User
from chedai.web.formats import moment

DAYS_BACK: Final = 7
DAYS_AHEAD: Final = 60
DEADLINE_SHOWN: Final = timedelta(minutes=15)


def calendar_of(advisor: User, *, now: datetime) -> bytes:
    """Write the feed: times, what for, and the initial of the call name; nobody's name.

    Programs keep what they fetched, and others look over a shoulder.
    """
    feed = Calendar()
    feed.add("prodid", "-//Chedai//Appointments//ZH")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", "接待预约与流程期限")
    rows = Appointment.objects.filter(
        advisor=advisor,
        state__in=HELD,
        starts_at__gte=now - timedelta(days=DAYS_BACK),
        starts_at__lt=now + timedelta(days=DAYS_AHEAD),
    ).select_related("store")
    for row in rows.order_by("starts_at"):
        feed.add_component(_event(row, now=now))
    for task in deadlines_of(advisor, until=now + timedelta(days=DAYS_AHEAD)):
        feed.add_component(_deadline(task, now=now))
    written: bytes = feed.to_ical()
    return written


def _deadline(task: TaskOccurrence, *, now: datetime) -> Event:
    """A quarter of an hour that ends with the deadline; the law's own day is said with it."""
    event = Event()
    event.add("uid", f"task-{task.organisation_id}-{task.pk}@chedai")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", (task.due_at - DEADLINE_SHOWN).astimezone(UTC))
    event.add("dtend", task.due_at.astimezone(UTC))
    event.add("summary", f"期限：{task.label} {task.deal.number}（{MOVE_LABELS[task.move]}）")
    said = "按还没有公布的放假安排推算。" if task.is_due_provisional else ""
    if task.statutory_due_at is not None:
        said += f"法定期限 {moment(task.statutory_due_at)}。"
    if said:
        event.add("description", said)
    return event


def _event(row: Appointment, *, now: datetime) -> Event:
    event = Event()
    initial = f" {row.call_name[0]}某" if row.call_name else ""
    event.add("uid", f"appointment-{row.organisation_id}-{row.pk}@chedai")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", row.starts_at.astimezone(UTC))
    event.add("dtend", row.ends_at.astimezone(UTC))
    event.add("summary", f"{row.get_kind_display()}{initial}")
    event.add("location", row.store.name)
    return event
