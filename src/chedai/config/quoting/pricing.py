"""Offers priced together: one call of the batched kernel for many rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Final

import numpy as np

from chedai.config.quoting.faults import Fault
from chedai.config.quoting.offers import Offer
from chedai.core.money import AMOUNT_FEN_MAX
from chedai.core.plans.kernel.columns import LoanColumns, LoanQuotes, RateState
from chedai.core.plans.kernel.pricing import price_columns

STATES: Final = {state.value: state.name.lower() for state in RateState}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The cost of one offer; whole fen, ratios a year, None where no single rate fits.

    ``first_``, ``highest_`` and ``last_payment_fen`` have the monthly fee in them.
    ``paid_at_start_fen`` is fees and what the schedule itself takes on day 0.
    """

    offer: Offer
    first_payment_fen: int
    highest_payment_fen: int
    last_payment_fen: int
    paid_at_start_fen: int
    total_charge_fen: int
    total_paid_fen: int
    extra_over_cash_fen: int
    apr_simple: float | None
    apr_compound: float | None
    rate_state: str


def price_offers(offers: Sequence[Offer], *, threads: int = 1) -> list[Quote | tuple[Fault, ...]]:
    """Price every offer in its order; one too large to be added up says so."""
    fits = [_fits(offer) for offer in offers]
    good = [offer for offer, is_good in zip(offers, fits, strict=True) if is_good]
    priced = _quotes(good, price_columns(_columns(good), threads=threads))
    return [next(priced) if is_good else (TOO_LARGE,) for is_good in fits]


TOO_LARGE: Final = Fault("principal_yuan", "金额合起来超出可处理范围，请核对单位是否为元")


def _fits(offer: Offer) -> bool:
    beside_fen = offer.fees_fen + offer.lost_discount_fen + offer.rebate_fen
    return beside_fen <= AMOUNT_FEN_MAX and offer.monthly_fee_fen <= AMOUNT_FEN_MAX


def _columns(offers: Sequence[Offer]) -> LoanColumns:
    terms = tuple(offer.terms for offer in offers)
    return LoanColumns.of(
        conditions=terms,
        condition_index=np.arange(len(terms), dtype=np.int64),
        principal_fen=_ints([one.principal_fen for one in terms]),
        balloon_fen=_ints([one.balloon_fen for one in terms]),
        taken_at_start_fen=_ints(
            [one.fees_fen + one.lost_discount_fen - one.rebate_fen for one in offers]
        ),
        added_each_fen=_ints([one.monthly_fee_fen for one in offers]),
    )


def _ints(numbers: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(numbers, dtype=np.int64)


def _quotes(offers: Sequence[Offer], priced: LoanQuotes) -> Iterator[Quote]:
    rows = zip(
        offers,
        priced.first_fen.tolist(),
        np.maximum(np.maximum(priced.first_fen, priced.highest_fen), priced.last_fen).tolist(),
        priced.last_fen.tolist(),
        priced.paid_at_start_fen.tolist(),
        priced.total_charge_fen.tolist(),
        priced.irr_monthly.tolist(),
        priced.rate_state.tolist(),
        strict=True,
    )
    for offer, first, highest, last, at_start, charge, rate, state in rows:
        fees_fen = offer.fees_fen + offer.monthly_fee_fen * offer.terms.term_months
        yield Quote(
            offer=offer,
            first_payment_fen=first + offer.monthly_fee_fen,
            highest_payment_fen=highest + offer.monthly_fee_fen,
            last_payment_fen=last + offer.monthly_fee_fen,
            paid_at_start_fen=at_start + offer.fees_fen,
            total_charge_fen=charge + fees_fen,
            total_paid_fen=offer.terms.principal_fen + charge + fees_fen,
            extra_over_cash_fen=charge + fees_fen + offer.lost_discount_fen - offer.rebate_fen,
            apr_simple=None if isnan(rate) else 12 * rate,
            apr_compound=None if isnan(rate) else (1 + rate) ** 12 - 1,
            rate_state=STATES[state],
        )
