from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.apps.reception.conftest import at, clock_time

from chedai.reception.operations.queue import (
    call_next,
    finish_service,
    miss_call,
    return_to_queue,
    start_service,
)
from chedai.reception.queries.queue import (
    board_of,
    calibration_of,
    policy_on,
    service_times,
    waited_today,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def serve(take, open_store, advisor):
    """Take a number at a minute, call and serve it for so many minutes."""

    def through(came: float, *, called: float, minutes: float):
        take(came)
        ticket = call_next(store=open_store, advisor=advisor, called_at=at(called))
        start_service(ticket=ticket, started_by=advisor, started_at=at(called))
        finish_service(ticket=ticket, finished_by=advisor, finished_at=at(called + minutes))
        return ticket

    return through


def test_service_times_lean_on_the_stores_own(serve, open_store):
    serve(0, called=0, minutes=19)

    times = service_times(open_store, now=at(60), policy=policy_on(at(60)))

    # (10 × 30 + 19) / 11
    assert times.observed_count == 1
    assert times.mean_minutes == pytest.approx(29)


def test_times_of_long_ago_are_forgotten(serve, open_store):
    serve(0, called=0, minutes=19)
    much_later = at(0) + timedelta(days=91)

    times = service_times(open_store, now=much_later, policy=policy_on(much_later))

    assert times.observed_count == 0


def test_what_was_told_is_compared_with_what_came(serve, open_store):
    assert calibration_of(open_store, now=at(0)) is None
    # Told 0–0 with an idle advisor: called at once, and after a quarter of an hour.
    serve(0, called=0, minutes=10)
    serve(20, called=35, minutes=10)

    measured = calibration_of(open_store, now=at(60))

    assert measured is not None
    assert (measured.count, measured.within_high) == (2, 0.5)
    assert measured.mean_overrun_minutes == pytest.approx(7.5)
    assert waited_today(open_store, now=at(60)) == [0, 15]


def test_who_came_back_after_a_missed_call_is_not_measured(take, open_store, advisor):
    take()
    ticket = call_next(store=open_store, advisor=advisor, called_at=at(5))
    miss_call(ticket=ticket, missed_by=advisor, missed_at=at(6))
    return_to_queue(ticket=ticket, returned_by=None, returned_at=at(30))
    call_next(store=open_store, advisor=advisor, called_at=at(31))

    assert calibration_of(open_store, now=at(60)) is None


def test_the_board_counts_appointments_that_are_about_to_come(take, book, open_store, advisor):
    take()
    book(clock_time(10, 30))
    soon, later = board_of(open_store, now=at(5)), board_of(open_store, now=at(-30))

    assert (soon.coming_count, later.coming_count) == (1, 0)
    assert soon.newcomer is not None
    assert soon.newcomer.people_ahead == 2


def test_the_board_asks_the_database_as_often_for_twenty_as_for_two(take, open_store, advisor):
    for minute in range(2):
        take(minute)
    with CaptureQueriesContext(connection) as for_two:
        board_of(open_store, now=at(30))
    for minute in range(2, 20):
        take(minute)
    with CaptureQueriesContext(connection) as for_twenty:
        board_of(open_store, now=at(30))

    assert len(for_twenty) == len(for_two)
