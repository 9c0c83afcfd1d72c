from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.core.plans.builders import make_catalogue, make_eligibility, make_version
from tests.core.plans.passing.brute import make_case

from chedai.core.plans.passing.case import PassCase
from chedai.core.plans.passing.targets import goal_text, solve_over_products
from chedai.core.plans.plan import Plan
from chedai.core.plans.pricing import price
from chedai.core.plans.solver import Goal

STEP_FEN = 2_000_00
GOALS = [
    Goal("payment", 2_900_00),
    Goal("payment", 2_400_00),
    Goal("cash", 44_000_00),
    Goal("extra", 4_500_00),
    Goal("last_due", on=date(2028, 11, 10)),
]


def cases() -> list[PassCase]:
    plain = make_case(price_min_fen=100_000_00, step_fen=STEP_FEN)
    return [
        replace(plain, inputs=replace(plain.inputs, product=product))
        for product in (
            *make_catalogue(),
            make_version("by-days", code="by-days", day_count="ACT/365"),
        )
    ]


def tried(case: PassCase, unknown: str) -> list[dict[str, Any]]:
    """Every value the unknown may take instead of the one it has."""
    inputs = case.inputs
    car, down_fen = inputs.car, inputs.down_payment_fen
    if unknown == "product":
        return [{}]
    if unknown == "term":
        offered = [offer.term_months for offer in case.terms.offers]
        return [{"term_months": term} for term in offered if term != inputs.term_months]
    if unknown == "down_payment":
        steps = [fen for fen in range(0, car.vehicle_price_fen + 1, STEP_FEN) if fen != down_fen]
        return [{"down_payment_fen": fen} for fen in steps]
    prices = range(car.vehicle_price_fen - STEP_FEN, case.price_min_fen - 1, -STEP_FEN)
    return [{"car": replace(car, vehicle_price_fen=fen)} for fen in prices]


def cost_of(case: PassCase, plan: Plan, unknown: str) -> int:
    """What the change costs, worked out anew."""
    if unknown == "price":
        return case.inputs.car.vehicle_price_fen - plan.inputs.car.vehicle_price_fen
    if unknown == "down_payment":
        more_fen = plan.down_payment_fen - case.inputs.down_payment_fen
        share_fen = -(plan.extra_over_cash_fen * more_fen // plan.principal_fen)
        return more_fen if more_fen > 0 else max(share_fen, 0)
    before = price(case.inputs)
    if unknown == "product" or not isinstance(before, Plan):
        return 0
    return max(plan.extra_over_cash_fen - before.extra_over_cash_fen, 0)


@pytest.mark.parametrize("goal", GOALS, ids=goal_text)
@pytest.mark.parametrize("unknown", ["product", "down_payment", "term", "price"])
def test_every_answer_is_the_best_of_all_products_and_values(goal: Goal, unknown: Any):
    every = cases()
    ways = [
        (cost_of(case, plan, unknown), plan.extra_over_cash_fen, plan.payment_fen, plan.key)
        for case in every
        for values in tried(case, unknown)
        if isinstance(plan := price(replace(case.inputs, **values)), Plan) and goal.is_met_by(plan)
    ]

    answers = solve_over_products(every, goal, unknowns=(unknown,))

    got = [
        (
            way.route.cost_fen,
            way.route.plan.extra_over_cash_fen,
            way.route.plan.payment_fen,
            way.route.plan.key,
        )
        for way in answers
    ]
    assert got == ([min(ways)] if ways else [])


def test_a_longer_term_is_an_answer_of_its_own_with_its_months():
    answers = solve_over_products(cases(), Goal("payment", 2_400_00))

    longer = [way for way in answers if way.route.plan.term_months > 36]
    assert [way.unknown for way in longer] == ["term"]
    assert "多还 24 个月" in longer[0].text or "多还 12 个月" in longer[0].text


def test_a_product_the_customer_would_have_to_accept_something_for_is_left_out():
    rules = make_eligibility(needs_gps=True)
    case = make_case(customer={"objections": ("gps",)}, product={"eligibility": rules})

    assert solve_over_products([case], Goal("payment", 9_000_00)) == ()


def test_the_product_that_needs_no_change_says_so():
    plain = make_case()
    other = replace(plain, inputs=replace(plain.inputs, product=make_version("other", code="o")))

    (way,) = solve_over_products([plain, other], Goal("payment", 9_000_00), unknowns=("product",))

    assert way.label == "换产品，别的不动"
    assert way.text == "清禾银行（虚构）「清禾标准车贷」：照现在的首付、期数、车价就能做到"
