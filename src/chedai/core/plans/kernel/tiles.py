"""What one tile of lanes works on, and how rows are brought into it (compiled)."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from chedai.core.plans.kernel.columns import Floats, Ints
from chedai.core.plans.kernel.compiling import compiled, compiled_entry
from chedai.core.plans.kernel.shapes import RUNS_MAX
from chedai.core.plans.kernel.table import VALUE_COUNT, Table

Arrange = Callable[[Ints, Ints, Ints, NDArray[np.int32]], None]

LANES: Final = 64
TERM_MAX: Final = 360
LINES: Final = 20
RUN_LINES: Final = 7


class Rows(NamedTuple):
    """Loans as contiguous columns; a column of one value for all rows has one entry and step 0."""

    condition: Ints
    principal: Ints
    balloon: Ints
    taken: Ints
    first: Ints
    each: Ints
    last: Ints
    steps: Ints


class Answers(NamedTuple):
    """The columns to fill, as in ``LoanQuotes``."""

    first: Ints
    lowest: Ints
    highest: Ints
    last: Ints
    at_start: Ints
    charge: Ints
    irr_monthly: Floats
    state: NDArray[np.uint8]
    scalar: NDArray[np.bool_]


class Store(NamedTuple):
    """Where instalments go, if they are kept: of all tiles, and the first place of each row."""

    is_kept: bool
    instalment: NDArray[np.signedinteger]
    principal: NDArray[np.signedinteger]
    start: Ints
    term: Ints


Work = Floats
"""One flat array for all lines of LANES floats, so that the compiler sees that no two overlap."""

(
    PRINCIPAL,
    BALLOON,
    NET,
    ADDED_FIRST,
    ADDED_EACH,
    ADDED_LAST,
    GOOD,
    BALANCE,
    LAST_PAID,
    FEE,
    AT_START,
    TOTAL,
    DISCOUNT,
    POWER,
    SUM,
    MOMENT,
    REACHED,
    VALUE,
    SLOPE,
    STEP,
) = range(0, LANES * LINES, LANES)
"""Where each line begins. Money is in whole fen, exact. GOOD is 1.0 while the kernel may answer for
the lane, 0.0 once the oracle has to."""

(PAY, RATE, BIAS, FACTOR, HALF, BAND, UNIT) = range(
    LANES * LINES, LANES * (LINES + RUN_LINES * RUNS_MAX), LANES * RUNS_MAX
)
"""Where the lines of the runs begin, RUNS_MAX each; from RATE in the order of ``Table.values``."""

MONTHS = LANES * (LINES + RUN_LINES * RUNS_MAX)
"""Where the lines of the months begin."""

WORK_SIZE = MONTHS + LANES * TERM_MAX


@compiled
def line_of(lines: NDArray[Any], begin: int, number: int) -> NDArray[Any]:
    """Return one line of several as a view: run ``number`` of PAY, month ``number`` of MONTHS."""
    at = begin + number * LANES
    return lines[at : at + LANES]


@compiled
def load(
    work: Work,
    table: Table,
    rows: Rows,
    order: NDArray[np.int32],
    begin: int,
    count: int,
    run_count: int,
) -> None:
    """Bring rows into the lanes; lanes beyond ``count`` repeat the last row."""
    steps = rows.steps
    for lane in range(LANES):
        row = order[begin + min(lane, count - 1)]
        condition = rows.condition[row]
        principal = rows.principal[row]
        work[PRINCIPAL + lane] = principal
        work[BALLOON + lane] = rows.balloon[row * steps[0]]
        work[NET + lane] = principal - rows.taken[row * steps[1]]
        work[ADDED_FIRST + lane] = rows.first[row * steps[2]]
        work[ADDED_EACH + lane] = rows.each[row * steps[3]]
        work[ADDED_LAST + lane] = rows.last[row * steps[4]]
        work[GOOD + lane] = 1.0 if principal <= table.limit[condition] else 0.0
        for run in range(run_count):
            for column in range(VALUE_COUNT):
                line = RATE + (column * RUNS_MAX + run) * LANES
                work[line + lane] = table.values[condition, run, column]


@compiled_entry
def arrange(fingerprint: str) -> Arrange:
    """Close over what was compiled; the function returned does the work."""

    def sort(condition: Ints, layout: Ints, starts: Ints, order: NDArray[np.int32]) -> None:
        """Sort rows by layout, keeping their order; ``starts`` says where each layout begins."""
        _ = fingerprint
        for row in range(len(condition)):
            starts[layout[condition[row]] + 1] += 1
        for number in range(1, len(starts)):
            starts[number] += starts[number - 1]
        place = starts.copy()
        for row in range(len(condition)):
            number = layout[condition[row]]
            order[place[number]] = row
            place[number] += 1

    return sort
