"""Three terms by three down payments: in each cell the plan that costs least in all."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from chedai.core.loans.terms import ImpossibleTermsError
from chedai.core.plans.bounds import (
    down_payment_range,
    offer_of,
    refusal_of,
)
from chedai.core.plans.plan import (
    CarFacts,
    ContractDates,
    CostLine,
    Plan,
    PlanInputs,
    Refusal,
    whole_yuan_up,
)
from chedai.core.plans.pricing import dates_of, financed_extras, price
from chedai.core.plans.product import ProductTerms, ProductVersion, TermOffer
from chedai.core.plans.quotes import Quote, QuoteBook, Wanted
from chedai.core.plans.steps import on_whole_step, raised_text, whole_financing

CellState = Literal["fits", "over_budget", "impossible"]


@dataclass(frozen=True, kw_only=True)
class MatrixCell:
    """One cell; ``plan`` is None exactly when the state is ``impossible``.

    ``reasons`` says for every product that cannot make the cell why not.
    ``over_budget_fen`` is by how much the monthly payment exceeds the limit, 0 within it.
    """

    term_months: int
    down_payment_fen: int
    state: CellState
    plan: Plan | None
    over_budget_fen: int
    reasons: tuple[tuple[str, Refusal], ...]

    @property
    def label(self) -> str:
        """State as icon and text, e.g. ``⚠超预算 132``."""
        if self.state == "over_budget":
            return f"⚠超预算 {whole_yuan_up(self.over_budget_fen):,}"
        return "✓符合" if self.state == "fits" else "✕产品不支持"

    @property
    def raised_words(self) -> str:
        """That more goes down than the row says, for a whole loan; mostly empty."""
        return raised_text(self.plan, wanted_fen=self.down_payment_fen) if self.plan else ""

    @property
    def reason(self) -> str:
        """Why there is no plan, in the words of the product nearest to one."""
        return self.reasons[0][1].message if self.plan is None and self.reasons else ""


@dataclass(frozen=True)
class Matrix:
    """Rows are down payments, columns are terms."""

    terms_months: tuple[int, ...]
    down_payments_fen: tuple[int, ...]
    rows: tuple[tuple[MatrixCell, ...], ...]


@dataclass(frozen=True, kw_only=True)
class MatrixInputs:
    """What all cells share.

    ``refused`` are products that the car or the customer rules out, with the reason.
    ``disbursed_on`` gives every product its own first due date instead of ``first_due_on``.
    ``chosen_version_id`` limits the matrix to one product.
    """

    products: Sequence[ProductVersion]
    car: CarFacts
    first_due_on: date
    payment_max_fen: int | None = None
    refused: Mapping[str, Refusal] | None = None
    chosen_version_id: str | None = None
    purchase_costs: tuple[CostLine, ...] = ()
    add_ons: tuple[CostLine, ...] = ()
    cash_discount_fen: int | None = None
    trade_in_fen: int = 0
    disbursed_on: date | None = None

    def dates_for(self, terms: ProductTerms) -> ContractDates:
        """Return the days a contract of this product would have."""
        return dates_of(terms, first_due_on=self.first_due_on, disbursed_on=self.disbursed_on)


def around(*, base_fen: int, increment_fen: int) -> tuple[int, int, int]:
    """Return three down payments: one step below, the base, one step above; never negative."""
    return (max(base_fen - increment_fen, 0), base_fen, base_fen + increment_fen)


def price_matrix(
    inputs: MatrixInputs,
    *,
    terms_months: tuple[int, ...],
    down_payments_fen: tuple[int, ...],
    book: QuoteBook | None = None,
) -> Matrix:
    """Price every cell; a book kept between edits makes the next call cheaper."""
    table = QuoteTable(
        inputs,
        terms_months=terms_months,
        down_payments_fen=down_payments_fen,
        book=QuoteBook() if book is None else book,
    )
    return Matrix(
        terms_months=terms_months,
        down_payments_fen=down_payments_fen,
        rows=tuple(
            tuple(_cell(table, term_months, down_fen) for term_months in terms_months)
            for down_fen in down_payments_fen
        ),
    )


class QuoteTable:
    """Quotes of many products at some terms and down payments, without building a plan.

    Days, limits and offers are looked up once for each product; what the compiled kernel prices is
    quoted together, the rest when it is asked for.
    """

    def __init__(
        self,
        inputs: MatrixInputs,
        *,
        terms_months: Collection[int],
        down_payments_fen: tuple[int, ...],
        book: QuoteBook,
    ) -> None:
        chosen = inputs.chosen_version_id
        self.inputs = inputs
        self.products = [p for p in inputs.products if chosen in {None, p.version_id}]
        self._book = book
        self._refused = inputs.refused or {}
        self._offers: dict[tuple[str, int], TermOffer] = {}
        self._principals: dict[tuple[str, int], int | Refusal] = {}
        self._dates: dict[str, ContractDates] = {}
        extras_fen = financed_extras(inputs)
        wanted: list[Wanted] = []
        for product in self.products:
            if product.version_id not in self._refused:
                fens = self._lend(product, down_payments_fen, extras_fen)
                for offer in product.terms.offers:
                    if offer.term_months in terms_months:
                        self._offers[product.version_id, offer.term_months] = offer
                        wanted.append(Wanted(product, offer, fens))
        book.fill(wanted, add_ons=inputs.add_ons)

    def quote(self, product: ProductVersion, term_months: int, down_fen: int) -> Quote | Refusal:
        """Quote one product at one term and down payment; refuses what ``price`` refuses."""
        version_id = product.version_id
        refusal = self._refused.get(version_id)
        if refusal:
            return refusal
        offer = self._offers.get((version_id, term_months)) or offer_of(product.terms, term_months)
        principal_fen = self._principals[version_id, down_fen]
        if isinstance(offer, Refusal):
            return offer
        if isinstance(principal_fen, Refusal):
            return principal_fen
        try:
            return self._book.quote(
                product=product,
                offer=offer,
                principal_fen=principal_fen,
                add_ons=self.inputs.add_ons,
                cash_discount_fen=self.inputs.cash_discount_fen,
                dates=self._dates[version_id],
            )
        except ImpossibleTermsError as impossible:
            return Refusal(impossible.field, impossible.message_zh)

    def _lend(
        self, product: ProductVersion, down_payments_fen: tuple[int, ...], extras_fen: int
    ) -> tuple[int, ...]:
        """Note what the product lends at each down payment, and return it."""
        terms = product.terms
        self._dates[product.version_id] = self.inputs.dates_for(terms)
        limits = down_payment_range(
            terms=terms, car=self.inputs.car, financed_extras_fen=extras_fen
        )
        told = [
            _principal(self.inputs, terms, down_fen, extras_fen, limits)
            for down_fen in down_payments_fen
        ]
        for down_fen, principal_fen in zip(down_payments_fen, told, strict=True):
            self._principals[product.version_id, down_fen] = principal_fen
        return tuple(fen for fen in told if isinstance(fen, int))


def _principal(
    inputs: MatrixInputs,
    terms: ProductTerms,
    down_fen: int,
    extras_fen: int,
    limits: tuple[int, int] | None,
) -> int | Refusal:
    """Return the principal in whole steps, or the limit in the way: looked for only beyond them."""
    financing = whole_financing(
        terms=terms, car=inputs.car, down_payment_fen=down_fen, financed_extras_fen=extras_fen
    )
    if limits and limits[0] <= financing.down_payment_fen <= limits[1]:
        return financing.principal_fen
    return refusal_of(terms, financing) or financing.principal_fen


def _cell(table: QuoteTable, term_months: int, down_fen: int) -> MatrixCell:
    reasons: list[tuple[str, Refusal]] = []
    quoted: list[tuple[int, int, str, int]] = []
    for number, product in enumerate(table.products):
        quote = table.quote(product, term_months, down_fen)
        if isinstance(quote, Refusal):
            reasons.append((product.terms.code, quote))
        else:
            key = (quote.extra_over_cash_fen, quote.payment_fen, product.terms.code)
            quoted.append((*key, number))
    wanted = (
        plan_inputs(table.inputs, table.products[number], term_months, down_fen)
        for *_, number in sorted(quoted)
    )
    plan = _cheapest(wanted, reasons)
    over_fen = _over_budget(plan, table.inputs.payment_max_fen)
    return MatrixCell(
        term_months=term_months,
        down_payment_fen=down_fen,
        state="impossible" if plan is None else "over_budget" if over_fen else "fits",
        plan=plan,
        over_budget_fen=over_fen,
        reasons=tuple(reasons),
    )


def plan_inputs(
    inputs: MatrixInputs, product: ProductVersion, term_months: int, down_payment_fen: int
) -> PlanInputs:
    """Spell out the inputs of one product in one cell, the down payment raised to a whole loan."""
    dates = inputs.dates_for(product.terms)
    return on_whole_step(
        PlanInputs(
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
    )


def _cheapest(wanted: Iterable[PlanInputs], reasons: list[tuple[str, Refusal]]) -> Plan | None:
    """Build the first that can be; one that proves impossible when built joins the reasons."""
    for inputs in wanted:
        plan = price(inputs)
        if isinstance(plan, Plan):
            return plan
        reasons.append((inputs.product.terms.code, plan))
    return None


def _over_budget(plan: Plan | None, payment_max_fen: int | None) -> int:
    if plan is None or payment_max_fen is None:
        return 0
    return max(plan.payment_fen - payment_max_fen, 0)
