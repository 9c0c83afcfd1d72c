"""From a scene to the search: who is ruled out, which limits hold, what matters to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chedai.core.plans.eligibility import CustomerFacts, Verdict, judge
from chedai.core.plans.plan import Refusal
from chedai.core.plans.search import PlanNeeds, SearchInputs
from chedai.needs.facts import NeedFacts
from chedai.reception.queries.scenes import Scene

OBJECTIVES_SAID: Final = {
    "lowest_total": "lowest_total",
    "lowest_monthly": "lowest_monthly",
    "most_flexible": "most_flexible",
    "lowest_cash": "lowest_cash",
    "fastest": "shortest_term",
}


def customer_of(facts: NeedFacts) -> CustomerFacts:
    """Turn what the customer said about themselves into the engine's words."""
    return CustomerFacts(
        credit_histories=facts.credit_histories or None,  # type: ignore[arg-type]
        income_kind=facts.income_kind,  # type: ignore[arg-type]
        monthly_income_fen=facts.income_monthly_fen,
        has_co_borrower=bool(facts.co_borrowers) or None,
        objections=facts.refusals,  # type: ignore[arg-type]
    )


def verdicts_of(scene: Scene) -> dict[str, Verdict]:
    """Judge every product by its published conditions."""
    customer = customer_of(scene.facts)
    return {
        product.version_id: judge(
            terms=product.terms, customer=customer, car=scene.car, on=scene.on
        )
        for product in scene.products
    }


def refused_of(verdicts: Mapping[str, Verdict]) -> dict[str, Refusal]:
    """Keep the products that are ruled out, with the gravest reason."""
    return {key: refusal for key, verdict in verdicts.items() if (refusal := verdict.refusal)}


def plan_needs(scene: Scene) -> PlanNeeds:
    """State the limits the three plans keep: this down payment, the monthly limit, the term."""
    return PlanNeeds(
        cash_fen=scene.down_payment_fen,
        is_cash_for_everything=False,
        down_payment_min_fen=scene.down_payment_fen,
        payment_max_fen=scene.payment_max_fen,
        is_payment_max_hard=bool(scene.facts.is_monthly_hard),
        term_months_max=scene.facts.term_months_max,
    )


def search_inputs(scene: Scene, refused: Mapping[str, Refusal]) -> SearchInputs:
    """Search every down payment in steps of 100 yuan."""
    return SearchInputs(
        products=scene.products,
        car=scene.car,
        first_due_on=scene.first_due_on,
        refused=refused,
        purchase_costs=scene.costs,
    )


def fixed_search_inputs(scene: Scene, refused: Mapping[str, Refusal] | None = None) -> SearchInputs:
    """Search the down payment of the scene alone: its own multiple is the step."""
    ruled_out = refused_of(verdicts_of(scene)) if refused is None else refused
    return SearchInputs(
        products=scene.products,
        car=scene.car,
        first_due_on=scene.first_due_on,
        refused=ruled_out,
        purchase_costs=scene.costs,
        step_fen=scene.down_payment_fen or scene.car.vehicle_price_fen,
    )


def objectives_of(facts: NeedFacts) -> list[str]:
    """Name what the customer said they care about, in the engine's words."""
    said = [OBJECTIVES_SAID[o] for o in facts.objectives if o in OBJECTIVES_SAID]
    if facts.prepayment_month:
        said.append("most_flexible")
    return said
