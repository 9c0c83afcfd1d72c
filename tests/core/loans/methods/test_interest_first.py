"""先息后本."""

from decimal import Decimal

from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import LoanTerms


def terms_of(interest_only_months: int) -> LoanTerms:
    return LoanTerms(
        method="interest_first",
        principal_fen=10_000_000,
        term_months=12,
        nominal_rate_annual=Decimal("0.06"),
        interest_only_months=interest_only_months,
    )


def test_interest_alone_is_paid_and_the_principal_with_the_last() -> None:
    assert build_schedule(terms_of(0)).instalment_fen == (50_000,) * 11 + (10_050_000,)
    assert build_schedule(terms_of(12)) == build_schedule(terms_of(0))


def test_after_the_interest_only_months_the_rest_is_an_equal_instalment() -> None:
    schedule = build_schedule(terms_of(6))

    # 100 000 x 0.005 / (1 - 1.005^-6) = 16 959.55
    assert schedule.instalment_fen[:6] == (50_000,) * 6
    assert schedule.instalment_fen[6:11] == (1_695_955,) * 5
    assert schedule.outstanding_principal_fen[5] == 10_000_000
