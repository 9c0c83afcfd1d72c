"""The announced calendar, against days one can look up."""

from __future__ import annotations

from datetime import date

import pytest

from chedai.policy.holidays import announced_days, announced_years


@pytest.mark.parametrize(
    ("day", "is_workday", "label"),
    [
        (date(2026, 10, 1), False, "国庆节"),
        (date(2026, 10, 4), False, "国庆节"),  # a Sunday within the holiday
        (date(2026, 10, 10), True, "国庆节调休上班"),
        (date(2026, 2, 14), True, "春节调休上班"),
    ],
)
def test_holidays_and_worked_weekends_are_known(day, is_workday, label):
    found = announced_days()[day]

    assert (found.is_workday, found.label) == (is_workday, label)


def test_the_year_after_the_latest_announcement_is_not_known():
    assert 2026 in announced_years()
    assert 2027 not in announced_years()
    assert not any(day.year == 2027 for day in announced_days())
