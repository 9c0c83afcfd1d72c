"""All products × terms × down payments at once, and the three plans to put on the table.

No input here can carry a commission: the order of plans follows from what the customer pays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import lcm
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from chedai.core.dates import add_months
from chedai.core.plans.bounds import down_payment_range
from chedai.core.plans.columns import Ints, QuoteColumns, price_block
from chedai.core.plans.dominance import ATTRIBUTES, OWNERSHIP_RANKS, attributes_of, front
from chedai.core.plans.plan import (
    CarFacts,
    ContractDates,
    CostLine,
    Plan,
    PlanInputs,
    Refusal,
)
from chedai.core.plans.pricing import cash_before_loan, price
from chedai.core.plans.product import ProductTerms, ProductVersion, TermOffer

DOWN_PAYMENT_STEP_FEN: Final = 100_00


@dataclass(frozen=True)
class Objective:
    """What a plan can be best at: its name on the card, and the attributes that decide, in turn."""

    title: str
    keys: tuple[str, ...]


OBJECTIVES: Final[Mapping[str, Objective]] = {
    "lowest_total": Objective("总钱最省", ("extra_over_cash_fen", "payment_fen")),
    "most_flexible": Objective("最灵活", ("free_from_month", "extra_over_cash_fen")),
    "lowest_monthly": Objective("月供最轻", ("payment_fen", "extra_over_cash_fen")),
    "lowest_cash": Objective("提车现金最少", ("cash_at_delivery_fen", "extra_over_cash_fen")),
    "shortest_term": Objective("还得最快", ("term_months", "extra_over_cash_fen")),
}
"""In the order in which they are tried; all remaining attributes break ties."""


@dataclass(frozen=True, kw_only=True)
class PlanNeeds:
    """What the plans must respect; None = not said.

    ``cash_fen`` is the cash on the day; with ``is_cash_for_everything`` it pays taxes and fees as
    well, else only the down payment. A soft monthly limit is kept when any plan keeps it.
    """

    cash_fen: int
    is_cash_for_everything: bool = True
    payment_max_fen: int | None = None
    is_payment_max_hard: bool = True
    term_months_max: int | None = None
    last_due_on_max: date | None = None
    extra_max_fen: int | None = None
    down_payment_min_fen: int = 0


@dataclass(frozen=True, kw_only=True)
class SearchInputs:
    """The deal as every product sees it; ``refused`` are products ruled out, with the reason."""

    products: Sequence[ProductVersion]
    car: CarFacts
    first_due_on: date
    refused: Mapping[str, Refusal] = field(default_factory=dict)
    purchase_costs: tuple[CostLine, ...] = ()
    add_ons: tuple[CostLine, ...] = ()
    cash_discount_fen: int | None = None
    trade_in_fen: int = 0
    step_fen: int = DOWN_PAYMENT_STEP_FEN


@dataclass(frozen=True)
class PlanColumns:
    """One row per plan, in blocks of one method and one term; ``attributes`` as in ATTRIBUTES."""

    product_index: NDArray[np.intp]
    down_payment_fen: Ints
    apr_simple: NDArray[np.float64]
    attributes: Ints

    def attribute(self, name: str) -> Ints:
        """Return one shown attribute of every plan."""
        column: Ints = self.attributes[:, ATTRIBUTES.index(name)]
        return column

    def __len__(self) -> int:
        return len(self.down_payment_fen)

    def rows(self, chosen: Any) -> "PlanColumns":
        """Return some of the plans, by mask or by row numbers."""
        return PlanColumns(
            self.product_index[chosen],
            self.down_payment_fen[chosen],
            self.apr_simple[chosen],
            self.attributes[chosen],
        )


@dataclass(frozen=True)
class SearchResult:
    """Every plan that meets the needs; ``considered_count`` counts those priced."""

    inputs: SearchInputs
    needs: PlanNeeds
    columns: PlanColumns
    considered_count: int
    is_over_soft_limit: bool

    def plan(self, row: int) -> Plan:
        """Build the plan of one row in full."""
        term_months = int(self.columns.attribute("term_months")[row])
        product = self.inputs.products[int(self.columns.product_index[row])]
        plan = price(
            inputs_of(
                self.inputs,
                product=product,
                term_months=term_months,
                down_payment_fen=int(self.columns.down_payment_fen[row]),
            )
        )
        assert isinstance(plan, Plan), plan
        return plan

    def front_rows(self) -> NDArray[np.intp]:
        """Rows that no other plan equals or beats on everything shown."""
        return front(self.columns.attributes)

    def best_row(self, objective: str) -> int | None:
        """Row that is best at the objective and, by its ties, dominated by none."""
        if not len(self.columns):
            return None
        keys = OBJECTIVES[objective].keys
        rest = (name for name in ATTRIBUTES if name not in keys)
        order = [self.columns.attribute(name) for name in (*keys, *rest)]
        return int(np.lexsort(order[::-1])[0])


def inputs_of(
    inputs: SearchInputs, *, product: ProductVersion, term_months: int, down_payment_fen: int
) -> PlanInputs:
    """Spell out the inputs of one plan of a search."""
    return PlanInputs(
        product=product,
        car=inputs.car,
        term_months=term_months,
        down_payment_fen=down_payment_fen,
        first_due_on=inputs.first_due_on,
        purchase_costs=inputs.purchase_costs,
        add_ons=inputs.add_ons,
        cash_discount_fen=inputs.cash_discount_fen,
        trade_in_fen=inputs.trade_in_fen,
    )


def search(inputs: SearchInputs, needs: PlanNeeds) -> SearchResult:
    """Price every plan within the products' limits and keep those that meet the needs."""
    return _keep(price_all(inputs), inputs, needs)


