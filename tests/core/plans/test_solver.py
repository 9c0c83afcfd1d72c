from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.plans.builders import make_car, make_offers, make_version

from chedai.core.money import round_ratio
from chedai.core.plans.explanation import solution_text, trade_text
from chedai.core.plans.plan import CostLine, Plan, PlanInputs, Refusal
from chedai.core.plans.pricing import price
from chedai.core.plans.product import FeeRule, TermOffer
from chedai.core.plans.solver import Goal, Solution, affordable_price, shortest_term, solve

STEP = 100_00


def costs_of(price_fen: int) -> tuple[CostLine, ...]:
    """Purchase tax of a fuel car, and 5,950 of insurance and plate."""
    tax_fen = round_ratio(price_fen * 100 // 113, Decimal("0.1"))
    return (
        CostLine(code="tax", name="购置税", amount_fen=tax_fen, payee="税务局"),
        CostLine(code="other", name="保险与上牌", amount_fen=5_950_00, payee="多家"),
    )


def base_plan(**changes: Any) -> Plan:
    """Cash of 50,000 pays 19,224 of costs as well: 119,224 is lent."""
    product = {name: changes.pop(name) for name in ("offers", "fees", "method") if name in changes}
    costs = costs_of(150_000_00)
    inputs: dict[str, Any] = {
        "product": make_version(**product),
        "car": make_car(),
        "term_months": 36,
        "down_payment_fen": 50_000_00 - sum(line.amount_fen for line in costs),
        "first_due_on": date(2026, 12, 10),
        "purchase_costs": costs,
    }
    plan = price(PlanInputs(**(inputs | changes)))
    assert isinstance(plan, Plan), plan
    return plan


def test_the_desks_example_has_three_ways_to_three_thousand():
    base = base_plan()

    solution = solve(base=base, goal=Goal("payment", 3_000_00), costs_of=costs_of)

    assert base.principal_fen // 100 == 119_224
    assert solution_text(solution) == (
        "月供从 3,514 降到 3,000 以内有 3 条路："
        "①首付加 1.75 万"
        "②期数 36→48（多付 2,417 元、多还 12 个月）"
        "③车价降 1.61 万。"
    )


def test_a_lower_price_leaves_the_customers_cash_as_it_was():
    solution = solve(base=base_plan(), goal=Goal("payment", 3_000_00), costs_of=costs_of)

    (trade,) = (trade for trade in solution.trades if trade.lever == "price")
    assert trade.cash_change_fen == 0


def test_a_lower_price_keeps_the_loan_at_whole_steps_of_the_product():
    stepped = make_version("11", principal_step_fen=1_000_00)
    base = base_plan(product=stepped, down_payment_fen=31_000_00)

    solution = solve(base=base, goal=Goal("payment", 2_700_00), costs_of=costs_of)

    (trade,) = (trade for trade in solution.trades if trade.lever == "price")
    assert trade.plan.principal_fen % 1_000_00 == 0
    assert trade.plan.payment_fen <= 2_700_00
    assert -1_000_00 < trade.cash_change_fen <= 0


def test_a_goal_far_from_the_start_is_found_in_a_later_block():
    base, goal = base_plan(), Goal("payment", 900_00)

    solution = solve(base=base, goal=goal, costs_of=costs_of)

    found = {trade.lever: trade.plan for trade in solution.trades}
    assert found == {lever: brute(base, goal, lever) for lever in ("down_payment", "price")}


def test_a_goal_already_met_needs_no_trade():
    base = base_plan()

    assert solve(base=base, goal=Goal("payment", base.payment_fen)) == Solution(
        base, Goal("payment", base.payment_fen), is_met=True, trades=()
    )


def brute(base: Plan, goal: Goal, lever: str) -> Plan | None:
    """Walk the steps one by one and price each in full."""
    sign = -1 if goal.kind == "cash" else 1
    for steps in count(1):
        if lever == "price":
            lower_fen = base.inputs.car.vehicle_price_fen - steps * STEP
            saved_fen = sum(line.amount_fen for line in base.inputs.purchase_costs)
            saved_fen -= sum(line.amount_fen for line in costs_of(lower_fen))
            if goal.kind == "cash":
                saved_fen = -steps * STEP
            inputs = replace(
                base.inputs,
                car=replace(base.inputs.car, vehicle_price_fen=lower_fen),
                purchase_costs=costs_of(lower_fen),
                down_payment_fen=base.down_payment_fen + saved_fen,
            )
        else:
            down_fen = base.down_payment_fen + sign * steps * STEP
            inputs = replace(base.inputs, down_payment_fen=down_fen)
        if inputs.down_payment_fen < 0 or steps * STEP > base.inputs.car.vehicle_price_fen:
            return None
        plan = price(inputs)
        if isinstance(plan, Plan) and goal.is_met_by(plan):
            return plan
    return None


def fee(timing: str) -> FeeRule:
    return FeeRule(
        code="service",
        name="服务费",
        payee="清禾咨询（虚构）",
        basis="ratio_of_principal",
        ratio=Decimal("0.02"),
        timing=timing,
        is_condition_of_loan=True,
        is_refundable=False,
    )


@settings(max_examples=12, deadline=None)
@given(
    rate=st.decimals("0", "0.12", places=4),
    kind=st.sampled_from(["payment", "extra", "cash"]),
    share=st.integers(80, 99),
    timing=st.sampled_from(["upfront", "spread"]),
)
def test_every_answer_is_the_brute_force_optimum(rate: Decimal, kind: Any, share: int, timing: str):
    base = base_plan(
        offers=make_offers(str(rate), 36), fees=(fee(timing),), down_payment_fen=45_000_00
    )
    now_fen = {
        "payment": base.payment_fen,
        "extra": base.extra_over_cash_fen,
        "cash": base.cash_at_delivery_fen,
    }[kind]
    goal = Goal(kind, now_fen * share // 100)

    solution = solve(base=base, goal=goal, costs_of=costs_of)

    found = {trade.lever: trade.plan for trade in solution.trades}
    assert found.get("down_payment") == brute(base, goal, "down_payment")
    assert found.get("price") == brute(base, goal, "price")


def test_a_shorter_term_is_the_way_to_pay_less_in_all_and_to_finish_earlier():
    base = base_plan(term_months=60)
    by_total = solve(base=base, goal=Goal("extra", 10_000_00)).trades
    by_date = solve(base=base, goal=Goal("last_due", on=date(2029, 11, 10)))

    assert [(trade.lever, trade.change_months) for trade in by_total] == [
        ("down_payment", 0),
        ("term", -12),
        ("price", 0),
    ]
    assert [(trade.lever, trade.change_months) for trade in by_date.trades] == [("term", -24)]
    assert solution_text(by_date).startswith("在 2029-11-10 之前还清有 1 条路：①期数 60→36（少付")


def test_a_longer_term_is_never_taken_without_saying_its_price():
    (trade,) = (
        trade
        for trade in solve(base=base_plan(), goal=Goal("payment", 3_000_00)).trades
        if trade.change_months
    )

    assert (trade.lever, trade.change_months) == ("term", 12)
    assert trade.extra_change_fen > 0


def test_what_no_single_lever_can_do_is_said():
    solution = solve(base=base_plan(), goal=Goal("payment", 1_00))

    assert solution.trades == ()
    assert solution_text(solution).endswith("只动首付、期数、车价中的一样做不到。")


@pytest.mark.parametrize(
    ("payment_max_fen", "term_months"), [(2_700_00, 48), (3_514_00, 36), (2_300_00, 60)]
)
def test_the_shortest_term_within_the_payment_is_found(payment_max_fen: int, term_months: int):
    plan = shortest_term(base_plan().inputs, payment_max_fen=payment_max_fen)

    assert isinstance(plan, Plan)
    assert plan.term_months == term_months


def test_no_term_within_the_payment_is_a_refusal():
    assert isinstance(shortest_term(base_plan().inputs, payment_max_fen=100_00), Refusal)


@pytest.mark.parametrize("fees", [(), (fee("upfront"),)])
def test_the_highest_price_is_the_brute_force_optimum(fees: tuple[FeeRule, ...]):
    inputs = base_plan(fees=fees).inputs
    cash_fen, payment_max_fen = 50_000_00, 3_000_00

    plan = affordable_price(
        inputs,
        payment_max_fen=payment_max_fen,
        cash_fen=cash_fen,
        price_max_fen=180_000_00,
        costs_of=costs_of,
        step_fen=1_000_00,
    )

    expected = _highest_price(inputs, cash_fen, payment_max_fen)
    assert isinstance(plan, Plan)
    assert (plan.inputs.car.vehicle_price_fen, plan.down_payment_fen) == expected
    assert plan.cash_at_delivery_fen <= cash_fen


def _highest_price(inputs: PlanInputs, cash_fen: int, payment_max_fen: int) -> tuple[int, int]:
    for price_fen in range(180_000_00, 100_000_00, -1_000_00):
        for down_fen in range(60_000_00, 10_000_00, -1_000_00):
            plan = price(
                replace(
                    inputs,
                    car=replace(inputs.car, vehicle_price_fen=price_fen),
                    purchase_costs=costs_of(price_fen),
                    down_payment_fen=down_fen,
                )
            )
            if isinstance(plan, Plan) and plan.cash_at_delivery_fen <= cash_fen:
                if plan.payment_fen <= payment_max_fen:
                    return price_fen, down_fen
                break
    return 0, 0


def test_a_payment_no_price_can_have_is_a_refusal():
    refusal = affordable_price(
        base_plan().inputs, payment_max_fen=1_00, cash_fen=50_000_00, price_max_fen=150_000_00
    )

    assert isinstance(refusal, Refusal)


def test_a_balloon_does_not_hide_the_payment_goal():
    base = base_plan(
        method="balloon", offers=(TermOffer(36, Decimal("0.05"), balloon_ratio=Decimal("0.3")),)
    )

    solution = solve(base=base, goal=Goal("payment", base.payment_fen - 100_00))

    assert all(trade.plan.payment_fen <= base.payment_fen - 100_00 for trade in solution.trades)
    assert solution.trades


def test_without_costs_of_a_lower_price_leaves_the_down_payment():
    base = base_plan()

    (trade,) = (
        trade
        for trade in solve(base=base, goal=Goal("payment", 3_000_00)).trades
        if trade.lever == "price"
    )

    assert trade.plan.down_payment_fen == base.down_payment_fen
    assert trade.change_fen == -17_500_00


def test_cash_below_the_least_down_payment_affords_no_price():
    refusal = affordable_price(
        base_plan().inputs, payment_max_fen=9_999_00, cash_fen=1_00, price_max_fen=150_000_00
    )

    assert isinstance(refusal, Refusal)


def test_where_every_change_breaks_a_limit_there_is_no_trade():
    least_lent = base_plan(offers=make_offers("0.0388", 36), down_payment_fen=130_000_00)

    assert solve(base=least_lent, goal=Goal("payment", 500_00)).trades == ()


@pytest.mark.parametrize("limit_below_fen", [10_00, 60_00, 100_00, 150_00, 300_00, 700_00])
def test_a_lower_price_never_lowers_the_down_payment_for_a_payment(limit_below_fen: int):
    stepped = make_version("11", principal_step_fen=1_000_00)
    base = base_plan(product=stepped, down_payment_fen=31_000_00)

    goal = Goal("payment", base.payment_fen - limit_below_fen)
    solution = solve(base=base, goal=goal, costs_of=costs_of)

    (trade,) = (trade for trade in solution.trades if trade.lever == "price")
    assert trade.plan.down_payment_fen >= base.down_payment_fen
    assert "首付" not in trade_text(trade)
