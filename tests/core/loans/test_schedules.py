"""Schedules against published and recomputed numbers."""

from decimal import Decimal

from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import LoanTerms


def test_equal_instalment_of_six_percent_over_three_years_is_3042_yuan_19() -> None:
    terms = LoanTerms(
        method="equal_instalment",
        principal_fen=10_000_000,
        term_months=36,
        nominal_rate_annual=Decimal("0.06"),
    )

    schedule = build_schedule(terms)

    assert schedule.instalment_fen[:35] == (304_219,) * 35
    assert sum(schedule.principal_fen) == 10_000_000
    assert schedule.outstanding_principal_fen[-1] == 0
