from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from tests.core.plans.builders import make_car, make_version

from chedai.core.plans.dated import (
    contract_rate,
    cost_with_yearly_refunds,
    dated_cost,
    due_dates_of,
    owed_over_days,
)
from chedai.core.plans.plan import Plan, PlanInputs
from chedai.core.plans.pricing import price
from chedai.core.plans.product import FeeRule, TermOffer

DISBURSED = date(2026, 11, 24)


def made(first_due_on: date = date(2026, 12, 24), **terms: Any) -> Plan:
    plan = price(
        PlanInputs(
            product=make_version(**terms),
            car=make_car(),
            term_months=36,
            down_payment_fen=50_000_00,
            first_due_on=first_due_on,
            disbursed_on=DISBURSED,
        )
    )
    assert isinstance(plan, Plan), plan
    return plan


def discounted(plan: Plan, rate: float) -> float:
    """What §2.5 puts to nothing: every flow at its days over 365, worked out anew."""
    start = plan.inputs.dates.starts_on
    months = [(day.year, day.month, day.day) for day in due_dates_of(plan)]
    return plan.principal_fen - sum(
        fen / (1 + rate) ** ((date(*day) - start).days / 365)
        for fen, day in zip(plan.schedule.instalment_fen, months, strict=True)
    )


@pytest.mark.parametrize("first_due_on", [date(2026, 12, 9), date(2026, 12, 24), date(2027, 1, 20)])
@pytest.mark.parametrize("day_count", [None, "ACT/365", "ACT/360"])
def test_the_rate_by_days_puts_the_dated_flows_to_nothing(first_due_on, day_count):
    plan = made(first_due_on, day_count=day_count)

    cost = dated_cost(plan)

    assert cost is not None
    assert abs(discounted(plan, cost.apr_compound)) < 1
    assert cost.counts_days == (day_count is not None)
    assert cost.first_period_days == (first_due_on - DISBURSED).days
    assert cost.is_odd == (first_due_on != date(2026, 12, 24))


def test_an_odd_first_period_is_cheaper_a_day_only_where_nobody_charges_its_days():
    monthly, longer = made(), made(date(2027, 1, 20))
    charged = made(date(2027, 1, 20), first_period_day_count="ACT/360")

    rates = [dated_cost(plan).apr_compound for plan in (longer, monthly, charged)]  # type: ignore[union-attr]

    assert rates[0] < rates[1]
    assert rates[0] < rates[2]
    # 26 days, from 24 November to 20 December, at 3.88 % on 100,000 by 360 days
    more_fen = charged.first_payment_fen - longer.first_payment_fen
    assert abs(more_fen - 100_000_00 * 0.0388 * 26 / 360) <= 1


def test_what_is_owed_runs_without_a_gap_from_disbursement_to_the_last_day():
    plan = made()

    stretches = list(owed_over_days(plan))

    assert len(stretches) == 36
    assert (stretches[0].starts_on, stretches[0].outstanding_fen) == (DISBURSED, 100_000_00)
    assert stretches[-1].ends_before == plan.last_due_on == date(2029, 11, 24)
    for earlier, later in pairwise(stretches):
        assert earlier.ends_before == later.starts_on
        assert earlier.outstanding_fen > later.outstanding_fen


def test_the_contract_rate_is_the_written_one_whatever_is_charged_beside_it():
    fee = FeeRule(
        code="service",
        name="服务费",
        payee="清禾咨询（虚构）",
        basis="fixed",
        timing="upfront",
        is_condition_of_loan=True,
        is_refundable=False,
        amount_fen=3_000_00,
    )

    assert contract_rate(made(fees=(fee,))) == 0.0388


@pytest.mark.parametrize(("fee_rate", "published"), [("0.09", 0.0568), ("0.108", 0.0678)])
def test_a_flat_fee_is_read_as_the_published_yearly_rate(fee_rate, published):
    offers = (TermOffer(36, flat_fee_rate_total=Decimal(fee_rate)),)

    assert round(contract_rate(made(method="flat_fee", offers=offers)), 4) == published


def test_a_free_loan_has_a_contract_rate_of_nothing():
    offers = (TermOffer(36, nominal_rate_annual=Decimal(0)),)

    assert contract_rate(made(offers=offers)) == pytest.approx(0, abs=1e-9)


def test_a_refund_counts_with_the_last_instalment_of_its_year():
    plan = made()

    cost = cost_with_yearly_refunds(plan, {2026: 100_00}, name="贴息")

    assert cost is not None
    assert plan.extra_over_cash_fen - cost.extra_over_cash_fen == 100_00
    by_hand = plan.principal_fen - sum(
        (fen - (100_00 if month == 1 else 0)) / (1 + cost.irr_monthly) ** month
        for month, fen in enumerate(plan.schedule.instalment_fen, start=1)
    )
    assert abs(by_hand) < 1
    assert cost.apr_simple < plan.apr_simple


def test_a_refund_of_a_year_before_any_instalment_comes_with_the_first():
    plan = made(date(2027, 1, 20))

    early = cost_with_yearly_refunds(plan, {2026: 100_00}, name="贴息")
    same = cost_with_yearly_refunds(replace(plan), {2026: 100_00, 2027: 0, 2099: 0}, name="贴息")

    assert early is not None
    assert early == same
