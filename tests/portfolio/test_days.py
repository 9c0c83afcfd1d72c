from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chedai.portfolio.days import (
    day_number,
    day_of,
    month_end,
    month_number,
    previous_month_end,
    whole_months,
)
from chedai.portfolio.kernel.facts import civil, months_between

DAYS = st.dates(date(1900, 1, 1), date(2999, 12, 31))


@settings(deadline=None)
@given(day=DAYS)
def test_a_day_is_its_number_and_back(day):
    assert day_of(day_number(day)) == day
    assert day_number(day + timedelta(days=1)) == day_number(day) + 1


@settings(deadline=None)
@given(day=DAYS)
def test_the_compiled_calendar_is_the_calendar(day):
    assert civil(day_number(day)) == (month_number(day), day.day)


@settings(deadline=None)
@given(start=DAYS, end=DAYS)
def test_compiled_months_are_the_plain_ones(start, end):
    assert months_between(day_number(start), day_number(end)) == whole_months(start, end)


@pytest.mark.parametrize(
    ("day", "end", "previous"),
    [
        (date(2026, 2, 1), date(2026, 2, 28), date(2026, 1, 31)),
        (date(2028, 2, 29), date(2028, 2, 29), date(2028, 1, 31)),
        (date(2026, 1, 31), date(2026, 1, 31), date(2025, 12, 31)),
        (date(2026, 12, 31), date(2026, 12, 31), date(2026, 11, 30)),
    ],
)
def test_months_end_on_their_last_day(day, end, previous):
    assert month_end(day) == end
    assert previous_month_end(day) == previous


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 5, 13), date(2026, 11, 12), 5),
        (date(2026, 5, 13), date(2026, 11, 13), 6),
        (date(2026, 8, 31), date(2027, 2, 28), 5),
        (date(2026, 8, 31), date(2027, 3, 1), 6),
        (date(2026, 5, 13), date(2026, 5, 12), -1),
    ],
)
def test_a_month_is_complete_on_its_day_or_on_the_day_after_its_last(start, end, months):
    assert whole_months(start, end) == months
