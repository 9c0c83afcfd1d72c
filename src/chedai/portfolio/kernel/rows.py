"""The open items a replay fills, and their order within a contract (compiled)."""

from typing import NamedTuple

import numpy as np

from chedai.core.plans.kernel.compiling import compiled
from chedai.portfolio.kernel.shapes import Int32s, Int64s


class Rows(NamedTuple):
    """The open items to fill."""

    contract_id: Int64s
    number: Int32s
    due_on: Int32s
    open_from: Int32s
    open_until: Int32s
    principal: Int64s
    interest: Int64s
    charges: Int64s


def empty_rows(count: int) -> Rows:
    """Return room for open items."""
    wide = [np.zeros(count, dtype=np.int64) for _ in range(4)]
    days = [np.zeros(count, dtype=np.int32) for _ in range(4)]
    return Rows(wide[0], days[0], days[1], days[2], days[3], wide[1], wide[2], wide[3])


@compiled
def is_before(rows: Rows, left: int, right: int) -> bool:
    """Tell whether a row belongs before another: by due day, opening day, number."""
    if rows.due_on[left] != rows.due_on[right]:
        return bool(rows.due_on[left] < rows.due_on[right])
    if rows.open_from[left] != rows.open_from[right]:
        return bool(rows.open_from[left] < rows.open_from[right])
    return bool(rows.number[left] < rows.number[right])


@compiled
def swap(rows: Rows, left: int, right: int) -> None:
    """Exchange two rows of one contract."""
    for column in (rows.number, rows.due_on, rows.open_from, rows.open_until):
        column[left], column[right] = column[right], column[left]
    for amounts in (rows.principal, rows.interest, rows.charges):
        amounts[left], amounts[right] = amounts[right], amounts[left]


@compiled
def arrange(rows: Rows, start: int, stop: int) -> None:
    """Order the rows of one contract, which are nearly in order."""
    for row in range(start + 1, stop):
        at = row
        while at > start and is_before(rows, at, at - 1):
            swap(rows, at - 1, at)
            at -= 1
