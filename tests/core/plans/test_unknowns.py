"""Worked back from limits: every answer is the best of all values tried, one by one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from tests.core.plans.builders import make_car, make_catalogue, make_eligibility, make_version

from chedai.core.plans.plan import CostLine, Plan
from chedai.core.plans.plan_columns import inputs_of
from chedai.core.plans.pricing import price
from chedai.core.plans.product import FirstDueRule
from chedai.core.plans.search import PlanNeeds, SearchInputs
from chedai.core.plans.steps import on_whole_step
from chedai.core.plans.unknowns import (
    NO_LIMIT_FEN,
    Prices,
    Standing,
    change_text,
    cheapest_product,
    dearest_car,
    shortest_term,
    smallest_down_payment,
)

STANDING = Standing(term_months=36, down_payment_fen=50_000_00)
STEP_FEN = 2_000_00
PRICES_FEN = range(60_000_00, 240_000_01, 10_000_00)
ON_THE_5TH = FirstDueRule(kind="fixed_day", day_of_month=5, minimum_gap_days=15)


def costs_of(price_fen: int) -> tuple[CostLine, ...]:
    """Purchase tax, and insurance that does not follow the price."""
    tax = CostLine(code="tax", name="购置税", amount_fen=price_fen * 10 // 113, payee="税务机关")
    cover = CostLine(code="cover", name="保险", amount_fen=5_000_00, payee="保险公司")
    return (tax, cover)


def deal() -> SearchInputs:
    whole = make_version("whole", code="whole", principal_step_fen=10_000_00)
    late = make_version("late", code="late", first_due=ON_THE_5TH, day_count="ACT/365")
    return SearchInputs(
        products=(*make_catalogue(), whole, late),
        car=make_car(),
        first_due_on=date(2030, 1, 1),
        disbursed_on=date(2026, 11, 24),
        purchase_costs=costs_of(150_000_00),
        step_fen=STEP_FEN,
    )


LIMITS: list[dict[str, Any]] = [
    {},
    {"payment_max_fen": 3_000_00},
    {"payment_max_fen": 2_300_00},
    {"payment_max_fen": 1_200_00},
    {"cash_fen": 72_000_00},
    {"cash_fen": 40_000_00, "payment_max_fen": 4_000_00},
    {"extra_max_fen": 4_000_00},
    {"last_due_on_max": date(2029, 12, 1)},
    {"last_due_on_max": date(2029, 12, 10), "payment_max_fen": 3_200_00},
    {
        "cash_fen": 70_000_00,
        "payment_max_fen": 3_100_00,
        "extra_max_fen": 7_000_00,
        "last_due_on_max": date(2030, 1, 5),
    },
    {"cash_fen": 1_000_00},
]


def needs(limits: dict[str, Any]) -> PlanNeeds:
    return PlanNeeds(**({"cash_fen": NO_LIMIT_FEN} | limits))


def keeps(plan: Plan, limit: PlanNeeds) -> bool:
    return (
        plan.cash_at_delivery_fen <= limit.cash_fen
        and plan.payment_fen <= (limit.payment_max_fen or NO_LIMIT_FEN)
        and plan.extra_over_cash_fen <= (limit.extra_max_fen or NO_LIMIT_FEN)
        and plan.last_due_on <= (limit.last_due_on_max or date.max)
    )


def every(inputs: SearchInputs, *, terms: Any = None, downs: Any = None) -> Iterator[Plan]:
    for product in inputs.products:
        for offer in product.terms.offers:
            if terms and offer.term_months not in terms:
                continue
            for down_fen in downs or (STANDING.down_payment_fen,):
                wanted = inputs_of(
                    inputs,
                    product=product,
                    term_months=offer.term_months,
                    down_payment_fen=down_fen,
                )
                plan = price(on_whole_step(wanted) if downs is None else wanted)
                if isinstance(plan, Plan):
                    yield plan


@cache
def plans_of_car(price_fen: int, *, any_down: bool) -> list[Plan]:
    inputs = deal()
    at = replace(
        inputs,
        car=replace(inputs.car, vehicle_price_fen=price_fen),
        purchase_costs=costs_of(price_fen),
    )
    downs = range(0, price_fen + 1, STEP_FEN) if any_down else None
    return list(every(at, terms={36}, downs=downs))


def rank(plan: Plan) -> tuple[int, int, str]:
    return (plan.extra_over_cash_fen, plan.payment_fen, plan.product.code)


def best(plans: Iterator[Plan], limit: PlanNeeds, key: Any) -> Any:
    return min((key(plan) for plan in plans if keeps(plan, limit)), default=None)


@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_the_product_is_the_cheapest_of_all_that_keep_the_limits(limits: dict[str, Any]) -> None:
    inputs, limit = deal(), needs(limits)

    plan = cheapest_product(inputs, limit, STANDING)

    assert (plan and rank(plan)) == best(every(inputs, terms={36}), limit, rank)


@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_the_term_is_the_shortest_of_all_that_keep_the_limits(limits: dict[str, Any]) -> None:
    inputs, limit = deal(), needs(limits)

    def key(plan: Plan) -> Any:
        return (plan.term_months, *rank(plan))

    plan = shortest_term(inputs, limit, STANDING)

    assert (plan and key(plan)) == best(every(inputs), limit, key)


@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_the_down_payment_is_the_smallest_of_all_that_keep_the_limits(
    limits: dict[str, Any],
) -> None:
    inputs, limit = deal(), needs(limits)

    def key(plan: Plan) -> Any:
        return (plan.down_payment_fen, *rank(plan))

    plan = smallest_down_payment(inputs, limit, STANDING)

    plans = plans_of_car(150_000_00, any_down=True)
    assert (plan and key(plan)) == best(iter(plans), limit, key)


@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_the_car_is_the_dearest_of_all_that_keep_the_limits(limits: dict[str, Any]) -> None:
    inputs, limit = deal(), needs(limits)
    has_cash = limit.cash_fen < NO_LIMIT_FEN
    # With cash limited any down payment may be it: each is tried on its own.
    found = [
        price_fen
        for price_fen in PRICES_FEN
        if any(keeps(plan, limit) for plan in plans_of_car(price_fen, any_down=has_cash))
    ]

    plan = dearest_car(inputs, limit, STANDING, Prices(prices_fen=PRICES_FEN, costs_of=costs_of))

    assert (plan and plan.inputs.car.vehicle_price_fen) == max(found, default=None)
    if plan:
        assert keeps(plan, limit)
        assert plan.term_months == 36
        assert plan.inputs.purchase_costs == costs_of(plan.inputs.car.vehicle_price_fen)


def test_a_product_that_takes_no_dear_cars_is_not_the_answer() -> None:
    modest = make_version("m", eligibility=make_eligibility(vehicle_price_max_fen=120_000_00))
    inputs = replace(deal(), products=(modest,))

    plan = dearest_car(
        inputs, needs({}), STANDING, Prices(prices_fen=PRICES_FEN, costs_of=costs_of)
    )

    assert plan is not None
    assert plan.inputs.car.vehicle_price_fen == 120_000_00


def test_what_an_answer_brings_is_said_with_its_sign() -> None:
    inputs = deal()
    base = cheapest_product(inputs, needs({}), STANDING)
    other = shortest_term(inputs, needs({"payment_max_fen": 2_300_00}), STANDING)
    assert base is not None
    assert other is not None

    said = change_text(other, base=base)

    assert f"多还 {other.term_months - base.term_months} 个月" in said
    assert "比全款多付多" in said
    assert "月供少" in said
    assert change_text(base, base=base) == "和现在最省的方案一样"
