"""A store that is open, two advisors of it, and short ways to a number and an appointment."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from tests.factories import MOMENT, SHANGHAI

from chedai.reception.models import Appointment, Ticket
from chedai.reception.operations.appointments import book_appointment
from chedai.reception.operations.hours import set_store_hours
from chedai.reception.operations.queue import issue_ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from chedai.staff.models import Organisation, Store, User

WEEK = dict.fromkeys(range(7), (time(9), time(18)))


def at(minutes: float) -> datetime:
    """A moment so many minutes after the test's own, a Monday at ten."""
    return MOMENT + timedelta(minutes=minutes)


def clock_time(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    return datetime(2026, 11, 23, hour, minute, tzinfo=SHANGHAI) + timedelta(days=days)


@pytest.fixture
def open_store(acting: Organisation, store: Store, manager: User) -> Store:
    set_store_hours(store=store, hours=WEEK, set_by=manager, set_at=at(-600))
    return store


@pytest.fixture
def colleague(user_with: Callable[..., User]) -> User:
    return user_with("advisor")


@pytest.fixture
def take(open_store: Store, front_desk: User) -> Callable[..., Ticket]:
    """Give a number at the desk."""

    def issue(minutes: float = 0, **fields: Any) -> Ticket:
        defaults = {"call_name": "", "is_assisted": False, "form_key": uuid4()}
        return issue_ticket(
            store=open_store,
            issued_by=front_desk,
            issued_at=at(minutes),
            **{**defaults, **fields},
        )

    return issue


@pytest.fixture
def book(open_store: Store, advisor: User, front_desk: User) -> Callable[..., Appointment]:
    """Book an appointment; fields as of ``book_appointment``."""

    def make(starts_at: datetime, **fields: Any) -> Appointment:
        defaults = {
            "store": open_store,
            "advisor": advisor,
            "kind": "revisit",
            "call_name": "陈先生",
            "form_key": uuid4(),
            "booked_by": front_desk,
            "booked_at": MOMENT,
        }
        made, _ = book_appointment(starts_at=starts_at, **{**defaults, **fields})
        return made

    return make
