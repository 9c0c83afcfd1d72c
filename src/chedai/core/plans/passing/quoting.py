"""Quotes of one term by principal, each worked out once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chedai.core.loans.terms import ImpossibleTermsError
from chedai.core.plans.columns import Ints, price_block
from chedai.core.plans.plan import ContractDates, CostLine
from chedai.core.plans.product import ProductTerms, TermOffer

_NONE = (0, 0, 0, 0)


@dataclass(frozen=True)
class QuoteRows:
    """One row per principal asked for; ``is_priced`` is false where no plan can be made."""

    payment_fen: Ints
    extra_over_cash_fen: Ints
    upfront_fen: Ints
    is_priced: NDArray[np.bool_]


class QuoteTable:
    """Quotes of one product and term, remembered by principal."""

    def __init__(
        self,
        *,
        terms: ProductTerms,
        offer: TermOffer,
        add_ons: tuple[CostLine, ...],
        cash_discount_fen: int | None,
        dates: ContractDates,
    ) -> None:
        self._terms = terms
        self._offer = offer
        self._add_ons = add_ons
        self._cash_discount_fen = cash_discount_fen
        self._dates = dates
        self._known: dict[int, tuple[int, int, int, int]] = {}

    def at(self, principal_fen: Ints) -> QuoteRows:
        """Quote these principals, all above 0."""
        asked, back = np.unique(principal_fen, return_inverse=True)
        self._learn([fen for fen in asked.tolist() if fen not in self._known])
        rows = np.array([self._known[fen] for fen in asked.tolist()], np.int64).reshape(-1, 4)
        rows = rows[back.reshape(-1)]
        return QuoteRows(rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3] == 1)

    def _learn(self, principals_fen: list[int]) -> None:
        if not principals_fen:
            return
        try:
            self._price(principals_fen)
        except ImpossibleTermsError:
            if len(principals_fen) == 1:
                self._known[principals_fen[0]] = _NONE
                return
            for fen in principals_fen:
                self._learn([fen])

    def _price(self, principals_fen: list[int]) -> None:
        quotes = price_block(
            terms=self._terms,
            offer=self._offer,
            principal_fen=np.array(principals_fen, np.int64),
            add_ons=self._add_ons,
            cash_discount_fen=self._cash_discount_fen,
            dates=self._dates,
        )
        columns = (
            quotes.payment_fen,
            quotes.extra_over_cash_fen,
            np.broadcast_to(quotes.upfront_fen, quotes.payment_fen.shape),
            ~np.isnan(quotes.apr_simple),
        )
        rows = zip(*(column.astype(np.int64).tolist() for column in columns), strict=True)
        self._known.update(zip(principals_fen, rows, strict=True))
