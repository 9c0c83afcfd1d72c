"""Conditions as arrays: what the compiled kernel looks up by condition and by tile."""

from collections.abc import Sequence
from math import expm1, log1p
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from chedai.core.loans.terms import LoanTerms
from chedai.core.plans.kernel.columns import Floats, Ints
from chedai.core.plans.kernel.shapes import RUNS_MAX, Kind, Run, Shape, shape_of

VALUE_COUNT: Final = 6
"""Columns of ``Table.values``: rate, bias, factor, half, band, unit.

The rate is the fraction of a run as a float; an amount times rate plus bias has the floor of the
exact amount rounded half up. The factor is the instalment of one fen, unit what it is a multiple
of, half what is added to the count of units before its floor, band is 1 where a tie needs the
oracle and 0 where half decides it.
"""
ADDED_BEFORE_FLOOR: Final = {"half_up": 0.5, "half_even": 0.5, "up": 1.0, "down": 0.0}
INSTALMENT_MAX_OF_INT32: Final = 2**31 - 1


class Table(NamedTuple):
    """Layouts (shape (layouts, …), int64) and conditions (shape (conditions, …)).

    ``values`` is float64 of shape (conditions, RUNS_MAX, VALUE_COUNT); a principal above ``limit``
    is left to the oracle.
    """

    kind: Ints
    run_count: Ints
    months: Ints
    base: Ints
    term: Ints
    layout: Ints
    limit: Ints
    values: Floats


def table_of(conditions: Sequence[LoanTerms]) -> Table:
    """Turn conditions into arrays; those that need the oracle have a layout of kind SCALAR."""
    shapes = [shape_of(terms) or _scalar_shape(terms) for terms in conditions]
    layouts: dict[object, int] = {}
    numbers = [layouts.setdefault(shape.layout, len(layouts)) for shape in shapes]
    firsts = [shapes[numbers.index(number)] for number in range(len(layouts))]
    return Table(
        kind=_ints([shape.kind for shape in firsts]),
        run_count=_ints([len(shape.runs) for shape in firsts]),
        months=_padded([[run.months for run in shape.runs] for shape in firsts]),
        base=_padded([[int(run.base) for run in shape.runs] for shape in firsts]),
        term=_ints([sum(run.months for run in shape.runs) for shape in firsts]),
        layout=_ints(numbers),
        limit=_ints([shape.principal_fen_max for shape in shapes]),
        values=_values(shapes),
    )


def growth_max(conditions: Sequence[LoanTerms]) -> float:
    """Return how many times the principal an instalment can reach at most."""
    return max((_growth(terms) for terms in conditions), default=1.0)


def _growth(terms: LoanTerms) -> float:
    rates = [terms.nominal_rate_annual, *(part.nominal_rate_annual for part in terms.segments)]
    years = 1 + terms.term_months / 12
    return 2 + float(max(rates)) * years + float(terms.flat_fee_rate_total or 0)


def _scalar_shape(terms: LoanTerms) -> Shape:
    return Shape(Kind.SCALAR, (Run(terms.term_months, 0, 1, terms.term_months),))


def _values(shapes: Sequence[Shape]) -> Floats:
    values = np.zeros((len(shapes), RUNS_MAX, VALUE_COUNT))
    rows = [
        (number, place, *_values_of(run, shape))
        for number, shape in enumerate(shapes)
        for place, run in enumerate(shape.runs)
    ]
    if rows:
        table = np.array(rows)
        values[table[:, 0].astype(np.intp), table[:, 1].astype(np.intp)] = table[:, 2:]
    return values


def _values_of(run: Run, shape: Shape) -> tuple[float, ...]:
    rate = run.part / run.whole
    bias = 0.5 + 0.25 / run.whole
    half = ADDED_BEFORE_FLOOR[shape.rounding]
    if run.part:
        factor = rate / -expm1(-run.spread_months * log1p(rate))
        return rate, bias, factor, half, 1.0, shape.unit_fen
    # A whole number of parts: what decides is between two of them.
    parts = run.spread_months * shape.unit_fen
    if shape.rounding == "half_even":
        return rate, bias, 1 / run.spread_months, half, 1.0, shape.unit_fen
    between = -0.5 / parts if shape.rounding == "up" else 0.25 / parts
    return rate, bias, 1 / run.spread_months, half + between, 0.0, shape.unit_fen


def _ints(numbers: Sequence[int]) -> Ints:
    return np.array(numbers, dtype=np.int64)


def _padded(rows: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    table = np.zeros((len(rows), RUNS_MAX), dtype=np.int64)
    for number, row in enumerate(rows):
        table[number, : len(row)] = row
    return table
