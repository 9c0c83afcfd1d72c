"""The quantities a comparison needs, exact to the fen, without building a plan.

``QuoteBook`` keeps them per (version, term, principal); a full plan is built for winners only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from chedai.core.loans.annuity import instalment_of
from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import Fee, LoanTerms
from chedai.core.money import ROUNDINGS
from chedai.core.plans.blocks import Beside, Block, price_blocks
from chedai.core.plans.conditions import is_for_kernel
from chedai.core.plans.kernel.pricing import is_kernel_loaded
from chedai.core.plans.payment_columns import Ints
from chedai.core.plans.plan import ContractDates, CostLine, headline_payment
from chedai.core.plans.pricing import (
    cash_on_the_day,
    fees_of,
    loan_terms_of,
    lost_discount,
    monthly_payments,
)
from chedai.core.plans.product import ProductVersion, TermOffer

_Key = tuple[str, int, int, tuple[CostLine, ...], ContractDates | None]

LEVEL_METHODS = frozenset({"equal_instalment", "balloon"})


@dataclass(frozen=True, slots=True)
class Quote:
    """What decides a comparison; the same numbers as the plan's, to the fen.

    ``upfront_fen`` is what fees and the schedule take on the day.
    """

    payment_fen: int
    first_payment_fen: int
    last_payment_fen: int
    extra_over_cash_fen: int
    upfront_fen: int


@dataclass(frozen=True, slots=True)
class _Flow:
    """Level payments and a last one; ``charge_fen`` is everything beyond principal."""

    payment_fen: int
    last_fen: int
    charge_fen: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Principals to be quoted at one offer; the caller has checked the product's limits."""

    product: ProductVersion
    offer: TermOffer
    principals_fen: tuple[int, ...]


class QuoteBook:
    """Quotes already worked out; one book lives as long as a page of alternatives is edited."""

    def __init__(self) -> None:
        self._quotes: dict[_Key, Quote] = {}

    def quote(
        self,
        *,
        product: ProductVersion,
        offer: TermOffer,
        principal_fen: int,
        add_ons: tuple[CostLine, ...] = (),
        cash_discount_fen: int | None = None,
        dates: ContractDates | None = None,
    ) -> Quote:
        """Quote one principal; the caller has checked the product's limits."""
        dates = dates if product.terms.needs_dates else None
        key = (product.version_id, offer.term_months, principal_fen, add_ons, dates)
        quote = self._quotes.get(key)
        if quote is None:
            quote = quote_of(product, offer, principal_fen, add_ons, 0, dates)
            self._quotes[key] = quote
        lost_fen = lost_discount(product.terms, cash_discount_fen)
        base_fen = lost_discount(product.terms, 0)
        if lost_fen == base_fen:
            return quote
        extra_fen = quote.extra_over_cash_fen + lost_fen - base_fen
        return replace(quote, extra_over_cash_fen=extra_fen)

    def fill(
        self,
        wanted: Sequence[Wanted],
        *,
        add_ons: tuple[CostLine, ...] = (),
        dates: ContractDates | None = None,
    ) -> None:
        """Work out many quotes together, where the compiled kernel is loaded and knows the offer.

        Whatever is left is quoted when it is asked for: the fen are the same.
        """
        if not is_kernel_loaded():
            return
        known = [told for told in wanted if is_for_kernel(told.product.terms, told.offer)]
        keys = [self._missing(told, add_ons) for told in known]
        arrays: dict[tuple[int, ...], Ints] = {}
        blocks = []
        for told, some in zip(known, keys, strict=True):
            if some:
                fens = tuple(key[2] for key in some)
                principal_fen = arrays.setdefault(fens, np.array(fens, dtype=np.int64))
                blocks.append(Block(told.product.terms, told.offer, principal_fen))
        priced = price_blocks(blocks, Beside(add_ons=add_ons, cash_discount_fen=0, dates=dates))
        quotes = map(
            Quote,
            priced.payment_fen.tolist(),
            priced.first_payment_fen.tolist(),
            priced.last_payment_fen.tolist(),
            priced.extra_over_cash_fen.tolist(),
            priced.upfront_fen.tolist(),
        )
        self._quotes.update(zip((key for some in keys for key in some), quotes, strict=True))

    def _missing(self, told: Wanted, add_ons: tuple[CostLine, ...]) -> list[_Key]:
        version_id, term_months = told.product.version_id, told.offer.term_months
        keys = [(version_id, term_months, fen, add_ons, None) for fen in told.principals_fen]
        return [key for key in dict.fromkeys(keys) if key not in self._quotes]

    def __len__(self) -> int:
        return len(self._quotes)


