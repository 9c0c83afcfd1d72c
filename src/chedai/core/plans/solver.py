"""What would have to change to reach a target: each way with its price, none taken silently.

Every answer is the smallest change over whole steps, found by pricing all of them.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from chedai.core.plans.bounds import down_payment_range, financing_of, offer_of, refusal_of
from chedai.core.plans.columns import QuoteColumns, price_block
from chedai.core.plans.plan import CostLine, Plan, PlanInputs, Refusal
from chedai.core.plans.pricing import cash_before_loan, financed_extras, price

STEP_FEN: Final = 100_00
BLOCK: Final = 32
"""Candidates priced at once."""
ROUNDING_STEPS: Final = 16
"""So many steps earlier than it seems a goal may be reached, because amounts are rounded."""

Lever = Literal["down_payment", "term", "price"]
GoalKind = Literal["payment", "cash", "extra", "last_due"]
CostsOf = Callable[[int], tuple[CostLine, ...]]
"""Purchase costs of a car at a price in fen: a lower price means less purchase tax."""


@dataclass(frozen=True)
class Goal:
    """At most so much a month, on the day, in all beyond the cash price; or done by a day.

    ``limit_fen`` for the first three kinds, ``on`` for ``last_due``.
    """

    kind: GoalKind
    limit_fen: int = 0
    on: date | None = None

    def is_met_by(self, plan: Plan) -> bool:
        """Whether a plan reaches the goal."""
        if self.kind == "last_due":
            return self.on is not None and plan.last_due_on <= self.on
        return MEASURES[self.kind](plan) <= self.limit_fen


MEASURES: Final[dict[str, Callable[[Plan], int]]] = {
    "payment": lambda plan: plan.payment_fen,
    "cash": lambda plan: plan.cash_at_delivery_fen,
    "extra": lambda plan: plan.extra_over_cash_fen,
}


@dataclass(frozen=True)
class Trade:
    """One way to the goal: which lever, by how much, and what it brings with it.

    ``change_fen`` is the down payment more (+) or less (−), or the price less (−);
    ``change_months`` the term longer (+) or shorter (−).
    """

    lever: Lever
    base: Plan
    plan: Plan
    change_fen: int
    change_months: int

    @property
    def extra_change_fen(self) -> int:
        """Total cost more (+) or less (−) than before."""
        return self.plan.extra_over_cash_fen - self.base.extra_over_cash_fen

    @property
    def cash_change_fen(self) -> int:
        """Cash on the day more (+) or less (−) than before."""
        return self.plan.cash_at_delivery_fen - self.base.cash_at_delivery_fen


@dataclass(frozen=True)
class Solution:
    """The ways to a goal, at most one for each lever; none needed when it is met already."""

    base: Plan
    goal: Goal
    is_met: bool
    trades: tuple[Trade, ...]


def solve(
    *, base: Plan, goal: Goal, costs_of: CostsOf | None = None, step_fen: int = STEP_FEN
) -> Solution:
    """Find the smallest change of each lever that reaches the goal.

    With ``costs_of`` a lower price also lowers purchase costs, and what that saves goes into the
    down payment, so that the customer's cash stays the same. Where cash itself is the goal, a
    lower price leaves the principal as it is.
    """
    if goal.is_met_by(base):
        return Solution(base, goal, is_met=True, trades=())
    found = (
        _by_down_payment(base, goal, step_fen),
        _by_term(base, goal),
        _by_price(base, goal, costs_of, step_fen),
    )
    trades = tuple(trade for trade in found if trade is not None)
    return Solution(base, goal, is_met=False, trades=trades)


def affordable_price(
    inputs: PlanInputs,
    *,
    payment_max_fen: int,
    cash_fen: int,
    price_max_fen: int,
    costs_of: CostsOf | None = None,
    step_fen: int = STEP_FEN,
) -> Plan | Refusal:
    """Return the plan with the highest price that payment and cash on the day allow.

    Prices are whole steps up to ``price_max_fen``; at each, the largest down payment in whole
    steps that the cash allows. ``inputs`` give product, term and everything else.
    """
    prices_fen = range(price_max_fen // step_fen * step_fen, 0, -step_fen)
    candidates = [
        spent
        for price_fen in prices_fen
        if (spent := _with_all_cash(_at_price(inputs, price_fen, costs_of), cash_fen, step_fen))
    ]
    for wanted in _within_payment(candidates, payment_max_fen):
        plan = _within_cash(wanted, cash_fen, step_fen)
        if plan is not None and plan.payment_fen <= payment_max_fen:
            return plan
    return Refusal("payment_fen", "这个月供和现金之内，这个产品没有合适的车价")


def _with_all_cash(inputs: PlanInputs, cash_fen: int, step_fen: int) -> PlanInputs | None:
    """Put all cash into the down payment, fees of the loan not yet paid from it."""
    limits = down_payment_range(
        terms=inputs.product.terms, car=inputs.car, financed_extras_fen=financed_extras(inputs)
    )
    if limits is None:
        return None
    discount_fen = inputs.product.terms.loan_only_discount_fen
    price_fen = inputs.car.vehicle_price_fen - discount_fen
    others_fen = _cash_before_loan(inputs) - price_fen - financed_extras(inputs)
    down_fen = min(cash_fen - others_fen, limits[1]) // step_fen * step_fen
    return replace(inputs, down_payment_fen=down_fen) if down_fen >= limits[0] else None


def _within_payment(candidates: list[PlanInputs], payment_max_fen: int) -> Iterator[PlanInputs]:
    """Leave out what is too dear a month even if fees took nothing from the down payment."""
    if not candidates:
        return
    payments = _quotes(candidates).payment_fen
    for lane in np.flatnonzero(payments <= payment_max_fen):
        yield candidates[int(lane)]


def _within_cash(inputs: PlanInputs, cash_fen: int, step_fen: int) -> Plan | None:
    """Lower the down payment by whole steps until fees, too, are paid from the cash."""
    plan = price(inputs)
    while isinstance(plan, Plan) and plan.cash_at_delivery_fen > cash_fen:
        steps = -(-(plan.cash_at_delivery_fen - cash_fen) // step_fen)
        down_fen = plan.down_payment_fen - steps * step_fen
        plan = price(replace(inputs, down_payment_fen=down_fen))
    return plan if isinstance(plan, Plan) else None


def shortest_term(inputs: PlanInputs, *, payment_max_fen: int) -> Plan | Refusal:
    """Return the plan with the shortest offered term that keeps to the monthly limit."""
    for offer in sorted(inputs.product.terms.offers, key=lambda offer: offer.term_months):
        plan = price(replace(inputs, term_months=offer.term_months))
        if isinstance(plan, Plan) and plan.payment_fen <= payment_max_fen:
            return plan
    return Refusal("term_months", "没有一个期限的月供在这个数以内")


def _by_down_payment(base: Plan, goal: Goal, step_fen: int) -> Trade | None:
    if goal.kind == "last_due":
        return None
    direction = -1 if goal.kind == "cash" else 1
    candidates = _down_payment_candidates(base.inputs, direction * step_fen)
    inputs = _earliest_that_meets(candidates, goal)
    if inputs is None:
        return None
    return _trade("down_payment", base, inputs, inputs.down_payment_fen - base.down_payment_fen)


def _down_payment_candidates(inputs: PlanInputs, step_fen: int) -> Iterator[PlanInputs]:
    end_fen = inputs.car.vehicle_price_fen if step_fen > 0 else -1
    for down_fen in range(inputs.down_payment_fen + step_fen, end_fen, step_fen):
        yield replace(inputs, down_payment_fen=down_fen)


def _by_term(base: Plan, goal: Goal) -> Trade | None:
    others = [
        offer.term_months for offer in base.product.offers if offer.term_months != base.term_months
    ]
    for term_months in sorted(others, key=lambda term: (abs(term - base.term_months), term)):
        plan = price(replace(base.inputs, term_months=term_months))
        if isinstance(plan, Plan) and goal.is_met_by(plan):
            return Trade("term", base, plan, 0, term_months - base.term_months)
    return None


def _by_price(base: Plan, goal: Goal, costs_of: CostsOf | None, step_fen: int) -> Trade | None:
    if goal.kind == "last_due":
        return None
    price_fen = base.inputs.car.vehicle_price_fen
    prices_fen = range(price_fen - step_fen, 0, -step_fen)

    def candidate(lower_fen: int) -> PlanInputs:
        inputs = _on_principal_step(_at_price(base.inputs, lower_fen, costs_of))
        return _with_principal_of(base, inputs) if goal.kind == "cash" else inputs

    def is_near(lower_fen: int) -> bool:
        inputs = candidate(lower_fen)
        return _is_beyond(inputs, goal) or bool(_reach([inputs], goal)[0])

    # A lower price measures less, but for roundings: what lies well before the goal is not priced.
    met_at = bisect_left(prices_fen, True, key=is_near)
    from_fen = prices_fen[max(met_at - ROUNDING_STEPS, 0) :]
    inputs = _earliest_that_meets((candidate(lower_fen) for lower_fen in from_fen), goal)
    if inputs is None:
        return None
    return _trade("price", base, inputs, inputs.car.vehicle_price_fen - price_fen)


def _on_principal_step(inputs: PlanInputs) -> PlanInputs:
    """Put less of what was saved into the down payment, until the lender can lend the rest."""
    over_fen = _principal(inputs) % inputs.product.terms.principal_step_fen
    if not over_fen:
        return inputs
    missing_fen = inputs.product.terms.principal_step_fen - over_fen
    return replace(inputs, down_payment_fen=inputs.down_payment_fen - missing_fen)


def _at_price(inputs: PlanInputs, price_fen: int, costs_of: CostsOf | None) -> PlanInputs:
    """Return the same deal at another price; saved purchase costs go into the down payment."""
    car = replace(inputs.car, vehicle_price_fen=price_fen)
    if costs_of is None:
        return replace(inputs, car=car)
    costs = costs_of(price_fen)
    saved_fen = _paid_at_once(inputs.purchase_costs) - _paid_at_once(costs)
    return replace(
        inputs,
        car=car,
        purchase_costs=costs,
        down_payment_fen=inputs.down_payment_fen + saved_fen,
    )


def _with_principal_of(base: Plan, inputs: PlanInputs) -> PlanInputs:
    """Borrow as much as before, so that what the price falls by is cash not to be brought."""
    cut_fen = base.inputs.car.vehicle_price_fen - inputs.car.vehicle_price_fen
    return replace(inputs, down_payment_fen=base.down_payment_fen - cut_fen)


def _paid_at_once(lines: tuple[CostLine, ...]) -> int:
    return sum(line.amount_fen for line in lines if not line.is_financed)


def _earliest_that_meets(candidates: Iterator[PlanInputs], goal: Goal) -> PlanInputs | None:
    """Price the candidates the product allows, block after block; the earliest to reach wins."""
    while block := list(islice(candidates, BLOCK)):
        allowed = [inputs for inputs in block if not _refused(inputs)]
        reached = np.flatnonzero(_reach(allowed, goal)) if allowed else np.array([])
        if reached.size:
            return allowed[int(reached[0])]
        if _is_beyond(block[-1], goal):
            break
    return None


def _is_beyond(inputs: PlanInputs, goal: Goal) -> bool:
    """Whether every later candidate borrows too little for the product."""
    return goal.kind != "cash" and _principal(inputs) < inputs.product.terms.principal_min_fen


def _reach(candidates: list[PlanInputs], goal: Goal) -> NDArray[np.bool_]:
    """Say which candidates reach the goal, the product's limits left aside."""
    quotes = _quotes(candidates)
    before_fen = np.array([_cash_before_loan(inputs) for inputs in candidates], dtype=np.int64)
    measured = {
        "payment": quotes.payment_fen,
        "extra": quotes.extra_over_cash_fen,
        "cash": before_fen + quotes.upfront_fen - quotes.principal_fen,
    }
    has_rate = ~np.isnan(quotes.apr_simple)
    return np.asarray((measured[goal.kind] <= goal.limit_fen) & has_rate, dtype=np.bool_)


