"""Worked back from limits: with several kept at once, the best value of one thing unknown.

Exact over the steps tried: every product, and of the unknown every term or every step of money.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import lcm
from typing import Final

import numpy as np

from chedai.core.plans.bounds import financing_of, offer_of, refusal_of
from chedai.core.plans.columns import price_block
from chedai.core.plans.explanation import yuan
from chedai.core.plans.payment_columns import Ints
from chedai.core.plans.plan import CostLine, Plan
from chedai.core.plans.plan_columns import inputs_of
from chedai.core.plans.pricing import cash_before_loan, financed_extras, price
from chedai.core.plans.product import ProductVersion, TermOffer
from chedai.core.plans.search import (
    PlanNeeds,
    SearchInputs,
    SearchResult,
    months_until,
    search,
    search_at,
)
from chedai.core.plans.steps import whole_financing

NO_LIMIT_FEN: Final = 10**12
# Fees on the day may ask for a larger loan, and that for larger fees; they shrink at every turn.
FEE_TURNS_MAX: Final = 20

CostsOf = Callable[[int], tuple[CostLine, ...]]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What stays as it is unless it is the unknown."""

    term_months: int
    down_payment_fen: int


@dataclass(frozen=True, kw_only=True)
class Prices:
    """The prices of a car to try, ascending, and what is bought with it at each."""

    prices_fen: Sequence[int]
    costs_of: CostsOf


def cheapest_product(inputs: SearchInputs, needs: PlanNeeds, standing: Standing) -> Plan | None:
    """Return the plan that costs least in all, down payment and term as they are."""
    found = search_at(inputs, needs, down_payment_fen=standing.down_payment_fen)
    return _first(found, _has_term(found, standing), ())


def shortest_term(inputs: SearchInputs, needs: PlanNeeds, standing: Standing) -> Plan | None:
    """Return the plan that ends in the fewest months, down payment as it is."""
    found = search_at(inputs, needs, down_payment_fen=standing.down_payment_fen)
    return _first(found, np.arange(len(found.columns)), ("term_months",))


def smallest_down_payment(
    inputs: SearchInputs, needs: PlanNeeds, standing: Standing
) -> Plan | None:
    """Return the plan with the least down, term as it is."""
    found = search(inputs, needs)
    rows = _has_term(found, standing)
    downs = found.columns.down_payment_fen[rows]
    return _first(found, rows[downs == downs.min()] if len(rows) else rows, ())


def dearest_car(
    inputs: SearchInputs, needs: PlanNeeds, standing: Standing, prices: Prices
) -> Plan | None:
    """Return the plan of the dearest car of those tried, term as it is.

    With a limit on cash all of it goes down, so that as little as can be is borrowed; without one
    the down payment stays as it is, but for the raise to a whole loan.
    """
    rungs = [
        replace(
            inputs,
            car=replace(inputs.car, vehicle_price_fen=price_fen),
            purchase_costs=prices.costs_of(price_fen),
        )
        for price_fen in prices.prices_fen
    ]
    plans = [
        plan
        for product in inputs.products
        if product.version_id not in inputs.refused
        if (plan := _Ladder(inputs, needs, standing, rungs, product).dearest())
    ]
    return min(plans, key=_car_rank, default=None)


def change_text(plan: Plan, *, base: Plan) -> str:
    """Say what an answer brings with it against another plan, each part with its sign."""
    parts = [
        _money("比全款多付", plan.extra_over_cash_fen - base.extra_over_cash_fen),
        _money("月供", plan.payment_fen - base.payment_fen),
        _money("提车现金", plan.cash_at_delivery_fen - base.cash_at_delivery_fen),
        _months(plan.term_months - base.term_months),
    ]
    return "、".join(part for part in parts if part) or "和现在最省的方案一样"


def _has_term(found: SearchResult, standing: Standing) -> Ints:
    rows: Ints = np.flatnonzero(found.columns.attribute("term_months") == standing.term_months)
    return rows


def _first(found: SearchResult, rows: Ints, keys: tuple[str, ...]) -> Plan | None:
    """Return the first by these attributes, then the least in all, a month, and the code."""
    if not len(rows):
        return None
    codes = np.array([product.terms.code for product in found.inputs.products])
    columns = [found.columns.attribute(name)[rows] for name in keys]
    columns += [
        found.columns.attribute("extra_over_cash_fen")[rows],
        found.columns.attribute("payment_fen")[rows],
        codes[found.columns.product_index[rows]],
    ]
    return found.plan(int(rows[np.lexsort(columns[::-1])[0]]))


def _car_rank(plan: Plan) -> tuple[int, int, int, str]:
    price_fen = plan.inputs.car.vehicle_price_fen
    return (-price_fen, plan.extra_over_cash_fen, plan.payment_fen, plan.product.code)


