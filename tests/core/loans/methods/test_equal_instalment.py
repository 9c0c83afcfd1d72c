"""等额本息."""

from decimal import Decimal

import pytest

from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import LoanTerms


def terms_of(principal_fen: int, term_months: int, rate: str, **change: object) -> LoanTerms:
    return LoanTerms(
        method="equal_instalment",
        principal_fen=principal_fen,
        term_months=term_months,
        nominal_rate_annual=Decimal(rate),
        **change,
    )


def test_six_percent_over_three_years_is_3042_yuan_19_a_month() -> None:
    schedule = build_schedule(terms_of(10_000_000, 36, "0.06"))

    # 100 000 x 0.005 / (1 - 1.005^-36) = 3042.1937…
    assert schedule.instalment_fen[:35] == (304_219,) * 35
    # At rounded instalments interest is 9518.84; interest rounded each month leaves 17 fen more.
    assert 304_219 * 36 - 10_000_000 == 951_884
    assert schedule.total_interest_fen == 951_901
    assert schedule.instalment_fen[-1] == 304_236


def test_at_zero_percent_the_last_instalment_takes_the_remainder() -> None:
    schedule = build_schedule(terms_of(10_000, 3, "0"))

    assert schedule.instalment_fen == (3_333, 3_333, 3_334)


@pytest.mark.parametrize(
    ("rounding", "unit_fen", "instalment_fen"),
    [("half_up", 1, 304_219), ("up", 1, 304_220), ("down", 100, 304_200), ("up", 100, 304_300)],
)
def test_the_instalment_is_rounded_as_the_lender_says(
    rounding: str, unit_fen: int, instalment_fen: int
) -> None:
    terms = terms_of(10_000_000, 36, "0.06", rounding=rounding, rounding_unit_fen=unit_fen)

    assert build_schedule(terms).instalment_fen[0] == instalment_fen


def test_a_tiny_loan_is_cleared_early_and_then_owes_nothing() -> None:
    # 100 fen over 84 months at 12 %: 1.765… rounds to 2, so the balance is gone early.
    schedule = build_schedule(terms_of(100, 84, "0.12"))

    assert schedule.instalment_fen[0] == 2
    cleared = schedule.outstanding_principal_fen.index(0)
    assert cleared < 83
    assert set(schedule.instalment_fen[cleared + 1 :]) == {0}
    assert sum(schedule.principal_fen) == 100


def test_a_tiny_loan_whose_instalment_is_only_interest_is_repaid_with_the_last() -> None:
    schedule = build_schedule(terms_of(100, 84, "0.5"))

    # 100 x 0.5 / 12 = 4.17 interest; the instalment 4.3… rounds to the same 4 fen.
    assert schedule.instalment_fen == (4,) * 83 + (104,)