def search_at(inputs: SearchInputs, needs: PlanNeeds, *, down_payment_fen: int) -> SearchResult:
    """Search one down payment only, plan by plan: quicker than blocks of a single row."""
    plans = [
        (index, plan)
        for index, product in enumerate(inputs.products)
        if product.version_id not in inputs.refused
        for offer in product.terms.offers
        if isinstance(plan := _plan_at(inputs, product, offer, down_payment_fen), Plan)
    ]
    count = len(plans)
    columns = PlanColumns(
        np.array([index for index, _ in plans], dtype=np.intp),
        np.full(count, down_payment_fen, dtype=np.int64),
        np.array([plan.apr_simple for _, plan in plans], dtype=np.float64),
        np.array([attributes_of(plan) for _, plan in plans], dtype=np.int64).reshape(
            count, len(ATTRIBUTES)
        ),
    )
    return _keep(columns, inputs, needs)


def _plan_at(
    inputs: SearchInputs, product: ProductVersion, offer: TermOffer, down_payment_fen: int
) -> Plan | Refusal:
    return price(
        inputs_of(
            inputs,
            product=product,
            term_months=offer.term_months,
            down_payment_fen=down_payment_fen,
        )
    )


def _keep(every: PlanColumns, inputs: SearchInputs, needs: PlanNeeds) -> SearchResult:
    kept = every.rows(_meets(every, inputs, needs))
    limit_fen = needs.payment_max_fen
    is_over = False
    if limit_fen is not None and not needs.is_payment_max_hard:
        within = kept.attribute("payment_fen") <= limit_fen
        is_over = not within.any()
        kept = kept if is_over else kept.rows(within)
    return SearchResult(inputs, needs, kept, len(every), is_over)


def price_all(inputs: SearchInputs) -> PlanColumns:
    """Price every product that is not ruled out, block by block, sorted by method and term."""
    blocks = [
        (product.terms.method, offer.term_months, index, offer)
        for index, product in enumerate(inputs.products)
        if product.version_id not in inputs.refused
        for offer in product.terms.offers
    ]
    blocks.sort(key=lambda block: block[:3])
    priced = [
        columns
        for _, _, index, offer in blocks
        if (columns := _block(inputs, index, offer)) is not None
    ]
    if not priced:
        none = np.zeros(0, np.int64)
        attributes = np.zeros((0, len(ATTRIBUTES)), np.int64)
        return PlanColumns(none.astype(np.intp), none, none.astype(float), attributes)
    return PlanColumns(
        np.concatenate([columns.product_index for columns in priced]),
        np.concatenate([columns.down_payment_fen for columns in priced]),
        np.concatenate([columns.apr_simple for columns in priced]),
        np.concatenate([columns.attributes for columns in priced]),
    )


