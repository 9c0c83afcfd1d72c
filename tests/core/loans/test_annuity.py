"""The exact equal instalment."""

from decimal import Decimal

import pytest

from chedai.core.loans.annuity import amortise, annuity_fraction, instalment_of
from chedai.core.loans.terms import LoanTerms

TERMS = LoanTerms(method="equal_instalment", principal_fen=101, term_months=2)


def test_the_unrounded_instalment_is_an_exact_fraction() -> None:
    # 1 000 over 2 months at 100 % a month: 1000 x 1 / (1 - 1/4) = 4000/3
    numerator, denominator = annuity_fraction(principal_fen=1_000, months=2, rate=(1, 1))

    assert numerator * 3 == 4_000 * denominator


def test_a_balloon_is_taken_off_at_its_present_value() -> None:
    # (1000 - 400/4) x 1 / (1 - 1/4) = 1200
    numerator, denominator = annuity_fraction(
        principal_fen=1_000, months=2, rate=(1, 1), balloon_fen=400
    )

    assert numerator == 1_200 * denominator


@pytest.mark.parametrize(("rounding", "expected"), [("half_up", 51), ("half_even", 50)])
def test_a_tie_is_decided_by_the_named_rounding(rounding: str, expected: int) -> None:
    terms = LoanTerms(
        method="equal_instalment", principal_fen=101, term_months=2, rounding=rounding
    )

    # 101 / 2 = 50.5
    assert instalment_of(terms, principal_fen=101, months=2, rate=(0, 1)) == expected


def test_amortising_never_takes_the_balance_below_what_is_to_be_left() -> None:
    principal, interest, left_fen = amortise(
        TERMS, principal_fen=100, instalment_fen=60, months=2, rate=(1, 100), leave_fen=30
    )

    # 60 - 1 of interest; then 60 - 0 (0.41 rounds to 0), but only 11 stand above 30.
    assert (principal, interest, left_fen) == ([59, 11], [1, 0], 30)


def test_an_instalment_below_the_interest_repays_nothing() -> None:
    principal, interest, left_fen = amortise(
        TERMS, principal_fen=1_000, instalment_fen=5, months=2, rate=(1, 100)
    )

    assert (principal, interest, left_fen) == ([0, 0], [10, 10], 1_000)


def test_the_rate_of_a_month_is_a_twelfth_of_the_annual_rate() -> None:
    terms = LoanTerms(
        method="equal_instalment",
        principal_fen=1,
        term_months=1,
        nominal_rate_annual=Decimal("0.06"),
    )

    part, whole = terms.rate_monthly_ratio

    assert part * 200 == whole
