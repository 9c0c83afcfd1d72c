"""Deadlines on the Chinese working calendar, worked out by hand."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from chedai.core.process.definition import Deadline, Span
from chedai.core.process.working_time import (
    NoWorkingTimeError,
    WorkingCalendar,
    due_after,
    due_by,
    working_minutes,
)
from chedai.policy.holidays import announced_days, announced_years

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkingCalendar(
    workdays={day: found.is_workday for day, found in announced_days().items()},
    holidays=frozenset(day for day, found in announced_days().items() if not found.is_workday),
    announced_years=announced_years(),
)
MON_TO_FRI = ((time(9), time(18)),) * 5 + (None, None)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("since", "hours", "due"),
    [
        ("2026-11-23 10:00", 4, "2026-11-23 14:00"),
        ("2026-11-23 15:00", 3, "2026-11-23 18:00"),  # exactly at closing time
        ("2026-11-23 15:01", 3, "2026-11-24 09:01"),  # one minute beyond
        ("2026-11-23 07:00", 1, "2026-11-23 10:00"),  # before the doors open
        ("2026-11-23 20:00", 1, "2026-11-24 10:00"),
        ("2026-09-30 17:00", 2, "2026-10-08 10:00"),  # over the National Day week
    ],
)
def test_working_hours_run_while_the_store_is_open(since, hours, due):
    found = due_after(Span(amount=hours, unit="working_hours"), since=at(since), calendar=CALENDAR)

    assert (found.at, found.is_provisional) == (at(due), False)


@pytest.mark.parametrize(
    ("since", "days", "due"),
    [
        ("2026-11-23 10:00", 1, "2026-11-24 18:00"),
        ("2026-11-27 10:00", 1, "2026-11-30 18:00"),  # Friday to Monday
        ("2026-09-30 10:00", 1, "2026-10-08 18:00"),  # first workday after the holiday
        ("2026-10-09 10:00", 1, "2026-10-10 18:00"),  # Saturday 10 October is worked
        ("2026-02-13 10:00", 1, "2026-02-14 18:00"),  # so is 14 February, before Spring Festival
    ],
)
def test_working_days_follow_the_announced_calendar(since, days, due):
    found = due_after(Span(amount=days, unit="working_days"), since=at(since), calendar=CALENDAR)

    assert found.at == at(due)


def registration(**changes):
    fields = {"ends_at": time(17), "source_id": "civil-code", "clause": "第四百一十六条"}
    return Deadline(span=Span(amount=10, unit="natural_days"), **(fields | changes))


@pytest.mark.parametrize(
    ("delivered", "due"),
    [
        ("2026-11-23 16:00", "2026-12-03 17:00"),  # the day of delivery does not count
        ("2026-11-25 09:00", "2026-12-07 17:00"),  # the tenth day is a Saturday: on to Monday
        ("2026-11-26 09:00", "2026-12-07 17:00"),  # a Sunday
        ("2026-11-27 09:00", "2026-12-07 17:00"),  # the Monday itself
        ("2026-09-21 09:00", "2026-10-08 17:00"),  # 1 October: on to the day after the holiday
    ],
)
def test_the_ten_days_for_registration_end_on_the_law_s_own_day(delivered, due):
    found = due_by(registration(), since=at(delivered), calendar=CALENDAR)

    assert (found.at, found.is_provisional) == (at(due), False)


def test_a_house_deadline_in_natural_days_is_not_lengthened():
    house = registration(source_id="", clause="")

    assert due_by(house, since=at("2026-11-25 09:00"), calendar=CALENDAR).at == at(
        "2026-12-05 17:00"
    )


def test_a_year_nobody_announced_is_monday_to_friday_and_says_so():
    # 10 days from 23 December 2026 end on Saturday 2 January 2027, which may be a holiday.
    found = due_by(registration(), since=at("2026-12-23 10:00"), calendar=CALENDAR)
    days = due_after(Span(amount=1, unit="working_days"), since=at("2026-12-31 10:00"),
                     calendar=CALENDAR)  # fmt: skip

    assert (found.at, found.is_provisional) == (at("2027-01-02 17:00"), True)
    assert (days.at, days.is_provisional) == (at("2027-01-01 18:00"), True)


def test_entering_the_year_makes_the_deadline_certain():
    known = WorkingCalendar(
        workdays={date(2027, 1, 1): False},
        holidays=frozenset({date(2027, 1, 1)}),
        announced_years=frozenset({2026, 2027}),
    )

    found = due_after(Span(amount=1, unit="working_days"), since=at("2026-12-31 10:00"),
                      calendar=known)  # fmt: skip

    assert (found.at, found.is_provisional) == (at("2027-01-04 18:00"), False)


def test_a_store_may_open_on_a_holiday_and_close_on_a_workday():
    calendar = WorkingCalendar(
        holidays=frozenset({date(2026, 10, 1)}),
        announced_years=frozenset({2026}),
        store_hours={date(2026, 10, 1): (time(10), time(16)), date(2026, 10, 2): None},
    )

    assert calendar.hours_on(date(2026, 10, 1)) == (time(10), time(16))
    assert calendar.hours_on(date(2026, 10, 2)) is None
    assert calendar.hours_on(date(2026, 10, 3)) == (time(9), time(18))


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-23 10:00", "2026-11-23 11:30", 90),
        ("2026-11-23 17:00", "2026-11-24 10:00", 120),
        ("2026-11-23 19:00", "2026-11-23 21:00", 0),
        ("2026-09-30 17:00", "2026-10-08 10:00", 120),
    ],
)
def test_minutes_worked_leave_out_the_hours_the_store_is_closed(start, end, minutes):
    assert working_minutes(at(start), at(end), calendar=CALENDAR) == minutes


@pytest.mark.parametrize("unit", ["working_hours", "working_days"])
def test_a_calendar_without_working_time_is_refused(unit):
    never = WorkingCalendar(
        weekly_hours=(None,) * 7,
        workdays={date.fromordinal(date(2026, 1, 1).toordinal() + n): False for n in range(900)},
    )

    with pytest.raises(NoWorkingTimeError, match="天内没有"):
        due_after(Span(amount=1, unit=unit), since=at("2026-11-23 10:00"), calendar=never)


def test_a_store_that_closes_on_weekends_works_on_from_monday():
    calendar = WorkingCalendar(weekly_hours=MON_TO_FRI, announced_years=frozenset({2026}))

    found = due_after(Span(amount=2, unit="working_hours"), since=at("2026-11-27 17:00"),
                      calendar=calendar)  # fmt: skip

    assert found.at == at("2026-11-30 10:00")
