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
from chedai.core.plans.blocks import Beside, Block, price_blocks
from chedai.core.plans.bounds import down_payment_range
from chedai.core.plans.columns import QuoteColumns
from chedai.core.plans.dominance import (
    ATTRIBUTES,
    OWNERSHIP_RANKS,
    attributes_of,
    basis_points,
    front,
)
from chedai.core.plans.payment_columns import Ints
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
from chedai.core.plans.steps import on_whole_step

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
    """One row per plan, in blocks of one method and one term; ``attributes`` as in ATTRIBUTES.

    In memory each attribute lies apart from the others.
    """

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
        numbers = np.arange(len(self))[chosen]
        if len(numbers) == len(self) and np.asarray(chosen).dtype == np.bool_:
            return self
        return PlanColumns(
            self.product_index.take(numbers),
            self.down_payment_fen.take(numbers),
            self.apr_simple.take(numbers),
            self.attributes.T.take(numbers, axis=1).T,
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
        rows = np.arange(len(self.columns))
        for name in (*keys, *(name for name in ATTRIBUTES if name not in keys)):
            values = self.columns.attribute(name).take(rows)
            rows = rows[values == values.min()]
        return int(rows[0])


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
    """Search one down payment only, plan by plan: quicker than blocks of a single row.

    Where a product lends whole steps, its down payment is raised to the next; ``needs`` have to
    leave room for that.
    """
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
        np.array([plan.down_payment_fen for _, plan in plans], dtype=np.int64),
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
        on_whole_step(
            inputs_of(
                inputs,
                product=product,
                term_months=offer.term_months,
                down_payment_fen=down_payment_fen,
            )
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
    """Price every product that is not ruled out, sorted by method, term and product."""
    offers = sorted(
        (
            (product.terms.method, offer.term_months, index, offer)
            for index, product in enumerate(inputs.products)
            if product.version_id not in inputs.refused
            for offer in product.terms.offers
        ),
        key=lambda row: row[:3],
    )
    steps = _Steps(inputs)
    blocks = [
        (index, Block(inputs.products[index].terms, offer, steps.principals(index)))
        for _, _, index, offer in offers
        if len(steps.downs(index))
    ]
    quotes = price_blocks(
        [block for _, block in blocks],
        Beside(
            add_ons=inputs.add_ons,
            cash_discount_fen=inputs.cash_discount_fen,
            dates=ContractDates(first_due_on=inputs.first_due_on),
        ),
    )
    lengths = [len(block) for _, block in blocks]
    none = [np.zeros(0, dtype=np.int64)]
    columns = PlanColumns(
        np.repeat(np.array([index for index, _ in blocks], dtype=np.intp), lengths),
        np.concatenate([steps.downs(index) for index, _ in blocks] or none),
        quotes.apr_simple,
        _attributes(inputs, blocks, quotes),
    )
    return columns.rows(~np.isnan(quotes.apr_simple))


class _Steps:
    """Down payments and principals of each product, worked out once for all its terms."""

    def __init__(self, inputs: SearchInputs) -> None:
        self._inputs = inputs
        self._downs: dict[int, Ints] = {}

    def downs(self, index: int) -> Ints:
        downs = self._downs.get(index)
        if downs is None:
            downs = down_payment_steps(self._inputs, self._inputs.products[index].terms)
            self._downs[index] = downs
        return downs

    def principals(self, index: int) -> Ints:
        inputs, terms = self._inputs, self._inputs.products[index].terms
        price_fen = inputs.car.vehicle_price_fen - terms.loan_only_discount_fen
        return price_fen + financed_fen(inputs) - self.downs(index)


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


def _attributes(
    inputs: SearchInputs, blocks: Sequence[tuple[int, Block]], quotes: QuoteColumns
) -> Ints:
    lengths = [len(block) for _, block in blocks]

    def spread(values: Sequence[int]) -> Ints:
        return np.repeat(np.array(values, dtype=np.int64), lengths)

    cash_before = {index: _cash_before(inputs, block.terms) for index, block in blocks}
    before_fen = spread([cash_before[index] for index, _ in blocks])
    columns = {
        "payment_fen": quotes.payment_fen,
        "extra_over_cash_fen": quotes.extra_over_cash_fen,
        "apr_bp": basis_points(np.nan_to_num(quotes.apr_simple)),
        "term_months": spread([block.offer.term_months for _, block in blocks]),
        "free_from_month": spread([_free_from(block) for _, block in blocks]),
        "cash_at_delivery_fen": before_fen + quotes.upfront_fen - quotes.principal_fen,
        "ownership_rank": spread(
            [OWNERSHIP_RANKS[block.terms.contract_nature] for _, block in blocks]
        ),
    }
    return np.stack([columns[name] for name in ATTRIBUTES]).T


def _free_from(block: Block) -> int:
    return min(block.terms.prepayment.free_from_month, block.offer.term_months)


def _cash_before(inputs: SearchInputs, terms: ProductTerms) -> int:
    return cash_before_loan(
        terms=terms,
        car=inputs.car,
        purchase_costs=inputs.purchase_costs,
        add_ons=inputs.add_ons,
        trade_in_fen=inputs.trade_in_fen,
    )


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
