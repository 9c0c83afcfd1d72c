"""到期一次还本付息."""

from decimal import Decimal

from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import LoanTerms


def test_interest_is_simple_and_falls_due_with_the_principal() -> None:
    terms = LoanTerms(
        method="bullet",
        principal_fen=10_000_000,
        term_months=6,
        nominal_rate_annual=Decimal("0.05"),
    )

    schedule = build_schedule(terms)

    # 100 000 x 5 % x 6 / 12 = 2 500
    assert schedule.instalment_fen == (0, 0, 0, 0, 0, 10_250_000)
    assert schedule.total_interest_fen == 250_000