def quote_of(
    product: ProductVersion,
    offer: TermOffer,
    principal_fen: int,
    add_ons: tuple[CostLine, ...],
    cash_discount_fen: int | None,
    dates: ContractDates | None = None,
) -> Quote:
    """Quote without memory."""
    terms = product.terms
    loan_terms = loan_terms_of(terms=terms, offer=offer, principal_fen=principal_fen, dates=dates)
    fees = fees_of(terms=terms, principal_fen=principal_fen, add_ons=add_ons)
    flow = level_flow(loan_terms)
    if flow is None or any(fee.timing != "upfront" or fee.is_refundable for fee in fees):
        return _quote_from_schedule(product, loan_terms, fees, cash_discount_fen)
    return Quote(
        payment_fen=flow.payment_fen,
        first_payment_fen=flow.payment_fen,
        last_payment_fen=flow.last_fen,
        extra_over_cash_fen=flow.charge_fen + _extra(product, fees, cash_discount_fen),
        upfront_fen=sum(fee.amount_fen for fee in fees),
    )


def _quote_from_schedule(
    product: ProductVersion,
    loan_terms: LoanTerms,
    fees: tuple[Fee, ...],
    cash_discount_fen: int | None,
) -> Quote:
    schedule = build_schedule(loan_terms)
    payments_fen = monthly_payments(schedule, fees)
    charge_fen = schedule.total_paid_fen - loan_terms.principal_fen
    upfront_fen = sum(fee.amount_fen for fee in fees if fee.timing == "upfront")
    return Quote(
        payment_fen=headline_payment(payments_fen),
        first_payment_fen=payments_fen[0],
        last_payment_fen=payments_fen[-1],
        extra_over_cash_fen=charge_fen + _extra(product, fees, cash_discount_fen),
        upfront_fen=upfront_fen + schedule.paid_at_start_fen,
    )


def _extra(product: ProductVersion, fees: tuple[Fee, ...], cash_discount_fen: int | None) -> int:
    charged_fen = sum(
        fee.amount_fen for fee in fees if fee.is_condition_of_loan and not fee.is_refundable
    )
    given_fen = sum(subsidy.amount_fen for subsidy in cash_on_the_day(product.terms))
    return charged_fen - given_fen + lost_discount(product.terms, cash_discount_fen)


def level_flow(terms: LoanTerms) -> _Flow | None:
    """Run an annuity without keeping its months; None when it is not level throughout.

    The interest of every month is rounded half up, so only the recurrence gives the last payment.
    """
    is_level = terms.method in LEVEL_METHODS and terms.interest_rounding == "half_up"
    if not is_level or terms.interest_days is not None or terms.term_months < 3:
        return None
    part, whole = terms.rate_monthly_ratio
    payment_fen = instalment_of(
        terms,
        principal_fen=terms.principal_fen,
        months=terms.term_months,
        rate=(part, whole),
        balloon_fen=terms.balloon_fen,
    )
    outstanding_fen = terms.principal_fen
    twice, double = 2 * part, 2 * whole
    if payment_fen < ROUNDINGS["half_up"](outstanding_fen * part, whole):
        return None
    for _ in range(terms.term_months - 1):
        outstanding_fen += (outstanding_fen * twice + whole) // double - payment_fen
    if outstanding_fen <= terms.balloon_fen:
        return None
    last_fen = outstanding_fen + ROUNDINGS["half_up"](outstanding_fen * part, whole)
    total_fen = payment_fen * (terms.term_months - 1) + last_fen
    return _Flow(payment_fen, last_fen, total_fen - terms.principal_fen)