@dataclass(frozen=True)
class _Ladder:
    """All prices of one product at one term."""

    inputs: SearchInputs
    needs: PlanNeeds
    standing: Standing
    rungs: Sequence[SearchInputs]
    product: ProductVersion

    def dearest(self) -> Plan | None:
        offer = offer_of(self.product.terms, self.standing.term_months)
        if not isinstance(offer, TermOffer) or not self._ends_in_time():
            return None
        lent = self._least_lent(offer)
        within = self._within(offer, lent)
        for place in np.flatnonzero(within)[::-1].tolist():
            plan = self._plan(place, int(lent[place]))
            if plan is not None:
                return plan
        return None

    def _ends_in_time(self) -> bool:
        latest, longest = self.needs.last_due_on_max, self.needs.term_months_max
        months = self.standing.term_months
        if longest is not None and months > longest:
            return False
        begins = self.inputs.dates_for(self.product.terms).first_due_on
        return latest is None or months <= months_until(begins, latest)

    def _least_lent(self, offer: TermOffer) -> Ints:
        """Return the least principal at each price; 0 where the product lends nothing."""
        if self.needs.cash_fen >= NO_LIMIT_FEN:
            fens = [self._lent_as_it_stands(at) for at in self.rungs]
            return np.array(fens, np.int64)
        terms = self.product.terms
        unit_fen = lcm(self.inputs.step_fen, terms.principal_step_fen)
        least_fen = -(-max(terms.principal_min_fen, 1) // unit_fen) * unit_fen
        before = self._cash_before
        lent = np.maximum(_up(before - self.needs.cash_fen, unit_fen), least_fen)
        for _ in range(FEE_TURNS_MAX):
            upfront = self._quoted(offer, lent)[2]
            short = before + upfront - lent - self.needs.cash_fen
            if (short <= 0).all():
                break
            lent = lent + np.where(short > 0, _up(short, unit_fen), 0)
        return lent

    def _within(self, offer: TermOffer, lent: Ints) -> Ints:
        """Say at which prices every limit on the plan is kept."""
        payment, extra, upfront, is_priced = self._quoted(offer, np.maximum(lent, 1))
        kept = is_priced & (lent > 0)
        needs = self.needs
        if needs.payment_max_fen is not None:
            kept &= payment <= needs.payment_max_fen
        if needs.extra_max_fen is not None:
            kept &= extra <= needs.extra_max_fen
        if needs.cash_fen < NO_LIMIT_FEN:
            kept &= self._cash_before + upfront - lent <= needs.cash_fen
        return kept

    def _plan(self, place: int, lent_fen: int) -> Plan | None:
        at = self.rungs[place]
        terms = self.product.terms
        price_fen = at.car.vehicle_price_fen - terms.loan_only_discount_fen
        rules = terms.eligibility
        most, least = rules.vehicle_price_max_fen, rules.vehicle_price_min_fen
        if (most is not None and at.car.vehicle_price_fen > most) or (
            least is not None and at.car.vehicle_price_fen < least
        ):
            return None
        extras_fen = financed_extras(at)
        down_fen = price_fen + extras_fen - lent_fen
        financing = financing_of(
            terms=terms, car=at.car, down_payment_fen=down_fen, financed_extras_fen=extras_fen
        )
        if refusal_of(terms, financing):
            return None
        plan = price(
            inputs_of(
                at,
                product=self.product,
                term_months=self.standing.term_months,
                down_payment_fen=down_fen,
            )
        )
        return plan if isinstance(plan, Plan) else None

    @cached_property
    def _cash_before(self) -> Ints:
        before = [
            cash_before_loan(
                terms=self.product.terms,
                car=at.car,
                purchase_costs=at.purchase_costs,
                add_ons=at.add_ons,
                trade_in_fen=at.trade_in_fen,
            )
            for at in self.rungs
        ]
        return np.array(before, np.int64)

    def _lent_as_it_stands(self, at: SearchInputs) -> int:
        financing = whole_financing(
            terms=self.product.terms,
            car=at.car,
            down_payment_fen=self.standing.down_payment_fen,
            financed_extras_fen=financed_extras(at),
        )
        return max(financing.principal_fen, 0)

    def _quoted(self, offer: TermOffer, lent: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        terms = self.product.terms
        asked, back = np.unique(lent, return_inverse=True)
        quotes = price_block(
            terms=terms,
            offer=offer,
            principal_fen=asked,
            add_ons=self.inputs.add_ons,
            cash_discount_fen=self.inputs.cash_discount_fen,
            dates=self.inputs.dates_for(terms),
        )
        upfront = np.broadcast_to(quotes.upfront_fen, quotes.payment_fen.shape)
        is_priced = ~np.isnan(quotes.apr_simple)
        return (
            quotes.payment_fen[back],
            quotes.extra_over_cash_fen[back],
            upfront[back],
            is_priced[back],
        )


def _up(fens: Ints, unit_fen: int) -> Ints:
    raised: Ints = -(-fens // unit_fen) * unit_fen
    return raised


def _money(label: str, fen: int) -> str:
    if not fen:
        return ""
    return f"{label}{'多' if fen > 0 else '少'} {yuan(abs(fen))}"


def _months(months: int) -> str:
    if not months:
        return ""
    return f"{'多' if months > 0 else '少'}还 {abs(months)} 个月"
