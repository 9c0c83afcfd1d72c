"""A store on a Monday: two advisors from nine to six, customers and tasks as asked for."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from tests.factories import MOMENT

from chedai.reception.models import Absence, Appointment, DayTask, Shift, Ticket
from chedai.staff.models import Store, User

ON = MOMENT.date()
_numbers = count(1)


def at(clock: str) -> datetime:
    """Give a moment of the day: ``at("09:30")``."""
    return datetime.combine(ON, time.fromisoformat(clock), tzinfo=MOMENT.tzinfo)


def make_shift(advisor: User, *, begins: str = "09:00", ends: str = "18:00") -> Shift:
    return Shift.objects.create(
        organisation_id=advisor.organisation_id,
        store=advisor.store,
        advisor=advisor,
        day=ON,
        starts_at=at(begins),
        ends_at=at(ends),
        recorded_at=MOMENT,
        recorded_by=advisor,
    )


def make_appointment(advisor: User, clock: str, *, minutes: int = 40, **fields: Any) -> Appointment:
    return Appointment.objects.create(
        **{
            "organisation_id": advisor.organisation_id,
            "store": advisor.store,
            "advisor": advisor,
            "kind": "new",
            "call_name": "周女士",
            "starts_at": at(clock),
            "ends_at": at(clock) + timedelta(minutes=minutes),
            "form_key": uuid4(),
            "booked_at": MOMENT,
            "booked_by": advisor,
        }
        | fields
    )


def make_ticket(store: Store, clock: str = "09:50", **fields: Any) -> Ticket:
    return Ticket.objects.create(
        **{
            "organisation_id": store.organisation_id,
            "store": store,
            "day": ON,
            "number": next(_numbers),
            "call_name": "李先生",
            "issued_at": at(clock),
            "queued_at": at(clock),
            "form_key": uuid4(),
        }
        | fields
    )


def make_task(store: Store, by: User, **fields: Any) -> DayTask:
    return DayTask.objects.create(
        **{
            "organisation_id": store.organisation_id,
            "store": store,
            "kind": "follow_up",
            "label": "回访贷款进度",
            "day": ON,
            "opens": time(9),
            "closes": time(18),
            "service_minutes": 20,
            "form_key": uuid4(),
            "recorded_at": MOMENT,
            "recorded_by": by,
        }
        | fields
    )


def make_absence(advisor: User, begins: str, ends: str, *, kind: str = "meal") -> Absence:
    return Absence.objects.create(
        organisation_id=advisor.organisation_id,
        advisor=advisor,
        kind=kind,
        starts_at=at(begins),
        ends_at=at(ends),
        recorded_at=MOMENT,
        recorded_by=advisor,
    )
