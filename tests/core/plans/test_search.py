from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product as pairs
from typing import Any

import numpy as np
import pytest
from tests.core.plans.builders import make_car, make_catalogue, make_terms, make_version

from chedai.core.plans.dominance import ATTRIBUTES, attributes_of
from chedai.core.plans.plan import CostLine, Plan, Refusal
from chedai.core.plans.pricing import price
from chedai.core.plans.product import AddOnCondition, TermOffer
from chedai.core.plans.search import (
    OBJECTIVES,
    PlanNeeds,
    SearchInputs,
    SearchResult,
    down_payment_steps,
    inputs_of,
    search,
    search_at,
)

COSTS = (
    CostLine(code="tax", name="购置税", amount_fen=13_274_34, payee="税务局"),
    CostLine(code="plate", name="上牌", amount_fen=500_00, payee="车管所"),
)


def inputs(**changes: Any) -> SearchInputs:
    plain: dict[str, Any] = {
        "products": make_catalogue(),
        "car": make_car(),
        "first_due_on": date(2026, 12, 10),
        "purchase_costs": COSTS,
        "step_fen": 10_000_00,
    }
    return SearchInputs(**(plain | changes))


def every_plan(inputs: SearchInputs) -> list[Plan]:
    """Price the same grid one by one."""
    priced = [
        price(inputs_of(inputs, product=item, term_months=term, down_payment_fen=down))
        for item, term, down in pairs(
            inputs.products, (24, 36, 48, 60), range(0, 150_000_01, inputs.step_fen)
        )
    ]
    return [plan for plan in priced if isinstance(plan, Plan)]


def found(result: SearchResult) -> set[tuple[tuple[str, int, int], tuple[int, ...]]]:
    plans = [result.plan(row) for row in range(len(result.columns))]
    return {
        (plan.key, tuple(attributes))
        for plan, attributes in zip(plans, result.columns.attributes.tolist(), strict=True)
    }


@pytest.mark.parametrize(
    ("needs", "keeps"),
    [
        (PlanNeeds(cash_fen=10**9), lambda plan: True),
        (PlanNeeds(cash_fen=70_000_00), lambda plan: plan.cash_at_delivery_fen <= 70_000_00),
        (
            PlanNeeds(cash_fen=60_000_00, is_cash_for_everything=False),
            lambda plan: plan.down_payment_fen <= 60_000_00,
        ),
        (
            PlanNeeds(cash_fen=10**9, payment_max_fen=3_000_00),
            lambda plan: plan.payment_fen <= 3_000_00,
        ),
        (
            PlanNeeds(cash_fen=10**9, last_due_on_max=date(2029, 11, 10)),
            lambda plan: plan.term_months <= 36,
        ),
        (
            PlanNeeds(cash_fen=10**9, last_due_on_max=date(2029, 11, 9)),
            lambda plan: plan.term_months <= 24,
        ),
        (
            PlanNeeds(cash_fen=10**9, extra_max_fen=6_000_00, term_months_max=36),
            lambda plan: plan.extra_over_cash_fen <= 6_000_00 and plan.term_months <= 36,
        ),
        (
            PlanNeeds(cash_fen=10**9, down_payment_min_fen=90_000_00),
            lambda plan: plan.down_payment_fen >= 90_000_00,
        ),
    ],
)
def test_the_search_finds_what_pricing_one_by_one_finds(needs: PlanNeeds, keeps: Any):
    expected = {(plan.key, attributes_of(plan)) for plan in every_plan(inputs()) if keeps(plan)}

    assert found(search(inputs(), needs)) == expected


@pytest.mark.parametrize("objective", list(OBJECTIVES))
def test_the_best_row_is_the_brute_force_optimum(objective: str):
    result = search(inputs(), PlanNeeds(cash_fen=90_000_00))
    keys = OBJECTIVES[objective].keys
    order = [ATTRIBUTES.index(name) for name in keys]
    order += [i for i in range(len(ATTRIBUTES)) if i not in order]
    plans = [plan for plan in every_plan(inputs()) if plan.cash_at_delivery_fen <= 90_000_00]
    expected = min([attributes_of(plan)[i] for i in order] for plan in plans)

    row = result.best_row(objective)

    assert row is not None
    assert [result.columns.attributes[row].tolist()[i] for i in order] == expected
    assert row in result.front_rows()


def test_a_soft_limit_is_kept_when_any_plan_keeps_it():
    needs = PlanNeeds(cash_fen=70_000_00, payment_max_fen=3_000_00, is_payment_max_hard=False)

    result = search(inputs(), needs)

    assert not result.is_over_soft_limit
    assert found(result) == found(search(inputs(), replace(needs, is_payment_max_hard=True)))


def test_a_soft_limit_nobody_keeps_is_exceeded_and_said():
    needs = PlanNeeds(cash_fen=70_000_00, payment_max_fen=500_00, is_payment_max_hard=False)

    result = search(inputs(), needs)

    assert result.is_over_soft_limit
    assert len(result.columns)
    assert not len(search(inputs(), replace(needs, is_payment_max_hard=True)).columns)


def test_a_product_ruled_out_is_not_priced():
    refused = {
        version_id: Refusal("credit_history", "不接受")
        for version_id in ("bank", "free", "card", "lease")
    }

    result = search(inputs(refused=refused), PlanNeeds(cash_fen=10**9))

    assert {plan_key[0] for plan_key, _ in found(result)} == {"maker"}


def test_nothing_to_price_is_an_empty_result():
    result = search(inputs(products=()), PlanNeeds(cash_fen=10**9))

    assert (len(result.columns), result.considered_count) == (0, 0)
    assert result.best_row("lowest_total") is None


