from __future__ import annotations

from datetime import date

import pytest

from chedai.core.early_warning.facts import LoanFacts, days_since


@pytest.mark.parametrize(
    ("day", "days"),
    [(date(2026, 6, 1), 29), (date(2026, 6, 30), 0), (date(2026, 7, 1), None), (None, None)],
)
def test_days_are_counted_from_a_day_that_has_come(day, days):
    assert days_since(day, LoanFacts(as_of=date(2026, 6, 30))) == days
