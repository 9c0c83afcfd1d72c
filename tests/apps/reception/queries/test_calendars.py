"""The feed of an advisor holds the deadlines of their own tasks, and nobody's name."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar
from tests.factories import MOMENT

from chedai.deals.models import TaskOccurrence
from chedai.reception.queries.calendars import calendar_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from chedai.reception.models import NeedVersion
    from chedai.staff.models import User

pytestmark = pytest.mark.django_db


def events_of(person: User) -> list[Any]:
    feed: Any = Calendar.from_ical(calendar_of(person, now=MOMENT))
    return list(feed.walk("VEVENT"))


def test_a_deadline_is_a_quarter_of_an_hour_that_ends_with_it(
    visit: Callable[..., NeedVersion], advisor: User
) -> None:
    deal = visit().deal

    (event,) = events_of(advisor)

    assert event["summary"] == f"期限：复述需求，客户确认 {deal.number}（等我方）"
    assert event.decoded("dtend") == MOMENT + timedelta(hours=2)
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=15)
    assert "陈先生" not in event.to_ical().decode()


def test_the_law_s_own_day_and_a_provisional_one_are_said(
    visit: Callable[..., NeedVersion], advisor: User
) -> None:
    deal = visit().deal
    TaskOccurrence.objects.filter(deal=deal, state="open").update(
        statutory_due_at=MOMENT + timedelta(days=10), is_due_provisional=True
    )

    (event,) = events_of(advisor)

    assert "法定期限 2026-12-03 10:00" in event["description"]
    assert "还没有公布的放假安排" in event["description"]


def test_what_is_done_and_what_belongs_to_others_is_not_in_it(
    visit: Callable[..., NeedVersion], advisor: User, manager: User
) -> None:
    visit()

    assert events_of(manager) == []
    TaskOccurrence.objects.filter(owner=advisor).update(owner=manager)
    assert events_of(advisor) == []
    assert len(events_of(manager)) == 1
