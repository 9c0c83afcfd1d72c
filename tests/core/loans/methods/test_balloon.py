"""尾款(气球贷)."""

from decimal import Decimal

from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import LoanTerms


def terms_of(balloon_fen: int, rate: str = "0.06") -> LoanTerms:
    return LoanTerms(
        method="balloon",
        principal_fen=10_000_000,
        term_months=36,
        nominal_rate_annual=Decimal(rate),
        balloon_fen=balloon_fen,
    )


def test_a_balloon_of_30_000_leaves_2279_yuan_54_a_month() -> None:
    schedule = build_schedule(terms_of(3_000_000))

    assert schedule.instalment_fen[:35] == (227_954,) * 35
    # The last instalment and the balloon together, and up to a fen of rounding a month.
    assert abs(schedule.instalment_fen[-1] - 3_227_954) <= 36


def test_a_balloon_of_the_whole_principal_leaves_only_interest() -> None:
    schedule = build_schedule(terms_of(10_000_000))

    assert schedule.instalment_fen == (50_000,) * 35 + (10_050_000,)


def test_a_balloon_of_the_whole_principal_at_zero_percent_leaves_nothing_to_pay() -> None:
    schedule = build_schedule(terms_of(10_000_000, "0"))

    assert schedule.instalment_fen == (0,) * 35 + (10_000_000,)


def test_without_a_balloon_it_is_the_equal_instalment() -> None:
    plain = LoanTerms(
        method="equal_instalment",
        principal_fen=10_000_000,
        term_months=36,
        nominal_rate_annual=Decimal("0.06"),
    )

    assert build_schedule(terms_of(0)) == build_schedule(plain)
