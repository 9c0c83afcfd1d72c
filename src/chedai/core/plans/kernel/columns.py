"""Many loans in, many quotes out: one array per field, one row per loan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from chedai.core.loans.methods import method_named
from chedai.core.loans.terms import LoanTerms
from chedai.core.money import AMOUNT_FEN_MAX, format_yuan
from chedai.core.notebook import table_html

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

METHODS_WITH_BALLOON: Final = frozenset({"balloon", "lease_rent"})


class LoanColumnsError(ValueError):
    """A column does not fit the others, or a row lies outside what a loan can be."""


class RateState(IntEnum):
    """What is known about a row's internal rate of return."""

    SOLVED = 0
    NEGATIVE = 1
    """Solved, and below zero: less is paid than was received."""
    NO_RATE = 2
    """Nothing received, nothing paid, or no rate fits: ``irr_monthly`` is NaN."""
    SEVERAL_RATES = 3
    """More than one rate fits and none is named: ``irr_monthly`` is NaN."""


@dataclass(frozen=True, kw_only=True)
class LoanColumns:
    """Loans as columns; every array has shape (rows,) and dtype int64, money in whole fen.

    Attributes
    ----------
    conditions
        The contracts' conditions, each told once. Their own ``principal_fen`` and ``balloon_fen``
        are replaced row by row.
    condition_index
        Which of the conditions a row has.
    principal_fen
        1 to ``AMOUNT_FEN_MAX``.
    balloon_fen
        0 to the principal; only methods with a balloon take one.
    taken_at_start_fen
        Kept back or paid on day 0 beside the schedule's own payments: fees less subsidies, plus a
        lost discount. May be negative.
    added_first_fen, added_each_fen, added_last_fen
        Paid beside the instalments in month 1, in every month, in the last month; negative where
        money comes back. They enter the rate alone.

    Raises
    ------
    LoanColumnsError
        Shapes or types differ, or a value is out of bounds; the message names the column.
    """

    conditions: tuple[LoanTerms, ...]
    condition_index: Ints
    principal_fen: Ints
    balloon_fen: Ints
    taken_at_start_fen: Ints
    added_first_fen: Ints
    added_each_fen: Ints
    added_last_fen: Ints

    def __post_init__(self) -> None:
        for name in COLUMN_NAMES:
            self._check_shape(name)
        if not len(self):
            return
        _check_between("condition_index", self.condition_index, 0, len(self.conditions) - 1)
        _check_between("principal_fen", self.principal_fen, 1, AMOUNT_FEN_MAX)
        _check_between("balloon_fen", self.balloon_fen, 0, AMOUNT_FEN_MAX)
        for name in BESIDE_NAMES:
            _check_between(name, getattr(self, name), -AMOUNT_FEN_MAX, AMOUNT_FEN_MAX)
        self._check_balloons()

    def __len__(self) -> int:
        return len(self.principal_fen)

    @classmethod
    def of(
        cls,
        *,
        conditions: Sequence[LoanTerms],
        condition_index: Ints,
        principal_fen: Ints,
        balloon_fen: Ints | None = None,
        taken_at_start_fen: Ints | None = None,
        added_first_fen: Ints | None = None,
        added_each_fen: Ints | None = None,
        added_last_fen: Ints | None = None,
    ) -> "LoanColumns":
        """Fill columns that are left out with zeros; refused as the class says."""
        nothing = np.broadcast_to(np.int64(0), np.shape(principal_fen))
        return cls(
            conditions=tuple(conditions),
            condition_index=condition_index,
            principal_fen=principal_fen,
            balloon_fen=nothing if balloon_fen is None else balloon_fen,
            taken_at_start_fen=nothing if taken_at_start_fen is None else taken_at_start_fen,
            added_first_fen=nothing if added_first_fen is None else added_first_fen,
            added_each_fen=nothing if added_each_fen is None else added_each_fen,
            added_last_fen=nothing if added_last_fen is None else added_last_fen,
        )

    @classmethod
    def of_terms(cls, terms: Sequence[LoanTerms]) -> "LoanColumns":
        """Take each contract as one row with conditions of its own."""
        return cls.of(
            conditions=terms,
            condition_index=np.arange(len(terms), dtype=np.int64),
            principal_fen=np.array([row.principal_fen for row in terms], dtype=np.int64),
            balloon_fen=np.array([row.balloon_fen for row in terms], dtype=np.int64),
        )

    def terms_of(self, row: int) -> LoanTerms:
        """Spell out one row as the contract that the scalar oracle prices."""
        return replace(
            self.conditions[int(self.condition_index[row])],
            principal_fen=int(self.principal_fen[row]),
            balloon_fen=int(self.balloon_fen[row]),
        )

    def _check_shape(self, name: str) -> None:
        column = getattr(self, name)
        if column.shape != (len(self),) or column.dtype != np.int64:
            raise LoanColumnsError(f"{name} 须为长度 {len(self)} 的 int64 数组")

    def _check_balloons(self) -> None:
        for terms in self.conditions:
            method_named(terms.method)
        if not self.balloon_fen.any():
            return
        if (self.balloon_fen > self.principal_fen).any():
            raise LoanColumnsError("balloon_fen 须在 0 与贷款本金之间")
        takes = np.array([terms.method in METHODS_WITH_BALLOON for terms in self.conditions])
        if self.balloon_fen[~takes[self.condition_index]].any():
            raise LoanColumnsError("balloon_fen 不适用于该还款方式")


