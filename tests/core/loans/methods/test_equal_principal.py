"""等额本金."""

from decimal import Decimal

from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import LoanTerms


def test_six_percent_over_three_years_falls_from_3277_78_to_2791_67() -> None:
    terms = LoanTerms(
        method="equal_principal",
        principal_fen=10_000_000,
        term_months=36,
        nominal_rate_annual=Decimal("0.06"),
    )

    schedule = build_schedule(terms)

    assert schedule.instalment_fen[0] == 327_778
    # 2777.78 + 13.89; the last principal part is 8 fen smaller, as 36 x 2777.78 exceeds 100 000.
    assert schedule.instalment_fen[-1] == 279_159
    # Closed form 500 x 37 / 2 = 9250.00; rounding each month moves it by a few fen.
    assert abs(schedule.total_interest_fen - 925_000) <= 18


def test_57_fen_over_84_months_are_gone_after_57() -> None:
    terms = LoanTerms(
        method="equal_principal",
        principal_fen=57,
        term_months=84,
        nominal_rate_annual=Decimal("0.06"),
    )

    schedule = build_schedule(terms)

    assert schedule.principal_fen == (1,) * 57 + (0,) * 27
