"""Many principals of one product and one term at once: columns in, columns out.

Every number equals the scalar quote to the fen; lanes that the arrays cannot decide (a tie of
rounding, a loan that rounding clears early) go back to the schedule. A block is one method and one
term; ``blocks`` prices many of them, by the compiled kernel once that is loaded.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from chedai.core.loans.terms import Fee
from chedai.core.plans.conditions import sample_fees
from chedai.core.plans.payment_columns import SAFE_INT64, Floats, Ints, payments_of, times
from chedai.core.plans.plan import ContractDates, CostLine
from chedai.core.plans.pricing import cash_on_the_day, lost_discount
from chedai.core.plans.product import ProductTerms, TermOffer
from chedai.core.plans.rate_columns import monthly_rates

__all__ = ["SAFE_INT64", "FeeColumns", "Floats", "Ints", "QuoteColumns", "price_block"]


@dataclass(frozen=True)
class QuoteColumns:
    """One row per principal; fields as in ``Quote``, and the annual cost (12 × IRR, a ratio)."""

    principal_fen: Ints
    payment_fen: Ints
    first_payment_fen: Ints
    last_payment_fen: Ints
    extra_over_cash_fen: Ints
    upfront_fen: Ints
    apr_simple: Floats


def price_block(
    *,
    terms: ProductTerms,
    offer: TermOffer,
    principal_fen: Ints,
    add_ons: tuple[CostLine, ...] = (),
    cash_discount_fen: int | None = None,
    dates: ContractDates | None = None,
) -> QuoteColumns:
    """Price every principal of one offer; the caller keeps to the product's limits.

    ``dates`` decide where the product counts days or has slack months.

    Fees that reach the principal leave no annual cost: such rows have NaN.
    """
    lanes = payments_of(terms=terms, offer=offer, principal_fen=principal_fen, dates=dates)
    fees = FeeColumns.of(terms=terms, principal_fen=principal_fen, add_ons=add_ons)
    paid = _with_fees(lanes.payments_fen, fees, is_cost=False)
    cost = paid if fees.are_all_conditions else _with_fees(lanes.payments_fen, fees, is_cost=True)
    given_fen = sum(subsidy.amount_fen for subsidy in cash_on_the_day(terms))
    lost_fen = lost_discount(terms, cash_discount_fen)
    conditional_upfront = fees.upfront(is_cost=True)
    received = principal_fen - lanes.start_fen - conditional_upfront + (given_fen - lost_fen)
    return QuoteColumns(
        principal_fen=principal_fen,
        payment_fen=_headlines(paid),
        first_payment_fen=paid[0],
        last_payment_fen=paid[-1],
        extra_over_cash_fen=cost.sum(axis=0) - received,
        upfront_fen=fees.upfront(is_cost=False) + lanes.start_fen,
        apr_simple=12 * monthly_rates(received, cost),
    )


def _headlines(paid: Ints) -> Ints:
    """The headline payment of each column; see ``headline_payment``."""
    if len(paid) < 3:
        early: Ints = (paid[:-1] if len(paid) > 1 else paid).max(axis=0)
        return early
    middle = paid[1:-1]
    is_level = middle.min(axis=0) == middle.max(axis=0)
    headlines: Ints = np.where(is_level, paid[1], paid[:-1].max(axis=0))
    return headlines


def _with_fees(payments: Ints, fees: "FeeColumns", *, is_cost: bool) -> Ints:
    paid = payments.copy()
    months = len(paid)
    for fee, amount in fees.counted(is_cost=is_cost):
        if fee.timing == "spread":
            each = amount // months
            paid += each
            paid[-1] += amount - each * months
        elif fee.timing != "upfront":
            paid[0 if fee.timing == "first_instalment" else -1] += amount
        if fee.is_refundable:
            paid[-1] -= amount
    return paid


@dataclass(frozen=True)
class FeeColumns:
    """Fees with one amount per principal."""

    fees: tuple[tuple[Fee, Ints], ...]

    @classmethod
    def of(
        cls, *, terms: ProductTerms, principal_fen: Ints, add_ons: tuple[CostLine, ...]
    ) -> "FeeColumns":
        """Work out every fee of the product, and insisted add-ons, for each principal."""
        sample = sample_fees(terms, add_ons)
        ratios = {
            rule.code: rule.ratio for rule in terms.fees if rule.basis == "ratio_of_principal"
        }
        return cls(
            tuple(
                (fee, times(principal_fen, ratios.get(fee.code), fee.amount_fen)) for fee in sample
            )
        )

    @property
    def are_all_conditions(self) -> bool:
        """Whether every fee is part of the cost of credit."""
        return all(fee.is_condition_of_loan for fee, _ in self.fees)

    def counted(self, *, is_cost: bool) -> list[tuple[Fee, Ints]]:
        """List the fees with their amounts: those of the cost of credit, or all."""
        return [row for row in self.fees if row[0].is_condition_of_loan or not is_cost]

    def upfront(self, *, is_cost: bool) -> Any:
        """Sum what is paid on day 0."""
        amounts = [
            amount for fee, amount in self.counted(is_cost=is_cost) if fee.timing == "upfront"
        ]
        return sum(amounts, start=np.int64(0))