def test_financed_and_insisted_lines_are_priced_as_in_the_plan():
    terms: dict[str, Any] = {
        "financed_extras_max_ratio": Decimal("0.2"),
        "financed_extras_max_fen": 30_000_00,
        "add_ons": (
            AddOnCondition(code="gps", name="GPS", payee="车联（虚构）", is_condition_of_loan=True),
        ),
    }
    deal = inputs(
        products=(make_version(**terms),),
        purchase_costs=(replace(COSTS[0], is_financed=True), COSTS[1]),
        add_ons=(
            CostLine(code="gps", name="GPS", amount_fen=1_500_00, payee="车联（虚构）"),
            CostLine(code="film", name="贴膜", amount_fen=2_000_00, payee="门店"),
        ),
        trade_in_fen=5_000_00,
    )

    result = search(deal, PlanNeeds(cash_fen=10**9))

    assert found(result) == {(plan.key, attributes_of(plan)) for plan in every_plan(deal)}


def test_steps_stay_within_the_products_limits():
    steps = down_payment_steps(inputs(step_fen=100_00), make_terms())

    # 20 % of 150,000 down at least, 20,000 lent at least
    assert (steps[0], steps[-1], len(steps)) == (30_000_00, 130_000_00, 1001)


def test_a_product_with_its_own_step_has_principals_on_it():
    deal = inputs(step_fen=100_00, car=make_car(vehicle_price_fen=150_050_00))
    terms = make_terms(principal_step_fen=1_000_00)

    principals = 150_050_00 - down_payment_steps(deal, terms)

    assert (principals % 1_000_00 == 0).all()
    assert (principals.min(), principals.max()) == (20_000_00, 120_000_00)


def test_a_car_too_dear_for_the_product_has_no_steps():
    steps = down_payment_steps(inputs(), make_terms(principal_min_fen=200_000_00))

    assert steps.dtype == np.int64
    assert not len(steps)


def test_no_input_of_the_search_can_carry_a_commission():
    names = {*SearchInputs.__dataclass_fields__, *PlanNeeds.__dataclass_fields__, *ATTRIBUTES}

    assert not [name for name in names if "commission" in name or "rebate" in name]


def test_a_car_no_product_can_lend_on_leaves_nothing():
    result = search(inputs(car=make_car(vehicle_price_fen=5_000_00)), PlanNeeds(cash_fen=10**9))

    assert not len(result.columns)


def test_extras_no_product_finances_leave_nothing():
    financed = tuple(replace(line, is_financed=True) for line in COSTS)

    result = search(inputs(purchase_costs=financed), PlanNeeds(cash_fen=10**9))

    assert not len(result.columns)


@pytest.mark.parametrize("down_payment_fen", [0, 29_900_00, 30_000_00, 60_000_00, 130_000_00])
@pytest.mark.parametrize(
    "limits",
    [
        {},
        {"payment_max_fen": 3_000_00},
        {"payment_max_fen": 3_000_00, "is_payment_max_hard": False},
        {"payment_max_fen": 1_00, "is_payment_max_hard": False},
        {"term_months_max": 36},
        {"extra_max_fen": 5_000_00},
        {"last_due_on_max": date(2029, 11, 10)},
    ],
)
def test_a_search_at_one_down_payment_finds_what_the_whole_search_finds_there(
    down_payment_fen: int, limits: dict[str, Any]
):
    needs = PlanNeeds(
        cash_fen=down_payment_fen,
        is_cash_for_everything=False,
        down_payment_min_fen=down_payment_fen,
        **limits,
    )
    deal = inputs(step_fen=100_00)

    there, whole = search_at(deal, needs, down_payment_fen=down_payment_fen), search(deal, needs)

    assert found(there) == found(whole)
    assert there.is_over_soft_limit == whole.is_over_soft_limit
    for objective in OBJECTIVES:
        row, other = there.best_row(objective), whole.best_row(objective)
        assert (row is None) == (other is None)
        if row is not None and other is not None:
            assert there.plan(row).key == whole.plan(other).key
            assert row in there.front_rows()


def test_a_search_at_one_down_payment_leaves_out_what_is_refused():
    refused = {"bank": Refusal("credit_history", "不接受")}

    there = search_at(
        inputs(refused=refused), PlanNeeds(cash_fen=10**9), down_payment_fen=60_000_00
    )

    assert "bank" not in {plan_key[0] for plan_key, _ in found(there)}
    assert there.considered_count == len(there.columns)


def test_nothing_at_one_down_payment_is_an_empty_result():
    there = search_at(inputs(products=()), PlanNeeds(cash_fen=10**9), down_payment_fen=60_000_00)

    assert (len(there.columns), there.considered_count) == (0, 0)
    assert there.best_row("lowest_total") is None


@pytest.mark.parametrize(
    "conventions",
    [
        {"day_count": "ACT/365"},
        {"day_count": "ACT/360", "interest_rounding": "half_even"},
        {"first_period_day_count": "ACT/365"},
        {"rounding": "up", "rounding_unit_fen": 100},
        {
            "method": "seasonal",
            "offers": (
                TermOffer(36, Decimal("0.0388"), slack_months_of_year=(1, 2, 7)),
                TermOffer(48, Decimal("0.0388"), slack_months_of_year=(11,)),
            ),
        },
    ],
    ids="-".join,
)
def test_a_search_prices_a_lenders_conventions_as_the_plan_does(
    conventions: dict[str, Any],
) -> None:
    asked = inputs(products=(make_version("own", **conventions),))

    result = search(asked, PlanNeeds(cash_fen=10**9))

    assert found(result) == {(plan.key, attributes_of(plan)) for plan in every_plan(asked)}
    assert len(result.columns) > 10
