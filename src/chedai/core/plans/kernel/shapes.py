"""How a contract's conditions look to the compiled kernel: a few runs of months and exact rates.

A method without a line in ``SHAPES``, or conditions for which its shape is None, are priced by the
scalar oracle: slower, the same to the fen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from itertools import accumulate
from math import gcd
from typing import Final, NamedTuple

from chedai.core.loans.terms import LoanTerms, RateSegment, monthly_ratio

RUNS_MAX: Final = 4
MONTHS_AFTER_RENTS: Final = 2
"""In advance: a last rent that takes what rounding left, and the month of the balloon."""
EXACT_MAX: Final = 2**48
"""``amount · part + 2 · whole`` below this: float64 rounds ``amount · part / whole`` like integers.

The exact value plus one half is a multiple of 1/(2·whole); half of that is added, so that a float
off by less than 1/(4·whole) still has the right floor. Three roundings of 2^-53 keep below it up to
2^49.
"""


class Kind(IntEnum):
    """Which loop of the kernel fills the months."""

    ANNUITY = 0
    """Runs with one instalment each, the balance run down month by month."""
    PARTS = 1
    """Equal parts of principal, the charge of a run on an amount fixed at its start."""
    FLAT_FEE = 2
    """Equal parts of principal and fee."""
    AT_ONCE = 3
    """Equal parts of principal, the fee on day 0."""
    EQUAL_PRINCIPAL = 4
    """Equal parts of principal, interest on the balance."""
    BULLET = 5
    """One payment in the last month."""
    ADVANCE = 6
    """An annuity whose first rent is paid on day 0; the last month holds the balloon alone."""
    SCALAR = 7
    """Not for the kernel."""


class Base(IntEnum):
    """What a run's rate is applied to."""

    BALANCE = 0
    INTEREST_ONLY = 1
    """The balance, and nothing of it is repaid."""
    RUN_START = 2
    ORIGINAL = 3


class Run(NamedTuple):
    """Some months with one rate, an exact fraction of the amount each month.

    ``spread_months`` is over how many months the instalment is reckoned.
    """

    months: int
    part: int
    whole: int
    spread_months: int
    base: Base = Base.BALANCE


@dataclass(frozen=True)
class Shape:
    """What the kernel needs of one contract's conditions.

    Annuities are rounded to ``unit_fen`` as ``rounding`` says, everything else half up to the fen.
    """

    kind: Kind
    runs: tuple[Run, ...]
    rounding: str = "half_up"
    unit_fen: int = 1

    @property
    def layout(self) -> tuple[Kind, tuple[tuple[int, int], ...]]:
        """What all rows of a tile have in common."""
        return self.kind, tuple((run.months, int(run.base)) for run in self.runs)

    @property
    def principal_fen_max(self) -> int:
        """The largest principal whose roundings float64 decides like integers."""
        return min(
            (EXACT_MAX - 2 * run.whole) // max(run.part, run.spread_months * self.unit_fen)
            for run in self.runs
        )


def shape_of(terms: LoanTerms) -> Shape | None:
    """Return the shape of some conditions, or None where the oracle has to price them."""
    make = SHAPES.get(terms.method)
    is_known = _is_plain(terms) and (_is_to_the_fen(terms) or terms.method in OF_ANY_ROUNDING)
    shape = make(terms) if make and is_known else None
    fits = shape is not None and len(shape.runs) <= RUNS_MAX and shape.principal_fen_max > 0
    return shape if fits else None


def _is_plain(terms: LoanTerms) -> bool:
    return (
        terms.interest_rounding == "half_up"
        and not terms.deposit_fen
        and terms.interest_days is None
    )


def _is_to_the_fen(terms: LoanTerms) -> bool:
    return terms.rounding == "half_up" and terms.rounding_unit_fen == 1


