"""阶梯(分段利率)."""

from decimal import Decimal

import pytest

from chedai.core.loans.cost import cost_of_credit, cost_of_plan
from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import LoanTerms, RateSegment


def segment(months: int, rate: str) -> RateSegment:
    return RateSegment(months=months, nominal_rate_annual=Decimal(rate))


def terms_of(base: str, *segments: RateSegment, principal_fen: int = 20_000_000) -> LoanTerms:
    return LoanTerms(
        method="stepped",
        principal_fen=principal_fen,
        term_months=sum(part.months for part in segments),
        segments=segments,
        segment_base=base,
    )


@pytest.mark.parametrize(
    ("base", "whole_percent", "months_of_interest"),
    [("segment_start", 1.55, 48), ("original", 2.63, 84)],
)
def test_three_free_years_then_a_flat_rate_cost_less_over_the_whole_contract(
    base: str, whole_percent: float, months_of_interest: int
) -> None:
    # Published as 4.75 %: that holds for the last 48 months alone.
    schedule = build_schedule(terms_of(base, segment(36, "0"), segment(48, "0.025")))

    assert round(cost_of_plan(schedule).apr_simple * 100, 2) == whole_percent
    # 200 000 x 2.5 % x 4 years, on 48/84 or on all of it.
    assert schedule.total_interest_fen == pytest.approx(2_000_000 * months_of_interest / 84, abs=50)


def test_the_published_rate_is_that_of_the_last_segment() -> None:
    schedule = build_schedule(terms_of("segment_start", segment(36, "0"), segment(48, "0.025")))

    cost = cost_of_credit(
        received_fen=schedule.outstanding_after(36), paid_fen=schedule.instalment_fen[36:]
    )

    assert round(cost.apr_simple * 100, 2) == 4.75


def test_free_months_on_the_balance_are_followed_by_an_equal_instalment() -> None:
    schedule = build_schedule(
        terms_of("outstanding", segment(12, "0"), segment(24, "0.06"), principal_fen=9_000_000)
    )

    # 90 000 / 36, then 60 000 x 0.005 / (1 - 1.005^-24) = 2659.24
    assert schedule.instalment_fen[:12] == (250_000,) * 12
    assert schedule.instalment_fen[12:35] == (265_924,) * 23


def test_one_segment_on_the_balance_is_the_equal_instalment() -> None:
    plain = LoanTerms(
        method="equal_instalment",
        principal_fen=20_000_000,
        term_months=60,
        nominal_rate_annual=Decimal("0.0388"),
    )

    assert build_schedule(terms_of("outstanding", segment(60, "0.0388"))) == build_schedule(plain)


def test_published_rate_resets_give_the_printed_instalments_and_balances() -> None:
    # CN-P2: 80 000 over 180 months; 5.94 % for 17 months, 6.40 % for 12, 7.05 % for 5.
    schedule = build_schedule(
        terms_of(
            "outstanding",
            segment(17, "0.0594"),
            segment(12, "0.064"),
            segment(151, "0.0705"),
            principal_fen=8_000_000,
        )
    )

    assert [schedule.instalment_fen[month] for month in (0, 17, 29)] == [67_249, 69_089, 71_571]
    balances = [schedule.outstanding_after(month) for month in (17, 29, 34)]
    # The page's balances are unrounded; ours carry up to a fen of rounding a month.
    assert balances == pytest.approx([7_510_876, 7_152_096, 7_002_589], abs=34)
