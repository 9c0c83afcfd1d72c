"""Due dates, holidays, day counts."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chedai.core.dates import (
    DAY_COUNTS,
    DueDateRule,
    NoWorkingDayError,
    add_months,
    due_dates,
    shift_for_holidays,
)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 11, 23), 1, date(2026, 12, 23)),
        (date(2026, 11, 23), 2, date(2027, 1, 23)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_the_day_wanted_comes_back_after_a_short_month() -> None:
    days = due_dates(date(2026, 1, 31), 4)

    assert days == (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30))


def test_the_last_of_36_instalments_first_due_in_december_2026_falls_in_november_2029() -> None:
    assert due_dates(date(2026, 12, 10), 36)[-1] == date(2029, 11, 10)


FIXED = {"due_day": "fixed_day"}


@pytest.mark.parametrize(
    ("rule", "disbursed_on", "first_due_on"),
    [
        (DueDateRule(), date(2026, 1, 31), date(2026, 2, 28)),
        (DueDateRule(due_day="month_end"), date(2026, 11, 23), date(2026, 12, 31)),
        (
            DueDateRule(due_day="month_end", odd_first_period="short"),
            date(2026, 11, 23),
            date(2026, 11, 30),
        ),
        (DueDateRule(**FIXED, day_of_month=10), date(2026, 11, 23), date(2027, 1, 10)),
        (
            DueDateRule(**FIXED, day_of_month=10, odd_first_period="short"),
            date(2026, 11, 23),
            date(2026, 12, 10),
        ),
        (DueDateRule(**FIXED, day_of_month=25), date(2026, 11, 23), date(2026, 12, 25)),
        (
            DueDateRule(**FIXED, day_of_month=25, odd_first_period="short"),
            date(2026, 11, 23),
            date(2026, 11, 25),
        ),
        # Exactly a month: neither short nor long.
        (DueDateRule(**FIXED, day_of_month=23), date(2026, 11, 23), date(2026, 12, 23)),
        (
            DueDateRule(**FIXED, day_of_month=23, odd_first_period="short"),
            date(2026, 11, 23),
            date(2026, 12, 23),
        ),
        # Disbursed on the month's last day: nothing falls due on the day itself.
        (
            DueDateRule(due_day="month_end", odd_first_period="short"),
            date(2026, 1, 31),
            date(2026, 2, 28),
        ),
        (
            DueDateRule(due_day="month_end", odd_first_period="short"),
            date(2026, 2, 28),
            date(2026, 3, 31),
        ),
    ],
)
def test_the_first_due_date_follows_the_rule(
    rule: DueDateRule, disbursed_on: date, first_due_on: date
) -> None:
    assert rule.first_due_on(disbursed_on) == first_due_on


@given(
    st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1)),
    st.integers(1, 31),
    st.sampled_from(["short", "long"]),
)
def test_the_first_period_is_never_empty_nor_longer_than_two_months(
    disbursed_on: date, day_of_month: int, odd: str
) -> None:
    rule = DueDateRule(due_day="fixed_day", day_of_month=day_of_month, odd_first_period=odd)

    first_due_on = rule.first_due_on(disbursed_on)

    assert disbursed_on < first_due_on <= add_months(disbursed_on, 2, anchor_day=31)
    assert len(set(rule.due_dates(disbursed_on, 24))) == 24
    assert rule.regular_from(disbursed_on) < first_due_on


@pytest.mark.parametrize("kwargs", [FIXED, {"day_of_month": 5}, {**FIXED, "day_of_month": 32}])
def test_a_rule_that_names_no_day_is_refused(kwargs: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="固定还款日"):
        DueDateRule(**kwargs)


def test_a_holiday_moves_only_the_day_of_payment() -> None:
    holidays = {date(2026, 10, day) for day in range(1, 9)}
    due_on = due_dates(date(2026, 9, 1), 3)

    paid_on = [shift_for_holidays(day, lambda day: day not in holidays) for day in due_on]

    assert paid_on == [date(2026, 9, 1), date(2026, 10, 9), date(2026, 11, 1)]


def test_a_calendar_without_working_days_is_an_error() -> None:
    with pytest.raises(NoWorkingDayError, match="没有工作日"):
        shift_for_holidays(date(2026, 10, 1), lambda _day: False)


@pytest.mark.parametrize(
    ("name", "start", "end", "days", "basis"),
    [
        ("ACT/365", date(2026, 1, 1), date(2027, 1, 1), 365, 365),
        ("ACT/365", date(2028, 2, 28), date(2028, 3, 1), 2, 365),
        ("ACT/360", date(2026, 1, 1), date(2026, 1, 31), 30, 360),
        ("30/360", date(2026, 1, 31), date(2026, 3, 31), 60, 360),
        ("30/360", date(2026, 2, 28), date(2026, 3, 28), 30, 360),
    ],
)
def test_a_day_count_is_days_over_its_basis(
    name: str, start: date, end: date, days: int, basis: int
) -> None:
    assert DAY_COUNTS[name](start, end) == Decimal(days) / basis
