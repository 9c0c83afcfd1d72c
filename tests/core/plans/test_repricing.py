"""What a floating rate may become."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.core.plans.builders import make_car, make_version

from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import LoanTerms, RateSegment
from chedai.core.plans.explanation import give_ups
from chedai.core.plans.plan import Plan
from chedai.core.plans.pricing import price_plan
from chedai.core.plans.product import TermOffer
from chedai.core.plans.repricing import (
    floating_text,
    is_floating,
    offer_at_lpr,
    repricing_scenario,
)


def offer(**changes: Any) -> TermOffer:
    plain: dict[str, Any] = {
        "term_months": 36,
        "nominal_rate_annual": Decimal("0.036"),
        "lpr_tenor": "1Y",
        "lpr_rate_annual": Decimal("0.03"),
        "spread_bp": 60,
    }
    return TermOffer(**(plain | changes))


def plan_of(of: TermOffer, **changes: Any) -> Plan:
    plan = price_plan(
        product=make_version(offers=(of,)),
        car=make_car(),
        term_months=36,
        down_payment_fen=50_000_00,
        first_due_on=date(2026, 12, 23),
        **changes,
    )
    assert isinstance(plan, Plan)
    return plan


def test_every_anniversary_and_every_shift_has_a_row() -> None:
    rows = repricing_scenario(plan_of(offer()))

    assert [(row.reprices_on, row.from_month, row.shift_bp) for row in rows] == [
        (day, month, shift)
        for day, month in ((date(2027, 11, 23), 13), (date(2028, 11, 23), 25))
        for shift in (-50, 0, 50, 100)
    ]


@pytest.mark.parametrize("shift_bp", [-50, 50, 100])
def test_a_shift_is_the_stepped_loan_of_both_rates(shift_bp: int) -> None:
    plan = plan_of(offer())

    row = repricing_scenario(plan, (shift_bp,))[0]

    rates = (Decimal("0.036"), Decimal("0.036") + Decimal(shift_bp) / 10_000)
    stepped = build_schedule(
        LoanTerms(
            method="stepped",
            principal_fen=100_000_00,
            term_months=36,
            segments=(
                RateSegment(months=12, nominal_rate_annual=rates[0]),
                RateSegment(months=24, nominal_rate_annual=rates[1]),
            ),
        )
    )
    assert row.nominal_rate_annual == rates[1]
    assert row.payment_fen == stepped.instalment_fen[12]
    assert row.total_paid_fen == stepped.total_paid_fen
    assert row.change_fen == stepped.total_paid_fen - plan.total_paid_fen


def test_an_unchanged_base_changes_nothing() -> None:
    plan = plan_of(offer())

    for row in repricing_scenario(plan, (0,)):
        assert (row.change_fen, row.total_paid_fen) == (0, plan.total_paid_fen)
        assert row.payment_fen == plan.payment_fen


def test_a_fall_below_nothing_stops_at_nothing() -> None:
    (row, _) = repricing_scenario(plan_of(offer()), (-1_000,))

    assert row.nominal_rate_annual == 0


@pytest.mark.parametrize(
    ("first_due_on", "from_month"),
    [
        (date(2026, 12, 23), 3),  # 23 Dec to 23 Jan began before: the third month is the first
        (date(2027, 1, 1), 2),  # the month from 1 January is the second
        (date(2027, 1, 10), 2),
    ],
)
def test_on_new_year_the_first_month_that_begins_later_has_the_new_rate(
    first_due_on: date, from_month: int
) -> None:
    plan = price_plan(
        product=make_version(offers=(offer(repricing="new_year"),)),
        car=make_car(),
        term_months=36,
        down_payment_fen=50_000_00,
        first_due_on=first_due_on,
        disbursed_on=date(2026, 11, 23),
    )
    assert isinstance(plan, Plan)

    rows = repricing_scenario(plan, (50,))

    assert rows[0].reprices_on == date(2027, 1, 1)
    assert rows[0].from_month == from_month
    assert [row.reprices_on.year for row in rows] == [2027, 2028, 2029]


def test_a_fixed_rate_has_no_scenario_and_no_sentence() -> None:
    fixed = plan_of(TermOffer(term_months=36, nominal_rate_annual=Decimal("0.036")))

    assert not is_floating(fixed)
    assert repricing_scenario(fixed) == ()
    assert floating_text(fixed) == ""


@pytest.mark.parametrize(
    ("spread_bp", "rate", "said"),
    [(60, "0.036", "加 60 个基点"), (-20, "0.028", "减 20 个基点")],
)
def test_the_card_says_that_the_rate_floats(spread_bp: int, rate: str, said: str) -> None:
    plan = plan_of(offer(spread_bp=spread_bp, nominal_rate_annual=Decimal(rate)))

    (sentence,) = [each for each in give_ups(plan, others=()) if "LPR" in each]

    assert sentence == f"利率会随 LPR 变：1 年期 LPR 3.00%{said}，每年放款日的对应日重新定价"


def test_another_days_base_makes_another_price() -> None:
    moved = offer_at_lpr(offer(), lpr_rate_annual=Decimal("0.028"))

    assert moved.nominal_rate_annual == Decimal("0.034")
    assert moved.lpr_rate_annual == Decimal("0.028")
    # 0.28 % less 60 basis points would be negative.
    below = offer_at_lpr(offer(spread_bp=-60), lpr_rate_annual=Decimal("0.0028"))
    assert below.nominal_rate_annual == 0
