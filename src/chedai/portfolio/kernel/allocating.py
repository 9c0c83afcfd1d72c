"""Many loans replayed from their disbursement (compiled); the plain form is ``allocation.loan``."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from chedai.core.plans.kernel.compiling import compiled, compiled_entry
from chedai.portfolio.kernel.rows import Rows, arrange
from chedai.portfolio.kernel.shapes import FAR, Int8s, Int32s, Int64s

BEFORE_DISBURSEMENT, BEYOND_BALANCE, DOES_NOT_SUM, SETTLEMENT_TOO_SMALL = 1, 2, 3, 4
NO_SCHEDULE, STRAY_SCHEDULE, STRAY_PAYMENT, FULL = 5, 6, 7, 8

PRINCIPAL: Final = 3


class Loans(NamedTuple):
    """Contracts in order of id; ``order`` is the place of the allocation order."""

    contract_id: Int64s
    disbursed_on: Int32s
    principal: Int64s
    order: Int8s


class Schedule(NamedTuple):
    """Instalments in order of contract, day in force and number; ``owed`` has four columns."""

    contract_id: Int64s
    number: Int32s
    in_force_on: Int32s
    due_on: Int32s
    owed: Int64s


class Receipts(NamedTuple):
    """Payments in order of contract, day, kind and id; kinds 0 ordinary, 1 prepayment, 2 end."""

    contract_id: Int64s
    paid_on: Int32s
    amount: Int64s
    kind: Int8s


class Desk(NamedTuple):
    """What is open of the loan at hand; ``counts`` holds how many, and how many rows are out."""

    number: Int32s
    due_on: Int32s
    since: Int32s
    owed: Int64s
    counts: Int64s


def empty_desk(count: int) -> Desk:
    """Return room for the instalments of the longest loan."""
    days = [np.zeros(count, dtype=np.int32) for _ in range(3)]
    owed, counts = np.zeros((count, 4), dtype=np.int64), np.zeros(2, dtype=np.int64)
    return Desk(days[0], days[1], days[2], owed, counts)


@compiled
def is_owed(desk: Desk, at: int) -> bool:
    """Tell whether anything of an instalment is open."""
    owed = desk.owed[at, 0] + desk.owed[at, 1] + desk.owed[at, 2] + desk.owed[at, 3]
    return bool(owed > 0)


@compiled
def note(desk: Desk, at: int, until: int, contract_id: int, rows: Rows) -> bool:
    """Keep what was owed up to a day; False where there is no room."""
    if desk.since[at] < until and is_owed(desk, at):
        row = desk.counts[1]
        if row >= len(rows.number):
            return False
        rows.contract_id[row] = contract_id
        rows.number[row] = desk.number[at]
        rows.due_on[row] = desk.due_on[at]
        rows.open_from[row] = desk.since[at]
        rows.open_until[row] = until
        rows.principal[row] = desk.owed[at, PRINCIPAL]
        rows.interest[row] = desk.owed[at, 2]
        rows.charges[row] = desk.owed[at, 0] + desk.owed[at, 1]
        desk.counts[1] = row + 1
    desk.since[at] = until
    return True


@compiled
def move(desk: Desk, source: int, target: int) -> None:
    """Copy an instalment to another place of the desk."""
    desk.number[target] = desk.number[source]
    desk.due_on[target] = desk.due_on[source]
    desk.since[target] = desk.since[source]
    for component in range(4):
        desk.owed[target, component] = desk.owed[source, component]


@compiled
def sweep(desk: Desk) -> None:
    """Take away what is wholly paid."""
    kept = 0
    for at in range(desk.counts[0]):
        if is_owed(desk, at):
            if kept != at:
                move(desk, at, kept)
            kept += 1
    desk.counts[0] = kept


@compiled
def put(desk: Desk, schedule: Schedule, row: int, since: int) -> None:
    """Open an instalment at its place by due day and number."""
    at = desk.counts[0]
    due_on, number = schedule.due_on[row], schedule.number[row]
    while at > 0 and (
        desk.due_on[at - 1] > due_on
        or (desk.due_on[at - 1] == due_on and desk.number[at - 1] > number)
    ):
        move(desk, at - 1, at)
        at -= 1
    desk.number[at], desk.due_on[at], desk.since[at] = number, due_on, since
    for component in range(4):
        desk.owed[at, component] = schedule.owed[row, component]
    desk.counts[0] += 1


@compiled
def take(
    desk: Desk, at: int, component: int, left: int, day: int, contract_id: int, rows: Rows
) -> int:
    """Pay one component of one instalment; return what is left, or -1 where there is no room."""
    part: int = min(left, desk.owed[at, component])
    if part > 0:
        if not note(desk, at, day, contract_id, rows):
            return -1
        desk.owed[at, component] -= part
    return left - part


@compiled
def pay_across(
    desk: Desk, order: Int64s, amount: int, day: int, contract_id: int, rows: Rows
) -> int:
    """Pay one component of all due instalments after the other; return what is left."""
    left = amount
    for place in range(4):
        at = 0
        while left > 0 and at < desk.counts[0] and desk.due_on[at] <= day:
            left = take(desk, at, order[place], left, day, contract_id, rows)
            at += 1
    return left


@compiled
def pay(desk: Desk, order: Int64s, amount: int, day: int, contract_id: int, rows: Rows) -> int:
    """Share out one payment; return a fault or 0."""
    left = amount
    if order[4] == 1:
        left = pay_across(desk, order, left, day, contract_id, rows)
    at = 0
    while left > 0 and at < desk.counts[0]:
        for place in range(4):
            if left > 0:
                left = take(desk, at, order[place], left, day, contract_id, rows)
        at += 1
    if left < 0:
        return FULL
    sweep(desk)
    return BEYOND_BALANCE if left > 0 else 0


@compiled
def close_from(desk: Desk, lowest: int, day: int, contract_id: int, rows: Rows) -> int:
    """Close the instalments from a number on; return their principal, or -1 for no room."""
    total, kept = 0, 0
    for at in range(desk.counts[0]):
        if desk.number[at] >= lowest:
            total += desk.owed[at, PRINCIPAL]
            if not note(desk, at, day, contract_id, rows):
                return -1
        else:
            if kept != at:
                move(desk, at, kept)
            kept += 1
    desk.counts[0] = kept
    return total


@compiled
def change(
    desk: Desk, schedule: Schedule, start: int, stop: int, day: int, prepaid: int, rows: Rows
) -> int:
    """Replace the schedule from its lowest number on; return a fault or 0."""
    if start == stop:
        return DOES_NOT_SUM
    before = close_from(desk, schedule.number[start], day, schedule.contract_id[start], rows)
    if before < 0:
        return FULL
    after = 0
    for row in range(start, stop):
        after += schedule.owed[row, PRINCIPAL]
        put(desk, schedule, row, day)
    return 0 if 0 <= before - after <= prepaid else DOES_NOT_SUM


@compiled
def settle(desk: Desk, amount: int, day: int, contract_id: int, rows: Rows) -> int:
    """Close the loan by a settlement; return a fault or 0."""
    if desk.counts[0] == 0:
        return BEYOND_BALANCE
    principal = close_from(desk, 0, day, contract_id, rows)
    if principal < 0:
        return FULL
    return SETTLEMENT_TOO_SMALL if amount < principal else 0


@compiled
def live(
    desk: Desk,
    schedule: Schedule,
    receipts: Receipts,
    span: Int64s,
    day: int,
    order: Int64s,
    rows: Rows,
) -> int:
    """Let one day pass; ``span`` holds the next rows and ends of schedule and receipts."""
    contract_id, fault = span[4], 0
    while fault == 0 and is_of_day(receipts, span, day, 0):
        fault = pay(desk, order, receipts.amount[span[2]], day, contract_id, rows)
        span[2] += 1
    prepaid = 0
    while fault == 0 and is_of_day(receipts, span, day, 1):
        prepaid += receipts.amount[span[2]]
        span[2] += 1
    start = span[0]
    while span[0] < span[1] and schedule.in_force_on[span[0]] == day:
        span[0] += 1
    if fault == 0 and (start < span[0] or prepaid > 0):
        fault = change(desk, schedule, start, span[0], day, prepaid, rows)
    while fault == 0 and is_of_day(receipts, span, day, 2):
        fault = settle(desk, receipts.amount[span[2]], day, contract_id, rows)
        span[2] += 1
    return fault


@compiled
def is_of_day(receipts: Receipts, span: Int64s, day: int, kind: int) -> bool:
    """Tell whether the next receipt is of this day and kind."""
    at = span[2]
    return bool(at < span[3] and receipts.paid_on[at] == day and receipts.kind[at] == kind)


@compiled
def begin(desk: Desk, schedule: Schedule, span: Int64s, disbursed_on: int) -> int:
    """Open the original schedule; return its principal."""
    desk.counts[0] = 0
    total, original = 0, schedule.in_force_on[span[0]]
    while span[0] < span[1] and schedule.in_force_on[span[0]] == original:
        total += schedule.owed[span[0], PRINCIPAL]
        put(desk, schedule, span[0], disbursed_on)
        span[0] += 1
    return total


@compiled
def next_day(schedule: Schedule, receipts: Receipts, span: Int64s) -> int:
    """Return the next day on which anything happens."""
    day = FAR
    if span[0] < span[1]:
        day = min(day, schedule.in_force_on[span[0]])
    if span[2] < span[3]:
        day = min(day, receipts.paid_on[span[2]])
    return day


@compiled
def replay(
    desk: Desk,
    schedule: Schedule,
    receipts: Receipts,
    span: Int64s,
    disbursed_on: int,
    principal: int,
    order: Int64s,
    rows: Rows,
) -> int:
    """Fill the rows of one loan; return a fault or 0."""
    if span[2] < span[3] and receipts.paid_on[span[2]] < disbursed_on:
        return BEFORE_DISBURSEMENT
    if begin(desk, schedule, span, disbursed_on) != principal:
        return DOES_NOT_SUM
    fault = 0
    while fault == 0 and (span[0] < span[1] or span[2] < span[3]):
        day = next_day(schedule, receipts, span)
        fault = live(desk, schedule, receipts, span, day, order, rows)
    if fault == 0 and close_from(desk, 0, FAR, span[4], rows) < 0:
        return FULL
    return fault


@compiled
def stop_of(ids: Int64s, start: int, contract_id: int) -> int:
    """Return the end of the rows of a contract that begin at ``start``."""
    stop = start
    while stop < len(ids) and ids[stop] == contract_id:
        stop += 1
    return stop


ReplayAll = Callable[[Loans, Schedule, Receipts, Int64s, Desk, Rows], tuple[int, int, int]]


def _make_replay_all(fingerprint: str) -> ReplayAll:
    def replay_all(
        loans: Loans,
        schedule: Schedule,
        receipts: Receipts,
        orders: Int64s,
        desk: Desk,
        rows: Rows,
    ) -> tuple[int, int, int]:
        """Fill the rows of all loans; return a fault, its loan, and how many rows there are."""
        _ = fingerprint
        span = np.zeros(5, dtype=np.int64)
        desk.counts[1] = 0
        for at in range(len(loans.contract_id)):
            contract_id, first_row = loans.contract_id[at], desk.counts[1]
            span[0], span[2], span[4] = span[1], span[3], contract_id
            span[1] = stop_of(schedule.contract_id, span[0], contract_id)
            span[3] = stop_of(receipts.contract_id, span[2], contract_id)
            if span[0] == span[1]:
                return NO_SCHEDULE, at, 0
            fault = replay(
                desk,
                schedule,
                receipts,
                span,
                loans.disbursed_on[at],
                loans.principal[at],
                orders[loans.order[at]],
                rows,
            )
            if fault != 0:
                return fault, at, 0
            arrange(rows, first_row, desk.counts[1])
        if span[1] < len(schedule.number):
            return STRAY_SCHEDULE, span[1], 0
        if span[3] < len(receipts.kind):
            return STRAY_PAYMENT, span[3], 0
        return 0, 0, desk.counts[1]

    return replay_all


replay_all: Final = compiled_entry(_make_replay_all)
"""Fill the open items of loans: ``(loans, schedule, receipts, orders, desk, rows)``. Returns a
fault with its place, and the number of rows."""
