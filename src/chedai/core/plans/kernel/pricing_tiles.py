"""Tiles priced one after the other (compiled): fill, write down, solve, write down."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from chedai.core.plans.kernel.columns import Floats, Ints, RateState
from chedai.core.plans.kernel.compiling import compiled, compiled_entry
from chedai.core.plans.kernel.filling import (
    fill_advance,
    fill_annuity,
    fill_at_once,
    fill_bullet,
    fill_equal_principal,
    fill_flat_fee,
    fill_parts,
)
from chedai.core.plans.kernel.shapes import Kind
from chedai.core.plans.kernel.solving import solve_months, solve_runs
from chedai.core.plans.kernel.table import Table
from chedai.core.plans.kernel.tiles import (
    AT_START,
    DISCOUNT,
    GOOD,
    LANES,
    LAST_PAID,
    MONTHS,
    NET,
    PAY,
    PRINCIPAL,
    REACHED,
    SLOPE,
    TOTAL,
    VALUE,
    WORK_SIZE,
    Answers,
    Rows,
    Store,
    Work,
    line_of,
    load,
)

ANNUITY, PARTS, FLAT_FEE = int(Kind.ANNUITY), int(Kind.PARTS), int(Kind.FLAT_FEE)
AT_ONCE, EQUAL_PRINCIPAL = int(Kind.AT_ONCE), int(Kind.EQUAL_PRINCIPAL)
ADVANCE, SCALAR = int(Kind.ADVANCE), int(Kind.SCALAR)
PriceTiles = Callable[[Ints, Table, Rows, NDArray[np.int32], Answers, Store], None]
SOLVED, NEGATIVE = int(RateState.SOLVED), int(RateState.NEGATIVE)


@compiled
def _store_places(
    table: Table,
    layout: int,
    order: NDArray[np.int32],
    begin: int,
    count: int,
    store: Store,
    place: int,
) -> None:
    for lane in range(count):
        row = order[begin + lane]
        store.start[row] = place + lane
        store.term[row] = table.term[layout]


@compiled
def _fill(work: Work, table: Table, layout: int, store: Store, place: int) -> None:
    kind = table.kind[layout]
    term = table.term[layout]
    months, base = table.months[layout], table.base[layout]
    runs = table.run_count[layout]
    if kind == ANNUITY:
        fill_annuity(work, months, base, runs, store, place)
    elif kind == PARTS:
        fill_parts(work, months, base, runs, term, store, place)
    elif kind == FLAT_FEE:
        fill_flat_fee(work, term, store, place)
    elif kind == AT_ONCE:
        fill_at_once(work, term, store, place)
    elif kind == EQUAL_PRINCIPAL:
        fill_equal_principal(work, term, store, place)
    elif kind == ADVANCE:
        fill_advance(work, term, store, place)
    else:
        fill_bullet(work, term, store, place)


@compiled
def _write_instalments(
    work: Work,
    table: Table,
    layout: int,
    order: NDArray[np.int32],
    begin: int,
    count: int,
    answers: Answers,
) -> None:
    _extremes(work, table, layout)
    for lane in range(count):
        row = order[begin + lane]
        answers.first[row] = np.int64(work[REACHED + lane])
        answers.lowest[row] = np.int64(work[VALUE + lane])
        answers.highest[row] = np.int64(work[SLOPE + lane])
        answers.last[row] = np.int64(work[LAST_PAID + lane])
        answers.at_start[row] = np.int64(work[AT_START + lane])
        charge = work[TOTAL + lane] + work[AT_START + lane] - work[PRINCIPAL + lane]
        answers.charge[row] = np.int64(charge)


@compiled
def _extremes(work: Work, table: Table, layout: int) -> None:
    """Leave month 1 in ``REACHED``, the lowest and highest of the months to show beside it."""
    term, runs = table.term[layout], table.run_count[layout]
    first_count = table.months[layout, 0] - (1 if runs == 1 else 0)
    first = line_of(work, PAY if first_count > 0 else LAST_PAID, 0)
    if term < 3:
        _take_extremes(work, first, first, first)
    elif table.kind[layout] == EQUAL_PRINCIPAL:
        # Interest falls with the balance: the middle's ends are its extremes.
        lowest, highest = line_of(work, MONTHS, term - 2), line_of(work, MONTHS, 1)
        _take_extremes(work, first, lowest, highest)
    else:
        begin = 1 if first_count == 1 else 0
        middle = line_of(work, PAY, begin)
        _take_extremes(work, first, middle, middle)
        for run in range(begin + 1, runs):
            if run < runs - 1 or table.months[layout, run] > 1:
                _widen(work, line_of(work, PAY, run))


@compiled
def _take_extremes(work: Work, first: Floats, lowest: Floats, highest: Floats) -> None:
    for lane in range(LANES):
        work[REACHED + lane] = first[lane]
        work[VALUE + lane] = lowest[lane]
        work[SLOPE + lane] = highest[lane]


@compiled
def _widen(work: Work, pay: Floats) -> None:
    for lane in range(LANES):
        lowest, highest = work[VALUE + lane], work[SLOPE + lane]
        work[VALUE + lane] = lowest if lowest < pay[lane] else pay[lane]
        work[SLOPE + lane] = highest if highest > pay[lane] else pay[lane]


@compiled
def _solve(work: Work, table: Table, layout: int) -> None:
    if table.kind[layout] == EQUAL_PRINCIPAL:
        solve_months(work, table.term[layout])
    else:
        runs = table.run_count[layout]
        solve_runs(work, table.months[layout], runs, table.term[layout])


@compiled
def _write_rates(
    work: Work, order: NDArray[np.int32], begin: int, count: int, answers: Answers
) -> None:
    for lane in range(count):
        row = order[begin + lane]
        v = work[DISCOUNT + lane]
        gap = work[TOTAL + lane] - work[NET + lane]
        answers.irr_monthly[row] = 0.0 if gap == 0.0 else (1.0 - v) / v
        answers.state[row] = NEGATIVE if gap < 0.0 else SOLVED
        answers.scalar[row] = work[GOOD + lane] == 0.0


@compiled_entry
def price_tiles(fingerprint: str) -> PriceTiles:
    """Close over what was compiled; the function returned does the work."""

    def price(
        tiles: Ints,
        table: Table,
        rows: Rows,
        order: NDArray[np.int32],
        answers: Answers,
        store: Store,
    ) -> None:
        """Price tiles, each (layout, first place in ``order``, rows, first place in ``store``)."""
        _ = fingerprint
        work = np.zeros(WORK_SIZE)
        for number in range(len(tiles)):
            layout, begin, count, place = tiles[number]
            if store.is_kept:
                _store_places(table, layout, order, begin, count, store, place)
            if table.kind[layout] == SCALAR:
                for at in range(begin, begin + count):
                    answers.scalar[order[at]] = True
            else:
                load(work, table, rows, order, begin, count, table.run_count[layout])
                _fill(work, table, layout, store, place)
                _write_instalments(work, table, layout, order, begin, count, answers)
                _solve(work, table, layout)
                _write_rates(work, order, begin, count, answers)

    return price