def _quotes(candidates: list[PlanInputs]) -> QuoteColumns:
    """Price candidates of one product and term in one block."""
    sample = candidates[0]
    offer = offer_of(sample.product.terms, sample.term_months)
    assert not isinstance(offer, Refusal)
    return price_block(
        terms=sample.product.terms,
        offer=offer,
        principal_fen=np.array([_principal(inputs) for inputs in candidates], dtype=np.int64),
        add_ons=sample.add_ons,
        cash_discount_fen=sample.cash_discount_fen,
        dates=sample.dates,
    )


def _cash_before_loan(inputs: PlanInputs) -> int:
    return cash_before_loan(
        terms=inputs.product.terms,
        car=inputs.car,
        purchase_costs=inputs.purchase_costs,
        add_ons=inputs.add_ons,
        trade_in_fen=inputs.trade_in_fen,
    )


def _refused(inputs: PlanInputs) -> bool:
    financing = financing_of(
        terms=inputs.product.terms,
        car=inputs.car,
        down_payment_fen=inputs.down_payment_fen,
        financed_extras_fen=financed_extras(inputs),
    )
    return refusal_of(inputs.product.terms, financing) is not None


def _principal(inputs: PlanInputs) -> int:
    discount_fen = inputs.product.terms.loan_only_discount_fen
    car_fen = inputs.car.vehicle_price_fen - discount_fen - inputs.down_payment_fen
    return car_fen + financed_extras(inputs)


def _trade(lever: Lever, base: Plan, inputs: PlanInputs, change_fen: int) -> Trade | None:
    plan = price(inputs)
    return Trade(lever, base, plan, change_fen, 0) if isinstance(plan, Plan) else None
