"""Many principals of one product and one term at once: columns in, columns out.

Every number equals the scalar quote to the fen; lanes that the arrays cannot decide (a tie of
rounding, a loan that rounding clears early) go back to the schedule. A block is one method and one
term, so that a faster kernel can take the place of ``price_block``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from chedai.core.loans.annuity import annuity_fraction, instalment_of
from chedai.core.loans.rates import RateError, monthly_rate
from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import Fee, LoanTerms
from chedai.core.money import round_ratio
from chedai.core.plans.plan import ContractDates, CostLine
from chedai.core.plans.pricing import cash_on_the_day, fees_of, loan_terms_of, lost_discount
from chedai.core.plans.product import ProductTerms, TermOffer

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SAFE_INT64: Final = 2**62
TIE_FEN: Final = 1e-4
"""Closer to a tie than this, float64 may round the instalment the wrong way: ask the integers."""
NEWTON_STEPS: Final = 6


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


@dataclass(frozen=True)
class _Lanes:
    """Payments by month (rows) and principal (columns), and what is taken on day 0."""

    payments_fen: Ints
    start_fen: Ints


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
    lanes = _lanes(terms, offer, principal_fen, dates)
    fees = _FeeColumns.of(terms=terms, principal_fen=principal_fen, add_ons=add_ons)
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


def monthly_rates(received_fen: Ints, paid_fen: Ints) -> Floats:
    """Solve one monthly rate per column: Newton on ``ln Σ paid v^k = ln received``.

    Rows are months. NaN where nothing is received or no single rate exists.
    """
    rates = np.full(received_fen.shape, np.nan)
    plain = (received_fen > 0) & (paid_fen >= 0).all(axis=0) & (paid_fen.sum(axis=0) > 0)
    if plain.any():
        rates[plain] = _newton(received_fen[plain].astype(float), paid_fen[:, plain].astype(float))
    for lane in np.flatnonzero(~plain & (received_fen > 0)):
        rates[lane] = _scalar_rate(int(received_fen[lane]), paid_fen[:, lane])
    return rates


def _newton(received: Floats, paid: Floats) -> Floats:
    months = np.arange(1, len(paid) + 1, dtype=float)
    total = paid.sum(axis=0)
    mean = months @ paid / total
    spread = (months**2) @ paid / total - mean**2
    target = np.log(received / total)
    y = target / mean
    y -= 0.5 * spread * y * y / mean
    for _ in range(NEWTON_STEPS):
        v = np.exp(y)
        value = np.zeros_like(v)
        slope = np.zeros_like(v)
        for row in paid[::-1]:
            slope = slope * v + value
            value = value * v + row
        y -= (np.log(value) + y - np.log(received)) / (1.0 + v * slope / value)
    rates: Floats = np.expm1(-y)
    return rates


def _scalar_rate(received_fen: int, paid_fen: Ints) -> float:
    try:
        return monthly_rate(received_fen=received_fen, paid_fen=[int(fen) for fen in paid_fen])
    except RateError:
        return float("nan")


def _headlines(paid: Ints) -> Ints:
    """The headline payment of each column; see ``headline_payment``."""
    if len(paid) < 3:
        early: Ints = (paid[:-1] if len(paid) > 1 else paid).max(axis=0)
        return early
    middle = paid[1:-1]
    is_level = middle.min(axis=0) == middle.max(axis=0)
    headlines: Ints = np.where(is_level, paid[1], paid[:-1].max(axis=0))
    return headlines


def _with_fees(payments: Ints, fees: "_FeeColumns", *, is_cost: bool) -> Ints:
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
class _FeeColumns:
    """Fees with one amount per principal."""

    fees: tuple[tuple[Fee, Ints], ...]

    @classmethod
    def of(
        cls, *, terms: ProductTerms, principal_fen: Ints, add_ons: tuple[CostLine, ...]
    ) -> "_FeeColumns":
        sample = fees_of(terms=terms, principal_fen=1, add_ons=add_ons)
        ratios = {
            rule.code: rule.ratio for rule in terms.fees if rule.basis == "ratio_of_principal"
        }
        return cls(
            tuple(
                (fee, _times(principal_fen, ratios.get(fee.code), fee.amount_fen)) for fee in sample
            )
        )

    @property
    def are_all_conditions(self) -> bool:
        return all(fee.is_condition_of_loan for fee, _ in self.fees)

    def counted(self, *, is_cost: bool) -> list[tuple[Fee, Ints]]:
        return [row for row in self.fees if row[0].is_condition_of_loan or not is_cost]

    def upfront(self, *, is_cost: bool) -> Any:
        amounts = [
            amount for fee, amount in self.counted(is_cost=is_cost) if fee.timing == "upfront"
        ]
        return sum(amounts, start=np.int64(0))


def _times(principal_fen: Ints, ratio: Decimal | None, fixed_fen: int) -> Ints:
    if ratio is None:
        return np.full(principal_fen.shape, fixed_fen, dtype=np.int64)
    part, whole = ratio.as_integer_ratio()
    if int(principal_fen.max(initial=0)) * part * 2 + whole < SAFE_INT64:
        return (2 * part * principal_fen + whole) // (2 * whole)
    return np.array([round_ratio(int(fen), ratio) for fen in principal_fen], dtype=np.int64)


def _lanes(
    terms: ProductTerms, offer: TermOffer, principal_fen: Ints, dates: ContractDates | None
) -> _Lanes:
    if not len(principal_fen):
        return _Lanes(np.zeros((offer.term_months, 0), np.int64), np.zeros(0, np.int64))
    largest = loan_terms_of(
        terms=terms, offer=offer, principal_fen=int(principal_fen.max()), dates=dates
    )
    fast = COLUMN_METHODS.get(terms.method)
    payments = fast(largest, terms, offer, principal_fen) if fast and _is_plain(largest) else None
    if payments is None:
        return _from_schedules(terms, offer, principal_fen, dates)
    return _Lanes(payments, np.zeros(len(principal_fen), np.int64))


def _is_plain(largest: LoanTerms) -> bool:
    part, whole = largest.rate_monthly_ratio
    return (
        largest.rounding == largest.interest_rounding == "half_up"
        and largest.rounding_unit_fen == 1
        and largest.rent_timing == "arrears"
        and largest.interest_days is None
        and largest.term_months > 2
        and largest.principal_fen * 2 * part + whole < SAFE_INT64
    )


def _from_schedules(
    terms: ProductTerms,
    offer: TermOffer,
    principal_fen: Ints,
    dates: ContractDates | None = None,
) -> _Lanes:
    schedules = [
        build_schedule(loan_terms_of(terms=terms, offer=offer, principal_fen=int(fen), dates=dates))
        for fen in principal_fen
    ]
    payments = np.array([schedule.instalment_fen for schedule in schedules], dtype=np.int64).T
    start = np.array([schedule.paid_at_start_fen for schedule in schedules], dtype=np.int64)
    return _Lanes(payments, start)


def _annuities(
    largest: LoanTerms, terms: ProductTerms, offer: TermOffer, principal_fen: Ints
) -> Ints:
    """Run all balances down together; the last row takes what rounding left."""
    part, whole = largest.rate_monthly_ratio
    balloon = _times(principal_fen, offer.balloon_ratio, 0)
    payment = _level_payments(largest, principal_fen, balloon)
    outstanding = principal_fen.copy()
    twice, double = 2 * part, 2 * whole
    is_regular = payment >= (outstanding * twice + whole) // double
    for _ in range(largest.term_months - 1):
        outstanding += (outstanding * twice + whole) // double - payment
    is_regular &= outstanding > balloon
    payments = np.empty((largest.term_months, len(principal_fen)), dtype=np.int64)
    payments[:-1] = payment
    payments[-1] = outstanding + (outstanding * twice + whole) // double
    return _mended(payments, is_regular, terms, offer, principal_fen)


def _mended(
    payments: Ints,
    is_regular: NDArray[np.bool_],
    terms: ProductTerms,
    offer: TermOffer,
    principal_fen: Ints,
) -> Ints:
    """Take the lanes in which rounding clears the loan early from their schedules."""
    if not is_regular.all():
        odd = np.flatnonzero(~is_regular)
        payments[:, odd] = _from_schedules(terms, offer, principal_fen[odd]).payments_fen
    return payments


def _level_payments(largest: LoanTerms, principal_fen: Ints, balloon_fen: Ints) -> Ints:
    """Round half up in float64, and by exact integers where the float is too near a tie."""
    months, rate = largest.term_months, largest.rate_monthly_ratio
    unit = 10**12
    per_principal = _quotient(annuity_fraction(principal_fen=unit, months=months, rate=rate), unit)
    with_balloon = annuity_fraction(principal_fen=unit, months=months, rate=rate, balloon_fen=unit)
    per_balloon = per_principal - _quotient(with_balloon, unit)
    exact = principal_fen * per_principal - balloon_fen * per_balloon
    payment = np.floor(exact + 0.5).astype(np.int64)
    ties = np.flatnonzero(np.abs(exact - np.floor(exact) - 0.5) < TIE_FEN)
    for lane in ties:
        payment[lane] = instalment_of(
            largest,
            principal_fen=int(principal_fen[lane]),
            months=months,
            rate=rate,
            balloon_fen=int(balloon_fen[lane]),
        )
    return payment


def _quotient(fraction: tuple[int, int], unit: int) -> float:
    numerator, denominator = fraction
    return numerator / (denominator * unit)


def _flat_fees(
    largest: LoanTerms, terms: ProductTerms, offer: TermOffer, principal_fen: Ints
) -> Ints:
    """Equal parts of principal and a fee on the original principal; the last row takes the rest."""
    months = largest.term_months
    fee = _times(principal_fen, largest.flat_fee_rate_total, 0)
    part = (2 * principal_fen + months) // (2 * months)
    payment = (2 * (principal_fen + fee) + months) // (2 * months)
    payments = np.empty((months, len(principal_fen)), dtype=np.int64)
    payments[:-1] = payment
    payments[-1] = principal_fen + fee - payment * (months - 1)
    earlier = months - 1
    is_regular = ((payment - part) * earlier <= fee) & (part * earlier <= principal_fen)
    return _mended(payments, is_regular, terms, offer, principal_fen)


def _equal_principals(
    largest: LoanTerms, _terms: ProductTerms, _offer: TermOffer, principal_fen: Ints
) -> Ints:
    part, whole = largest.rate_monthly_ratio
    months = largest.term_months
    repaid = (2 * principal_fen + months) // (2 * months)
    outstanding = principal_fen.copy()
    payments = np.empty((months, len(principal_fen)), dtype=np.int64)
    for month in range(months):
        interest = (2 * part * outstanding + whole) // (2 * whole)
        due = np.minimum(repaid, outstanding) if month < months - 1 else outstanding
        payments[month] = due + interest
        outstanding = outstanding - due
    return payments


ColumnMethod = Callable[[LoanTerms, ProductTerms, TermOffer, Ints], Ints]

COLUMN_METHODS: Final[Mapping[str, ColumnMethod]] = {
    "balloon": _annuities,
    "equal_instalment": _annuities,
    "equal_principal": _equal_principals,
    "flat_fee": _flat_fees,
    "lease_rent": _annuities,
}
"""Methods with arrays of their own; every other goes through its schedule, slower but exact."""
