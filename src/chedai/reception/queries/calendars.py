"""An advisor's appointments as other programs read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar import Calendar, Event

from chedai.reception.models import Appointment
from chedai.reception.queries.appointments import HELD
from chedai.staff.models import User

DAYS_BACK: Final = 7
DAYS_AHEAD: Final = 60


def calendar_of(advisor: User, *, now: datetime) -> bytes:
    """Write the feed: times, what for, and the initial of the call name; nobody's name.

    Programs keep what they fetched, and others look over a shoulder.
    """
    feed = Calendar()
    feed.add("prodid", "-//Chedai//Appointments//ZH")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", "接待预约")
    rows = Appointment.objects.filter(
        advisor=advisor,
        state__in=HELD,
        starts_at__gte=now - timedelta(days=DAYS_BACK),
        starts_at__lt=now + timedelta(days=DAYS_AHEAD),
    ).select_related("store")
    for row in rows.order_by("starts_at"):
        feed.add_component(_event(row, now=now))
    written: bytes = feed.to_ical()
    return written


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
