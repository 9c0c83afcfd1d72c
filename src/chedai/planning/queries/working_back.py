"""Worked back from what the customer said: product, down payment, term or price as the unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from chedai.core.money import format_yuan
from chedai.core.plans.eligibility import Verdict
from chedai.core.plans.plan import FEN_PER_YUAN, CostLine, Plan, Refusal
from chedai.core.plans.search import PlanNeeds
from chedai.core.plans.steps import raised_text
from chedai.core.plans.unknowns import (
    NO_LIMIT_FEN,
    CostsOf,
    Prices,
    Standing,
    change_text,
    cheapest_product,
    dearest_car,
    shortest_term,
    smallest_down_payment,
)
from chedai.planning.queries.passing import set_with
from chedai.reception.queries.scenes import Scene, purchase_at
from chedai.reception.queries.shortlists import refused_of, search_inputs, verdicts_of

PRICE_STEP_FEN: Final = 1_000_00
# So many prices are tried below and as many above the price as it is.
PRICES_BELOW: Final = 150


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One thing worked out while the others stay; ``plan`` None where nothing keeps the limits.

    ``change`` is what it brings against the cheapest plan as the desk stands; ``values`` are the
    desk's form values that would take it, empty where nothing has to be set.
    """

    unknown: str
    stays: str
    plan: Plan | None
    words: str
    change: str
    raised_words: str
    values: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class WorkedBack:
    """Every answer, and the step in which prices were tried."""

    answers: tuple[Answer, ...]
    price_step_fen: int


def worked_back(scene: Scene, needs: PlanNeeds, *, term_sets: Iterable[str]) -> WorkedBack:
    """Answer for each unknown in turn, by what every product offers today."""
    verdicts = verdicts_of(scene)
    inputs = search_inputs(scene, refused_of(scene, verdicts))
    standing = Standing(term_months=scene.terms_months[0], down_payment_fen=scene.down_payment_fen)
    base = cheapest_product(inputs, PlanNeeds(cash_fen=NO_LIMIT_FEN), standing)
    step_fen = price_step(scene)
    # Any car of that price: neither its list price nor its appraisal is known.
    any_car = replace(
        search_inputs(scene, _refused_at_any_price(scene, verdicts)),
        car=replace(scene.car, list_price_fen=None, appraised_price_fen=None),
    )
    prices = Prices(prices_fen=_prices(scene, step_fen), costs_of=_costs_of(scene))
    term, down = f"{standing.term_months} 期", f"首付 {format_yuan(scene.down_payment_fen)}"
    price = f"车价 {format_yuan(scene.car.vehicle_price_fen)}"
    kept_cash = down if needs.cash_fen >= NO_LIMIT_FEN else "现金全放进首付"
    told = (
        ("选哪个产品", f"{price}、{down}、{term}不动", cheapest_product(inputs, needs, standing)),
        ("首付最少多少", f"{price}、{term}不动", smallest_down_payment(inputs, needs, standing)),
        ("最短分几期", f"{price}、{down}不动", shortest_term(inputs, needs, standing)),
        (
            "最贵买多少钱的车",
            f"{term}不动，{kept_cash}",
            dearest_car(any_car, needs, standing, prices),
        ),
    )
    sets = tuple(term_sets)
    return WorkedBack(
        answers=tuple(
            Answer(
                unknown=unknown,
                stays=stays,
                plan=plan,
                words=_words(unknown, plan) if plan else "",
                change=change_text(plan, base=base) if plan and base else "",
                raised_words=raised_text(plan, wanted_fen=scene.down_payment_fen) if plan else "",
                values=_values(scene, plan, sets) if plan else {},
            )
            for unknown, stays, plan in told
        ),
        price_step_fen=step_fen,
    )


def price_step(scene: Scene) -> int:
    """Return the step of the prices tried: a thousand yuan, more for a dear car."""
    return max(scene.car.vehicle_price_fen // (PRICES_BELOW * PRICE_STEP_FEN), 1) * PRICE_STEP_FEN


def _prices(scene: Scene, step_fen: int) -> range:
    highest_fen = max(2 * scene.car.vehicle_price_fen, 2 * PRICES_BELOW * PRICE_STEP_FEN)
    return range(step_fen, highest_fen + 1, step_fen)


def _costs_of(scene: Scene) -> CostsOf:
    @cache
    def costs(price_fen: int) -> tuple[CostLine, ...]:
        return purchase_at(scene, price_fen)

    return costs


def _refused_at_any_price(scene: Scene, verdicts: Mapping[str, Verdict]) -> dict[str, Refusal]:
    """Rule out what is refused for another reason than the price, which is the unknown."""
    refused = refused_of(scene, verdicts)
    for version_id, verdict in verdicts.items():
        codes = {r.code for r in verdict.reasons if r.outcome == "not_eligible"}
        if codes == {"vehicle_price"}:
            refused.pop(version_id, None)
    return refused


def _words(unknown: str, plan: Plan) -> str:
    found = {
        "选哪个产品": "能做到，这个最省",
        "首付最少多少": f"首付最少 {format_yuan(plan.down_payment_fen)}",
        "最短分几期": f"最短 {plan.term_months} 期",
        "最贵买多少钱的车": f"最贵 {format_yuan(plan.inputs.car.vehicle_price_fen)} 的车，"
        f"首付 {format_yuan(plan.down_payment_fen)}",
    }
    return found[unknown]


def _values(scene: Scene, plan: Plan, sets: tuple[str, ...]) -> dict[str, str]:
    """Say what on the desk would have to be set for this plan."""
    values = {}
    price_fen = plan.inputs.car.vehicle_price_fen
    if price_fen != scene.car.vehicle_price_fen:
        values["vehicle_price"] = str(price_fen // FEN_PER_YUAN)
        values["vehicle"] = ""
    if plan.down_payment_fen != scene.down_payment_fen:
        values["down_payment"] = _yuan(plan.down_payment_fen)
    if plan.term_months not in scene.terms_months:
        terms = set_with(plan.term_months, sets)
        if terms is None:
            return {}
        values["terms"] = terms
    return values


def _yuan(fen: int) -> str:
    yuan, rest = divmod(fen, FEN_PER_YUAN)
    return f"{yuan}.{rest:02d}" if rest else str(yuan)