def down_payment_steps(inputs: SearchInputs, terms: ProductTerms) -> Ints:
    """Return the down payments to try: every step within the product's limits.

    A product with a step of its own has its principals on that step instead.
    """
    extras_fen = financed_fen(inputs)
    limits = down_payment_range(terms=terms, car=inputs.car, financed_extras_fen=extras_fen)
    if limits is None:
        return np.zeros(0, np.int64)
    lowest_fen, highest_fen = limits
    step_fen = lcm(inputs.step_fen, terms.principal_step_fen)
    if terms.principal_step_fen == 1:
        return np.arange(-(-lowest_fen // step_fen) * step_fen, highest_fen + 1, step_fen)
    total_fen = inputs.car.vehicle_price_fen - terms.loan_only_discount_fen + extras_fen
    least_fen = -(-(total_fen - highest_fen) // step_fen) * step_fen
    principals = np.arange(least_fen, total_fen - lowest_fen + 1, step_fen)
    return total_fen - principals[::-1]


def financed_fen(inputs: SearchInputs) -> int:
    """Sum of what is bought with the car and added to the loan."""
    lines = (*inputs.purchase_costs, *inputs.add_ons)
    return sum(line.amount_fen for line in lines if line.is_financed)


def _block(inputs: SearchInputs, index: int, offer: TermOffer) -> PlanColumns | None:
    terms = inputs.products[index].terms
    downs = down_payment_steps(inputs, terms)
    if not len(downs):
        return None
    price_fen = inputs.car.vehicle_price_fen - terms.loan_only_discount_fen
    quotes = price_block(
        terms=terms,
        offer=offer,
        principal_fen=price_fen + financed_fen(inputs) - downs,
        add_ons=inputs.add_ons,
        cash_discount_fen=inputs.cash_discount_fen,
        dates=ContractDates(first_due_on=inputs.first_due_on),
    )
    has_cost = ~np.isnan(quotes.apr_simple)
    columns = PlanColumns(
        np.full(len(downs), index, dtype=np.intp),
        downs,
        quotes.apr_simple,
        _attributes(inputs, terms, offer, quotes),
    )
    return columns.rows(has_cost)


def _attributes(
    inputs: SearchInputs, terms: ProductTerms, offer: TermOffer, quotes: QuoteColumns
) -> Ints:
    rows = len(quotes.principal_fen)
    free_from = min(terms.prepayment.free_from_month, offer.term_months)
    columns = {
        "payment_fen": quotes.payment_fen,
        "extra_over_cash_fen": quotes.extra_over_cash_fen,
        "apr_bp": np.rint(np.nan_to_num(quotes.apr_simple) * 10_000).astype(np.int64),
        "term_months": np.full(rows, offer.term_months),
        "free_from_month": np.full(rows, free_from),
        "cash_at_delivery_fen": _cash_at_delivery(inputs, terms, quotes),
        "ownership_rank": np.full(rows, OWNERSHIP_RANKS[terms.contract_nature]),
    }
    return np.stack([columns[name] for name in ATTRIBUTES], axis=1).astype(np.int64)


def _cash_at_delivery(inputs: SearchInputs, terms: ProductTerms, quotes: QuoteColumns) -> Ints:
    before_fen = cash_before_loan(
        terms=terms,
        car=inputs.car,
        purchase_costs=inputs.purchase_costs,
        add_ons=inputs.add_ons,
        trade_in_fen=inputs.trade_in_fen,
    )
    cash: Ints = before_fen + quotes.upfront_fen - quotes.principal_fen
    return cash


def _meets(columns: PlanColumns, inputs: SearchInputs, needs: PlanNeeds) -> NDArray[np.bool_]:
    cash = (
        columns.attribute("cash_at_delivery_fen")
        if needs.is_cash_for_everything
        else columns.down_payment_fen - inputs.trade_in_fen
    )
    meets = (cash <= needs.cash_fen) & (columns.down_payment_fen >= needs.down_payment_min_fen)
    hard_max_fen = needs.payment_max_fen if needs.is_payment_max_hard else None
    for name, most in (
        ("payment_fen", hard_max_fen),
        ("term_months", needs.term_months_max),
        ("term_months", months_until(inputs.first_due_on, needs.last_due_on_max)),
        ("extra_over_cash_fen", needs.extra_max_fen),
    ):
        if most is not None:
            meets &= columns.attribute(name) <= most
    return meets


def months_until(first_due_on: date, last_due_on_max: date | None) -> int | None:
    """Return how many instalments fit from the first due date to the latest allowed."""
    if last_due_on_max is None:
        return None
    years = last_due_on_max.year - first_due_on.year
    months = years * 12 + last_due_on_max.month - first_due_on.month
    return months + (add_months(first_due_on, months) <= last_due_on_max)
