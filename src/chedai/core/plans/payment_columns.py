"""Payments of many principals of one offer: months as rows, principals as columns, whole fen.

Every amount equals the schedule's; lanes that the arrays cannot decide (the edge of a rounding, a
loan that rounding clears early) are taken from their schedules.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from chedai.core.loans.annuity import annuity_fraction
from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import LoanTerms
from chedai.core.money import round_ratio
from chedai.core.plans.plan import ContractDates
from chedai.core.plans.pricing import loan_terms_of
from chedai.core.plans.product import ProductTerms, TermOffer

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SAFE_INT64: Final = 2**62
TIE_FEN: Final = 1e-4
"""Closer to an edge than this, float64 may round the instalment the wrong way: ask the integers."""
UNDECIDED: Final = -1
YEAR_DAYS_MAX: Final = 366
FLOAT_ROUNDINGS: Final[Mapping[str, Callable[[Floats], Floats]]] = {
    "half_up": lambda units: np.floor(units + 0.5),
    "half_even": np.rint,
    "up": np.ceil,
    "down": np.floor,
}


@dataclass(frozen=True)
class PaymentColumns:
    """Payments by month (rows) and principal (columns), and what is taken on day 0."""

    payments_fen: Ints
    start_fen: Ints


@dataclass(frozen=True)
class _Lanes:
    """Principals of one offer, and the contract of the largest of them."""

    terms: ProductTerms
    offer: TermOffer
    principal_fen: Ints
    dates: ContractDates | None
    largest: LoanTerms

    @property
    def balloon_fen(self) -> Ints:
        return times(self.principal_fen, self.offer.balloon_ratio, 0)

    def interest(self, outstanding: Ints, month: int) -> Ints:
        """Interest of one month (from 1) on each balance, rounded half up."""
        part, whole = self.largest.rate_monthly_ratio
        days, regular = self.largest.month_factor(month)
        interest: Ints = (2 * part * days * outstanding + whole * regular) // (2 * whole * regular)
        return interest

    def only(self, lanes: NDArray[np.intp]) -> "_Lanes":
        return replace(self, principal_fen=self.principal_fen[lanes])

    def paid(self, payments: Ints) -> PaymentColumns:
        return PaymentColumns(payments, np.zeros(len(self.principal_fen), np.int64))

    def mended(self, columns: PaymentColumns, is_regular: NDArray[np.bool_]) -> PaymentColumns:
        """Take the other lanes from their schedules."""
        odd = np.flatnonzero(~is_regular)
        if len(odd):
            exact = _from_schedules(self.only(odd))
            columns.payments_fen[:, odd] = exact.payments_fen
            columns.start_fen[odd] = exact.start_fen
        return columns


def payments_of(
    *,
    terms: ProductTerms,
    offer: TermOffer,
    principal_fen: Ints,
    dates: ContractDates | None = None,
) -> PaymentColumns:
    """Lay out the payments of every principal, fees apart."""
    if not len(principal_fen):
        return PaymentColumns(np.zeros((offer.term_months, 0), np.int64), np.zeros(0, np.int64))
    largest = loan_terms_of(
        terms=terms, offer=offer, principal_fen=int(principal_fen.max()), dates=dates
    )
    lanes = _Lanes(terms, offer, principal_fen, dates, largest)
    fast = COLUMN_METHODS.get(terms.method)
    return fast(lanes) if fast and _is_plain(largest) else _from_schedules(lanes)


def _is_plain(largest: LoanTerms) -> bool:
    part, whole = largest.rate_monthly_ratio
    days = largest.interest_days
    is_to_the_fen = largest.rounding == "half_up" and largest.rounding_unit_fen == 1
    return (
        (is_to_the_fen or largest.method in METHODS_OF_ANY_ROUNDING)
        and largest.interest_rounding == "half_up"
        and (days is None or days.disbursed_on == days.regular_from)
        and largest.term_months > 2
        and (largest.principal_fen * 2 * part + whole) * YEAR_DAYS_MAX * 12 < SAFE_INT64
    )


def _from_schedules(lanes: _Lanes) -> PaymentColumns:
    schedules = [
        build_schedule(
            loan_terms_of(
                terms=lanes.terms, offer=lanes.offer, principal_fen=int(fen), dates=lanes.dates
            )
        )
        for fen in lanes.principal_fen
    ]
    payments = np.array([schedule.instalment_fen for schedule in schedules], dtype=np.int64).T
    start = np.array([schedule.paid_at_start_fen for schedule in schedules], dtype=np.int64)
    return PaymentColumns(payments, start)


def _annuities(lanes: _Lanes) -> PaymentColumns:
    """Run all balances down together; the last row takes what rounding left."""
    payment = _level_payments(lanes)
    balloon = lanes.balloon_fen
    payments, is_regular = _run_down(
        lanes, outstanding=lanes.principal_fen, payment=payment, leave=balloon
    )
    return lanes.mended(lanes.paid(payments), is_regular)


def _run_down(
    lanes: _Lanes, *, outstanding: Ints, payment: Ints, leave: Ints
) -> tuple[Ints, NDArray[np.bool_]]:
    """Return all months, the last with the whole balance, and where they are as simple as that."""
    months = lanes.largest.term_months
    outstanding = outstanding.copy()
    is_regular = np.ones(len(outstanding), dtype=np.bool_)
    for month in range(1, months):
        interest = lanes.interest(outstanding, month)
        if month == 1 or lanes.largest.interest_days:
            is_regular &= payment >= interest
        outstanding += interest - payment
    is_regular &= outstanding > leave
    payments = np.empty((months, len(outstanding)), dtype=np.int64)
    payments[:-1] = payment
    payments[-1] = outstanding + lanes.interest(outstanding, months)
    return payments, is_regular


def _rents(lanes: _Lanes) -> PaymentColumns:
    """In advance the first rent is paid on day 0 and month n holds the residual alone."""
    if lanes.largest.rent_timing == "arrears":
        return _annuities(lanes)
    part, whole = lanes.largest.rate_monthly_ratio
    rent = _level_payments(lanes, factor=whole / (whole + part))
    residual = lanes.balloon_fen
    # What the residual is worth a month before it falls due, as in the schedule.
    leave = residual - (2 * part * residual + whole + part) // (2 * (whole + part))
    outstanding = lanes.principal_fen - rent
    is_regular = outstanding > leave
    payments = np.empty((lanes.largest.term_months, len(rent)), dtype=np.int64)
    for month in range(lanes.largest.term_months - 2):
        interest = lanes.interest(outstanding, month + 1)
        is_regular &= rent >= interest
        outstanding += interest - rent
        payments[month] = rent
    is_regular &= outstanding > leave
    interest = lanes.interest(outstanding, lanes.largest.term_months - 1)
    payments[-2] = outstanding - leave + interest
    payments[-1] = residual
    return lanes.mended(PaymentColumns(payments, rent.copy()), is_regular)


def _level_payments(lanes: _Lanes, factor: float = 1.0) -> Ints:
    """Return the instalment of each principal, times a factor, as ``_rounded`` leaves it."""
    largest = lanes.largest
    months, rate = largest.term_months, largest.rate_monthly_ratio
    unit = 10**12
    per_principal = _quotient(annuity_fraction(principal_fen=unit, months=months, rate=rate), unit)
    with_balloon = annuity_fraction(principal_fen=unit, months=months, rate=rate, balloon_fen=unit)
    per_balloon = per_principal - _quotient(with_balloon, unit)
    exact = lanes.principal_fen * per_principal - lanes.balloon_fen * per_balloon
    return _rounded(largest, exact * factor)


def _rounded(largest: LoanTerms, exact_fen: Floats) -> Ints:
    """Round in float64; lanes too near the edge of a rounding come out as UNDECIDED."""
    units = exact_fen / largest.rounding_unit_fen
    edge = 0.5 if largest.rounding.startswith("half") else 0.0
    is_near = np.abs(units - edge - np.rint(units - edge)) * largest.rounding_unit_fen < TIE_FEN
    rounded = FLOAT_ROUNDINGS[largest.rounding](units).astype(np.int64)
    return np.where(is_near, UNDECIDED, rounded * largest.rounding_unit_fen)


def _quotient(fraction: tuple[int, int], unit: int) -> float:
    numerator, denominator = fraction
    return numerator / (denominator * unit)


def _seasonal(lanes: _Lanes) -> PaymentColumns:
    """Usual months pay ``P·i + P/S``, slack months their share of its principal."""
    largest = lanes.largest
    part, whole = largest.rate_monthly_ratio
    ratio, rate = largest.slack_principal_ratio, part / whole
    share, shares = ratio.as_integer_ratio()
    total, growth = 0.0, 1.0
    for month in range(largest.term_months, 0, -1):
        weight = float(ratio) if largest.is_slack(month) else 1.0
        total += weight * growth
        growth *= 1 + weight * rate
    usual = _rounded(largest, lanes.principal_fen.astype(np.float64) * (rate + 1 / total))
    outstanding = lanes.principal_fen.copy()
    payments = np.empty((largest.term_months, len(usual)), dtype=np.int64)
    for month in range(1, largest.term_months + 1):
        interest = lanes.interest(outstanding, month)
        repaid = np.maximum(usual - interest, 0)
        if largest.is_slack(month):
            repaid = (2 * share * repaid + shares) // (2 * shares)
        due = np.minimum(repaid, outstanding) if month < largest.term_months else outstanding
        payments[month - 1] = due + interest
        outstanding = outstanding - due
    return lanes.mended(lanes.paid(payments), usual != UNDECIDED)


def _flat_fees(lanes: _Lanes) -> PaymentColumns:
    """Equal parts of principal and a fee on the original principal; the last row takes the rest."""
    principal_fen, months = lanes.principal_fen, lanes.largest.term_months
    fee = times(principal_fen, lanes.largest.flat_fee_rate_total, 0)
    part = (2 * principal_fen + months) // (2 * months)
    payment = (2 * (principal_fen + fee) + months) // (2 * months)
    payments = np.empty((months, len(principal_fen)), dtype=np.int64)
    payments[:-1] = payment
    payments[-1] = principal_fen + fee - payment * (months - 1)
    earlier = months - 1
    is_regular = ((payment - part) * earlier <= fee) & (part * earlier <= principal_fen)
    return lanes.mended(lanes.paid(payments), is_regular)


def _equal_principals(lanes: _Lanes) -> PaymentColumns:
    months = lanes.largest.term_months
    repaid = (2 * lanes.principal_fen + months) // (2 * months)
    outstanding = lanes.principal_fen.copy()
    payments = np.empty((months, len(outstanding)), dtype=np.int64)
    for month in range(1, months + 1):
        due = np.minimum(repaid, outstanding) if month < months else outstanding
        payments[month - 1] = due + lanes.interest(outstanding, month)
        outstanding = outstanding - due
    return lanes.paid(payments)


COLUMN_METHODS: Final[Mapping[str, Callable[[_Lanes], PaymentColumns]]] = {
    "balloon": _annuities,
    "equal_instalment": _annuities,
    "equal_principal": _equal_principals,
    "flat_fee": _flat_fees,
    "lease_rent": _rents,
    "seasonal": _seasonal,
}
"""Methods with arrays of their own; every other goes through its schedule, slower but exact."""
METHODS_OF_ANY_ROUNDING: Final = frozenset(
    {"balloon", "equal_instalment", "lease_rent", "seasonal"}
)


def times(principal_fen: Ints, ratio: Decimal | None, fixed_fen: int) -> Ints:
    """Return a share of each principal, rounded half up; without a ratio the fixed amount."""
    if ratio is None:
        return np.full(principal_fen.shape, fixed_fen, dtype=np.int64)
    part, whole = ratio.as_integer_ratio()
    if int(principal_fen.max(initial=0)) * part * 2 + whole < SAFE_INT64:
        return (2 * part * principal_fen + whole) // (2 * whole)
    return np.array([round_ratio(int(fen), ratio) for fen in principal_fen], dtype=np.int64)
