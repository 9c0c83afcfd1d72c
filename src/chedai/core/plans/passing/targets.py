"""Which product reaches a target, and what has to change where none does as it stands.

One thing is unknown at a time; everything else stays. A longer term is never taken silently: it is
an answer of its own, with its months and its price.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from chedai.core.money import format_yuan
from chedai.core.plans.passing.case import LeverName, PassCase, PassNeeds, PassRoute
from chedai.core.plans.passing.routes import RouteFinder
from chedai.core.plans.solver import Goal, GoalKind

Unknown = Literal["product", "down_payment", "term", "price"]

UNKNOWNS: Final[Mapping[Unknown, tuple[str, tuple[LeverName, ...]]]] = {
    "product": ("换产品，别的不动", ()),
    "down_payment": ("动首付", ("down_payment",)),
    "term": ("动期数", ("term",)),
    "price": ("动车价", ("price",)),
}
"""What may be unknown: how it is called, and the levers that are moved for it."""

_NEEDS: Final[Mapping[GoalKind, Callable[[PassNeeds, Goal], PassNeeds]]] = {
    "payment": lambda needs, goal: replace(needs, payment_max_fen=goal.limit_fen),
    "cash": lambda needs, goal: replace(needs, cash_max_fen=goal.limit_fen),
    "extra": lambda needs, goal: replace(needs, extra_max_fen=goal.limit_fen),
    "last_due": lambda needs, goal: replace(needs, last_due_on_max=goal.on),
}
_GOAL_WORDS: Final[Mapping[GoalKind, Callable[[Goal], str]]] = {
    "payment": lambda goal: f"月供不超过 {format_yuan(goal.limit_fen)}",
    "cash": lambda goal: f"提车现金不超过 {format_yuan(goal.limit_fen)}",
    "extra": lambda goal: f"比全款多付不超过 {format_yuan(goal.limit_fen)}",
    "last_due": lambda goal: f"在 {goal.on} 前还清",
}


@dataclass(frozen=True)
class TargetRoute:
    """The product that reaches the target with one thing unknown, and how."""

    unknown: Unknown
    route: PassRoute

    @property
    def label(self) -> str:
        """What was left open."""
        return UNKNOWNS[self.unknown][0]

    @property
    def text(self) -> str:
        """Which product, what changes, and what it costs in all."""
        plan = self.route.plan
        said = self.route.text or "照现在的首付、期数、车价就能做到"
        return f"{plan.product.lender_name}「{plan.product.name}」：{said}"


def solve_over_products(
    cases: Sequence[PassCase],
    goal: Goal,
    *,
    unknowns: Sequence[Unknown] = tuple(UNKNOWNS),
) -> tuple[TargetRoute, ...]:
    """Return for each unknown the product that reaches the target most cheaply, if any does.

    Cheapest is the lowest cost of the change, then the least over the cash price, then the payment.
    A product that asks for what the customer does not want, or needs somebody else to sign, is left
    out; so is an unknown whose answer changes nothing.
    """
    finders = [
        RouteFinder(replace(case, needs=_NEEDS[goal.kind](case.needs, goal))) for case in cases
    ]
    found = (_cheapest(finders, unknown) for unknown in unknowns)
    return tuple(route for route in found if route is not None)


def goal_text(goal: Goal) -> str:
    """Say a target."""
    return _GOAL_WORDS[goal.kind](goal)


def _cheapest(finders: Sequence[RouteFinder], unknown: Unknown) -> TargetRoute | None:
    levers = UNKNOWNS[unknown][1]
    routes = (finder.route(levers=levers, changes_max=len(levers)) for finder in finders)
    ways = [route for route in routes if route and len(route.changes) == len(levers)]
    best = min(ways, key=_rank, default=None)
    return None if best is None else TargetRoute(unknown, best)


def _rank(route: PassRoute) -> tuple[int, int, int, tuple[str, int, int]]:
    plan = route.plan
    return (route.cost_fen, plan.extra_over_cash_fen, plan.payment_fen, plan.key)
