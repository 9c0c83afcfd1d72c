"""手续费分期(等本等息)."""

from decimal import Decimal

from chedai.core.loans.cost import cost_of_plan
from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import LoanTerms


def terms_of(principal_fen: int, months: int, rate: str, **change: object) -> LoanTerms:
    return LoanTerms(
        method="flat_fee",
        principal_fen=principal_fen,
        term_months=months,
        flat_fee_rate_total=Decimal(rate),
        **change,
    )


def test_the_published_seven_year_offer_is_2593_yuan_48_with_14_252_of_fee() -> None:
    schedule = build_schedule(terms_of(20_360_000, 84, "0.07"))

    assert schedule.instalment_fen[0] == 259_348
    assert schedule.total_fee_fen == 1_425_200


def test_a_copied_offer_that_does_not_reconcile_is_really_1818_yuan_64() -> None:
    # Media print 147 600 yuan, 84 months, 0.5 % a year and 1 759 a month.
    assert build_schedule(terms_of(14_760_000, 84, "0.035")).instalment_fen[0] == 181_864


def test_a_fee_taken_at_once_leaves_the_principal_to_the_instalments() -> None:
    schedule = build_schedule(terms_of(10_000_000, 36, "0.09", flat_fee_timing="upfront"))

    assert schedule.fee_at_start_fen == 900_000
    assert set(schedule.fee_fen) == {0}
    assert cost_of_plan(schedule).received_fen == 9_100_000


def test_a_fee_smaller_than_its_roundings_is_never_overcharged() -> None:
    # 126 fen in 84 parts: 1.5 rounds to 2, and the fee of one fen must not be taken twice.
    schedule = build_schedule(terms_of(126, 84, "0.005"))

    assert schedule.total_fee_fen == 1
    assert schedule.total_paid_fen == 127