def _one_annuity(terms: LoanTerms) -> Shape:
    months = terms.term_months
    run = _run(months, terms.nominal_rate_annual, spread=months)
    return Shape(Kind.ANNUITY, (run,), terms.rounding, terms.rounding_unit_fen)


def _lease(terms: LoanTerms) -> Shape | None:
    if terms.rent_timing == "arrears":
        return _one_annuity(terms)
    months, rate = terms.term_months, terms.nominal_rate_annual
    if months <= MONTHS_AFTER_RENTS:
        return None
    rents = _run(months - MONTHS_AFTER_RENTS, rate, spread=months)
    rest = _run(MONTHS_AFTER_RENTS, rate, spread=months)
    return Shape(Kind.ADVANCE, (rents, rest), terms.rounding, terms.rounding_unit_fen)


def _interest_first(terms: LoanTerms) -> Shape:
    waiting = terms.interest_only_months or terms.term_months
    rest = terms.term_months - waiting
    rate = terms.nominal_rate_annual
    interest_only = _run(waiting, rate, spread=waiting, base=Base.INTEREST_ONLY)
    repaying = (_run(rest, rate, spread=rest),) if rest else ()
    return Shape(Kind.ANNUITY, (interest_only, *repaying))


def _stepped(terms: LoanTerms) -> Shape:
    if terms.segment_base == "outstanding":
        lengths = [segment.months for segment in terms.segments]
        remaining = [sum(lengths), *(sum(lengths) - done for done in accumulate(lengths))]
        runs = tuple(
            _run(segment.months, segment.nominal_rate_annual, spread=spread)
            for segment, spread in zip(terms.segments, remaining, strict=False)
        )
        return Shape(Kind.ANNUITY, runs)
    base = Base.ORIGINAL if terms.segment_base == "original" else Base.RUN_START
    return Shape(Kind.PARTS, tuple(_fixed_run(segment, terms, base) for segment in terms.segments))


def _fixed_run(segment: RateSegment, terms: LoanTerms, base: Base) -> Run:
    rate = segment.nominal_rate_annual
    return _run(segment.months, rate, spread=terms.term_months, base=base)


def _equal_principal(terms: LoanTerms) -> Shape:
    months = terms.term_months
    return Shape(Kind.EQUAL_PRINCIPAL, (_run(months, terms.nominal_rate_annual, spread=months),))


def _flat_fee(terms: LoanTerms) -> Shape:
    part, whole = (terms.flat_fee_rate_total or Decimal(0)).as_integer_ratio()
    kind = Kind.AT_ONCE if terms.flat_fee_timing == "upfront" else Kind.FLAT_FEE
    months = terms.term_months
    return Shape(kind, (Run(months, part, whole, months, Base.ORIGINAL),))


def _bullet(terms: LoanTerms) -> Shape:
    part, whole = monthly_ratio(terms.nominal_rate_annual)
    months = terms.term_months
    return Shape(Kind.BULLET, (_reduced(months, part * months, whole, months, Base.ORIGINAL),))


def _run(months: int, rate: Decimal, *, spread: int, base: Base = Base.BALANCE) -> Run:
    part, whole = monthly_ratio(rate)
    return _reduced(months, part, whole, spread, base)


def _reduced(months: int, part: int, whole: int, spread: int, base: Base) -> Run:
    common = gcd(part, whole)
    return Run(months, part // common, whole // common, spread, base)


OF_ANY_ROUNDING: Final = frozenset({"balloon", "equal_instalment", "lease_rent"})
"""Methods whose instalment may be rounded in any way, to any unit."""

SHAPES: Final[Mapping[str, Callable[[LoanTerms], Shape | None]]] = {
    "balloon": _one_annuity,
    "bullet": _bullet,
    "equal_instalment": _one_annuity,
    "equal_principal": _equal_principal,
    "flat_fee": _flat_fee,
    "interest_first": _interest_first,
    "lease_rent": _lease,
    "stepped": _stepped,
}
