"""What the compiled functions read and fill: columns of contracts, of open items, of facts."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Int64s = NDArray[np.int64]
Int32s = NDArray[np.int32]
Int8s = NDArray[np.int8]
Bools = NDArray[np.bool_]

NO_DAY: Final = -(2**31)
"""Where there is no such day."""

FAR: Final = 2_932_896
"""9999-12-31."""

AMOUNT_FEN_MAX: Final = 10**13

UNKNOWN_CONTRACT, OUT_OF_ORDER, EMPTY_INTERVAL, BAD_AMOUNT, NO_ITEMS, BAD_NUMBER = 1, 2, 3, 4, 5, 6


class Days(NamedTuple):
    """The days of a close as day numbers; ``now`` is the day closed."""

    now: int
    before: int
    month_end: int
    restructured_after: int


class Contracts(NamedTuple):
    """Contracts in order of id; ``scheme`` is the place of the scheme in the ladder."""

    contract_id: Int64s
    disbursed_on: Int32s
    principal: Int64s
    grace: Int32s
    observation: Int32s
    scheme: Int8s
    restructured_on: Int32s
    loss_given_default: Int64s


class Items(NamedTuple):
    """Open items in order of contract, due day and opening day."""

    contract_id: Int64s
    number: Int32s
    due_on: Int32s
    open_from: Int32s
    open_until: Int32s
    paused_days: Int32s
    is_counting: Bools
    principal: Int64s
    interest: Int64s
    charges: Int64s


class Facts(NamedTuple):
    """What the items say of each contract. Between two events only ``days`` grows, by the day.

    ``later_before`` and ``later_now`` are the principal due beyond the month of the close, as it
    was open at the two closes; ``counted_from`` is the day from which days past due count.
    """

    outstanding: Int64s
    overdue_principal: Int64s
    overdue_interest: Int64s
    overdue_charges: Int64s
    outstanding_before: Int64s
    scheduled: Int64s
    later_before: Int64s
    later_now: Int64s
    oldest_due: Int32s
    counted_from: Int32s
    days: Int32s
    days_before: Int32s
    worst: Int32s
    first_over_30: Int32s
    first_due: Int32s
    second_due: Int32s
    first_late: Int32s
    second_late: Int32s
    next_event: Int32s
    is_held: Bools


class State(NamedTuple):
    """What is derived from facts at the day of the close."""

    days_past_due: Int32s
    bucket: Int8s
    classification: Int8s
    expected_loss: Int64s
    bucket_before: Int8s
    prepaid: Int64s
    months_on_book: Int32s


DAY_FACTS: Final = ("oldest_due", "counted_from", "first_over_30", "first_due", "second_due")
COUNT_FACTS: Final = ("days", "days_before", "worst", "first_late", "second_late")


def empty_facts(count: int) -> Facts:
    """Return facts of contracts that nothing is known of."""
    amounts = {name: np.zeros(count, dtype=np.int64) for name in Facts._fields[:8]}
    days = {name: np.full(count, NO_DAY, dtype=np.int32) for name in DAY_FACTS}
    counts = {name: np.zeros(count, dtype=np.int32) for name in COUNT_FACTS}
    columns: dict[str, Any] = {**amounts, **days, **counts}
    return Facts(
        **columns,
        next_event=np.full(count, FAR, dtype=np.int32),
        is_held=np.zeros(count, dtype=np.bool_),
    )


def empty_state(count: int) -> State:
    """Return a state of zeros."""
    return State(
        days_past_due=np.zeros(count, dtype=np.int32),
        bucket=np.zeros(count, dtype=np.int8),
        classification=np.zeros(count, dtype=np.int8),
        expected_loss=np.zeros(count, dtype=np.int64),
        bucket_before=np.zeros(count, dtype=np.int8),
        prepaid=np.zeros(count, dtype=np.int64),
        months_on_book=np.zeros(count, dtype=np.int32),
    )


def picked(columns: Any, places: Any) -> Any:
    """Return copies of the columns, of some rows."""
    return type(columns)(*(column[places] for column in columns))


def rows_of(columns: Any, start: int, stop: int) -> Any:
    """Return the same columns from one row to another, nothing copied."""
    return type(columns)(*(column[start:stop] for column in columns))
