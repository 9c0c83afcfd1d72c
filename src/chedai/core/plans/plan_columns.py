"""Every plan that the products make of one deal, as columns: what a search chooses from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import lcm
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from chedai.core.plans.blocks import Beside, Block, price_blocks
from chedai.core.plans.bounds import down_payment_range, refusal_of
from chedai.core.plans.columns import QuoteColumns
from chedai.core.plans.conditions import is_for_kernel
from chedai.core.plans.dominance import (
    ATTRIBUTES,
    OWNERSHIP_RANKS,
    attributes_of,
    basis_points,
)
from chedai.core.plans.kernel.pricing import is_kernel_loaded
from chedai.core.plans.payment_columns import Ints
from chedai.core.plans.plan import (
    CarFacts,
    ContractDates,
    CostLine,
    Plan,
    PlanInputs,
    Refusal,
)
from chedai.core.plans.pricing import cash_before_loan, dates_of, financed_extras, price
from chedai.core.plans.product import ProductTerms, ProductVersion, TermOffer
from chedai.core.plans.steps import on_whole_step, whole_financing

DOWN_PAYMENT_STEP_FEN: Final = 100_00


@dataclass(frozen=True, kw_only=True)
class SearchInputs:
    """The deal as every product sees it; ``refused`` are products ruled out, with the reason.

    With ``disbursed_on`` every product has its own first due date, by its rule, instead of
    ``first_due_on``.
    """

    products: Sequence[ProductVersion]
    car: CarFacts
    first_due_on: date
    refused: Mapping[str, Refusal] = field(default_factory=dict)
    purchase_costs: tuple[CostLine, ...] = ()
    add_ons: tuple[CostLine, ...] = ()
    cash_discount_fen: int | None = None
    trade_in_fen: int = 0
    step_fen: int = DOWN_PAYMENT_STEP_FEN
    disbursed_on: date | None = None

    def dates_for(self, terms: ProductTerms) -> ContractDates:
        """Return the days a contract of this product would have."""
        return dates_of(terms, first_due_on=self.first_due_on, disbursed_on=self.disbursed_on)


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

    def followed_by(self, other: "PlanColumns") -> "PlanColumns":
        """Append other plans."""
        if not len(other):
            return self
        return PlanColumns(
            np.concatenate([self.product_index, other.product_index]),
            np.concatenate([self.down_payment_fen, other.down_payment_fen]),
            np.concatenate([self.apr_simple, other.apr_simple]),
            np.concatenate([self.attributes.T, other.attributes.T], axis=1).T,
        )


def inputs_of(
    inputs: SearchInputs, *, product: ProductVersion, term_months: int, down_payment_fen: int
) -> PlanInputs:
    """Spell out the inputs of one plan of a search."""
    dates = inputs.dates_for(product.terms)
    return PlanInputs(
        product=product,
        car=inputs.car,
        term_months=term_months,
        down_payment_fen=down_payment_fen,
        first_due_on=dates.first_due_on,
        disbursed_on=dates.disbursed_on,
        purchase_costs=inputs.purchase_costs,
        add_ons=inputs.add_ons,
        cash_discount_fen=inputs.cash_discount_fen,
        trade_in_fen=inputs.trade_in_fen,
    )


def price_all(inputs: SearchInputs) -> PlanColumns:
    """Price every product that is not ruled out, sorted by method, term and product.

    Refused with ``ImpossibleTermsError`` where an offer makes no contract.
    """
    offers = sorted(
        _offers(inputs),
        key=lambda row: (inputs.products[row[0]].terms.method, row[1].term_months, row[0]),
    )
    steps = _Steps(inputs)
    columns = _price_offers(
        inputs, [(index, offer) for index, offer in offers if len(steps.downs(index))], steps
    )
    return columns.rows(~np.isnan(columns.apr_simple))


def price_at(inputs: SearchInputs, *, down_payment_fen: int) -> PlanColumns:
    """Price one down payment only, in the order of products and their offers.

    Where a product lends whole steps, its down payment is raised to the next.

    What the compiled kernel knows is one batch of it; the rest, and everything before it is
    loaded, is priced plan by plan: quicker than blocks of a single row.
    """
    offers = list(_offers(inputs))
    steps = _OneStep(inputs, down_payment_fen)
    is_loaded = is_kernel_loaded()
    batch = [
        place
        for place, (index, offer) in enumerate(offers)
        if is_loaded
        and is_for_kernel(inputs.products[index].terms, offer)
        and steps.is_allowed(index)
    ]
    columns = _price_offers(inputs, [offers[place] for place in batch], steps)
    alone = [
        (place, index, plan)
        for place, (index, offer) in enumerate(offers)
        if not (is_loaded and is_for_kernel(inputs.products[index].terms, offer))
        and isinstance(plan := _plan_at(inputs, index, offer, down_payment_fen), Plan)
    ]
    joined = columns.followed_by(_columns_of([(index, plan) for _, index, plan in alone]))
    order = np.argsort([*batch, *(place for place, _, _ in alone)], kind="stable")
    return joined.rows(order[~np.isnan(joined.apr_simple[order])])


def _offers(inputs: SearchInputs) -> Iterator[tuple[int, TermOffer]]:
    for index, product in enumerate(inputs.products):
        if product.version_id not in inputs.refused:
            for offer in product.terms.offers:
                yield index, offer


def _price_offers(
    inputs: SearchInputs, offers: Sequence[tuple[int, TermOffer]], steps: "_Steps"
) -> PlanColumns:
    blocks = [
        (index, Block(terms, offer, steps.principals(index), inputs.dates_for(terms)))
        for index, offer in offers
        for terms in (inputs.products[index].terms,)
    ]
    quotes = price_blocks(
        [block for _, block in blocks],
        Beside(
            add_ons=inputs.add_ons,
            cash_discount_fen=inputs.cash_discount_fen,
        ),
    )
    lengths = [len(block) for _, block in blocks]
    none = [np.zeros(0, dtype=np.int64)]
    return PlanColumns(
        np.repeat(np.array([index for index, _ in blocks], dtype=np.intp), lengths),
        np.concatenate([steps.downs(index) for index, _ in blocks] or none),
        quotes.apr_simple,
        _attributes(inputs, blocks, quotes),
    )


class _Steps:
    """Down payments and principals of each product, worked out once for all its terms."""

    def __init__(self, inputs: SearchInputs) -> None:
        self._inputs = inputs
        self._downs: dict[int, Ints] = {}
        self._principals: dict[int, Ints] = {}

    def downs(self, index: int) -> Ints:
        downs = self._downs.get(index)
        if downs is None:
            downs = self._downs[index] = self._steps_of(self._inputs.products[index].terms)
        return downs

    def principals(self, index: int) -> Ints:
        principals = self._principals.get(index)
        if principals is None:
            inputs, terms = self._inputs, self._inputs.products[index].terms
            price_fen = inputs.car.vehicle_price_fen - terms.loan_only_discount_fen
            principals = price_fen + financed_extras(inputs) - self.downs(index)
            self._principals[index] = principals
        return principals

    def _steps_of(self, terms: ProductTerms) -> Ints:
        return down_payment_steps(self._inputs, terms)


class _OneStep(_Steps):
    """One down payment, raised to whole steps, for the products that allow it."""

    def __init__(self, inputs: SearchInputs, down_payment_fen: int) -> None:
        super().__init__(inputs)
        self._down_payment_fen = down_payment_fen

    def is_allowed(self, index: int) -> bool:
        return len(self.downs(index)) > 0

    def _steps_of(self, terms: ProductTerms) -> Ints:
        financing = whole_financing(
            terms=terms,
            car=self._inputs.car,
            down_payment_fen=self._down_payment_fen,
            financed_extras_fen=financed_extras(self._inputs),
        )
        is_refused = refusal_of(terms, financing) is not None
        return np.array([] if is_refused else [financing.down_payment_fen], dtype=np.int64)


def _plan_at(
    inputs: SearchInputs, index: int, offer: TermOffer, down_payment_fen: int
) -> Plan | Refusal:
    return price(
        on_whole_step(
            inputs_of(
                inputs,
                product=inputs.products[index],
                term_months=offer.term_months,
                down_payment_fen=down_payment_fen,
            )
        )
    )


def _columns_of(plans: Sequence[tuple[int, Plan]]) -> PlanColumns:
    count = len(plans)
    return PlanColumns(
        np.array([index for index, _ in plans], dtype=np.intp),
        np.array([plan.down_payment_fen for _, plan in plans], dtype=np.int64),
        np.array([plan.apr_simple for _, plan in plans], dtype=np.float64),
        np.array([attributes_of(plan) for _, plan in plans], dtype=np.int64).reshape(
            count, len(ATTRIBUTES)
        ),
    )


def down_payment_steps(inputs: SearchInputs, terms: ProductTerms) -> Ints:
    """Return the down payments to try: every step within the product's limits.

    A product with a step of its own has its principals on that step instead.
    """
    extras_fen = financed_extras(inputs)
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
