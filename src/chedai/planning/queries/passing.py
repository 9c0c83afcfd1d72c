"""What would make it pass: for every product that does not fit as it stands, the way there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from chedai.core.plans.passing.case import (
    Binding,
    Impassable,
    LeverName,
    PassCase,
    PassNeeds,
    PassRoute,
)
from chedai.core.plans.passing.levers import LEVERS
from chedai.core.plans.passing.routes import find_pass
from chedai.core.plans.passing.targets import UNKNOWNS, TargetRoute, Unknown, solve_over_products
from chedai.core.plans.plan import FEN_PER_YUAN
from chedai.core.plans.product import ProductTerms, ProductVersion
from chedai.core.plans.solver import Goal
from chedai.core.plans.steps import whole_loan_text
from chedai.planning.queries.desk import plan_inputs
from chedai.reception.queries.scenes import Scene, purchase_at
from chedai.reception.queries.shortlists import NOT_MONTHLY, REPAID_AT_THE_END, customer_of

WITHOUT_LONGER: Final = tuple(name for name in LEVERS if name != "term")
# What the desk can be set to; everything else is for the customer to bring about.
SET_ON_DESK: Final[frozenset[LeverName]] = frozenset({"down_payment", "price", "term"})


@dataclass(frozen=True, kw_only=True)
class PassingRow:
    """A product that could be had: by which route, and without a longer term if there is one.

    ``values`` are the desk's form values that would take the route; empty where the desk cannot.
    """

    terms: ProductTerms
    route: PassRoute
    unstretched: PassRoute | None
    values: Mapping[str, str]
    raised_words: str


@dataclass(frozen=True, kw_only=True)
class BlockedRow:
    """A product that no change brings about, and what stands in the way."""

    terms: ProductTerms
    blocked: Impassable


@dataclass(frozen=True, kw_only=True)
class PassingView:
    """Products by what they ask: nothing, an answer, a change; or never."""

    fitting_count: int
    to_ask: tuple[PassingRow, ...]
    changes: tuple[PassingRow, ...]
    blocked: tuple[BlockedRow, ...]


@dataclass(frozen=True, kw_only=True)
class TargetRow:
    """A way to the target, and the desk's form values that would take it."""

    way: TargetRoute
    values: Mapping[str, str]
    raised_words: str


def passing_view(scene: Scene, *, term_sets: Iterable[str]) -> PassingView:
    """Find the way to every product, fewest and cheapest changes first."""
    sets = tuple(term_sets)
    rows: list[PassingRow] = []
    blocked: list[BlockedRow] = []
    for product in scene.products:
        found = _found(scene, product)
        if isinstance(found, Impassable):
            blocked.append(BlockedRow(terms=product.terms, blocked=found))
        else:
            rows.append(_row(scene, product, found, sets))
    rows.sort(key=_order)
    return PassingView(
        fitting_count=sum(not row.route.changes and not row.route.to_ask for row in rows),
        to_ask=tuple(row for row in rows if not row.route.changes and row.route.to_ask),
        changes=tuple(row for row in rows if row.route.changes),
        blocked=tuple(blocked),
    )


def target_rows(scene: Scene, goal: Goal, *, term_sets: Iterable[str]) -> tuple[TargetRow, ...]:
    """Find the product that reaches a target with one thing changed; the dearer cars last."""
    sets = tuple(term_sets)
    cases = [case_of(scene, p) for p in scene.products if p.terms.method not in REPAID_AT_THE_END]
    # A lower price with the same down payment borrows less: it saves no cash on the day.
    unknowns: list[Unknown] = [u for u in UNKNOWNS if goal.kind != "cash" or u != "price"]
    ways = solve_over_products(cases, goal, unknowns=unknowns)
    return tuple(
        TargetRow(
            way=way,
            values=_values(way.route, sets),
            raised_words=_raised_words(scene, way.route.plan.inputs.product),
        )
        for way in ways
    )


def case_of(scene: Scene, product: ProductVersion) -> PassCase:
    """Put a product as the desk shows it: its term nearest to the one wanted, this down payment.

    More cash than was said is the customer's to decide and has its price; the payment is a limit
    only where they said so.
    """
    wanted = scene.terms_months[0]
    offered = [offer.term_months for offer in product.terms.offers]
    term_months = min(offered, key=lambda months: abs(months - wanted))
    return PassCase(
        inputs=plan_inputs(scene, product, term_months, scene.down_payment_fen),
        customer=customer_of(scene.facts),
        on=scene.on,
        needs=PassNeeds(
            payment_max_fen=scene.payment_max_fen if scene.facts.is_monthly_hard else None,
            term_months_max=scene.facts.term_months_max,
        ),
        costs_of=lambda price_fen: purchase_at(scene, price_fen),
    )


def _found(scene: Scene, product: ProductVersion) -> PassRoute | Impassable:
    if product.terms.method in REPAID_AT_THE_END:
        return Impassable((Binding(NOT_MONTHLY.field, NOT_MONTHLY.message, is_fixed=True),))
    return find_pass(case_of(scene, product))


def _row(
    scene: Scene, product: ProductVersion, route: PassRoute, sets: tuple[str, ...]
) -> PassingRow:
    is_longer = any(change.lever == "term" and change.amount > 0 for change in route.changes)
    other = find_pass(case_of(scene, product), levers=WITHOUT_LONGER) if is_longer else None
    return PassingRow(
        terms=product.terms,
        route=route,
        unstretched=other if isinstance(other, PassRoute) else None,
        values=_values(route, sets),
        raised_words=_raised_words(scene, product),
    )


def _raised_words(scene: Scene, product: ProductVersion) -> str:
    """Say from which down payment a way begins, where a whole loan raises it."""
    down_fen = case_of(scene, product).inputs.down_payment_fen
    return whole_loan_text(down_fen) if down_fen != scene.down_payment_fen else ""


def _order(row: PassingRow) -> tuple[int, int, str]:
    return (len(row.route.changes), row.route.cost_fen, row.terms.code)


def _values(route: PassRoute, sets: tuple[str, ...]) -> dict[str, str]:
    """Say what the desk would be set to; empty where it cannot be set so."""
    levers = {change.lever for change in route.changes}
    terms = set_with(route.plan.term_months, sets) if "term" in levers else ""
    if not levers or levers - SET_ON_DESK or terms is None:
        return {}
    plan = route.plan
    values = {"down_payment": str(plan.down_payment_fen // FEN_PER_YUAN)}
    if "price" in levers:
        values["vehicle_price"] = str(plan.inputs.car.vehicle_price_fen // FEN_PER_YUAN)
    return values | ({"terms": terms} if terms else {})


def set_with(term_months: int, sets: tuple[str, ...]) -> str | None:
    """Choose the desk's columns that begin with a term, else any that hold it."""
    holding = [key for key in sets if str(term_months) in key.split("-")]
    return max(holding, key=lambda key: key.startswith(f"{term_months}-"), default=None)