BESIDE_NAMES: Final = (
    "taken_at_start_fen",
    "added_first_fen",
    "added_each_fen",
    "added_last_fen",
)
COLUMN_NAMES: Final = ("condition_index", "principal_fen", "balloon_fen", *BESIDE_NAMES)


@dataclass(frozen=True, kw_only=True)
class LoanQuotes:
    """One row per loan; arrays of shape (rows,), money in whole fen, int64.

    Attributes
    ----------
    first_fen, last_fen
        Instalments of the first and of the last month.
    lowest_fen, highest_fen
        Of the months between them; equal when those are level. With fewer than three months both
        are the first.
    paid_at_start_fen
        What the schedule itself takes on day 0: a flat fee at once, a rent in advance.
    total_charge_fen
        Interest and flat fee of the whole schedule.
    irr_monthly
        float64 ratio, exact to 1e-10; NaN where ``rate_state`` says there is none.
    rate_state
        uint8, a ``RateState``.
    is_scalar
        bool: the row was priced by the scalar oracle.
    """

    first_fen: Ints
    lowest_fen: Ints
    highest_fen: Ints
    last_fen: Ints
    paid_at_start_fen: Ints
    total_charge_fen: Ints
    irr_monthly: Floats
    rate_state: NDArray[np.uint8]
    is_scalar: NDArray[np.bool_]
    schedules: "ScheduleColumns | None" = None

    def __len__(self) -> int:
        return len(self.first_fen)

    @classmethod
    def empty(cls, rows: int) -> "LoanQuotes":
        """Make room for some rows; what they hold is undefined."""
        money = np.empty((6, rows), dtype=np.int64)
        return cls(
            first_fen=money[0],
            lowest_fen=money[1],
            highest_fen=money[2],
            last_fen=money[3],
            paid_at_start_fen=money[4],
            total_charge_fen=money[5],
            irr_monthly=np.empty(rows),
            rate_state=np.empty(rows, dtype=np.uint8),
            is_scalar=np.empty(rows, dtype=np.bool_),
        )

    def _repr_html_(self) -> str:
        """One row per loan as a table, for notebooks; of many, the first and the last."""
        return table_html(
            caption=f"{len(self):,} 笔贷款",
            headings=("行", "首期", "末期", "利息和手续费", "年化（单利）", "年化状态"),
            row=self._cells_of,
            row_count=len(self),
        )

    def _cells_of(self, row: int) -> tuple[object, ...]:
        amounts = (self.first_fen, self.last_fen, self.total_charge_fen)
        state = RateState(int(self.rate_state[row]))
        return (
            row,
            *(format_yuan(int(column[row]), always_fen=True) for column in amounts),
            f"{12 * self.irr_monthly[row]:.2%}" if state <= RateState.NEGATIVE else "--",
            state.name.lower(),
        )


@dataclass(frozen=True, kw_only=True)
class ScheduleColumns:
    """Every instalment of every row, in whole fen.

    Rows lie in tiles of ``stride`` lanes: month k (from 0) of a row is at
    ``start[row] + k × stride`` of ``instalment_fen`` and ``principal_fen``; the arrays are int32
    where every amount fits, else int64. What an instalment holds above its principal is interest
    (or flat fee).
    """

    start: Ints
    term_months: Ints
    stride: int
    instalment_fen: NDArray[np.signedinteger]
    principal_fen: NDArray[np.signedinteger]

    def instalments_of(self, row: int) -> NDArray[np.signedinteger]:
        """Return the instalments of one row, a view of shape (term_months,)."""
        return self.instalment_fen[self._months_of(row)]

    def principals_of(self, row: int) -> NDArray[np.signedinteger]:
        """Return the principal parts of one row, a view of shape (term_months,)."""
        return self.principal_fen[self._months_of(row)]

    def charges_of(self, row: int) -> NDArray[np.signedinteger]:
        """Return interest and fee of one row, shape (term_months,)."""
        return self.instalments_of(row) - self.principals_of(row)

    def _months_of(self, row: int) -> slice:
        start = int(self.start[row])
        return slice(start, start + int(self.term_months[row]) * self.stride, self.stride)


def _check_between(name: str, column: Ints, lowest: int, highest: int) -> None:
    if column.min() < lowest or column.max() > highest:
        raise LoanColumnsError(f"{name} 须在 {lowest} 与 {highest} 之间")
