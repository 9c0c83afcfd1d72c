"""All payments of the book shared out at once: tables in, open items out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from chedai.portfolio.allocation.loan import (
    KINDS,
    AllocationRefusedError,
    PaymentBeforeDisbursementError,
    PaymentBeyondBalanceError,
    ScheduleDoesNotSumError,
    SettlementTooSmallError,
)
from chedai.portfolio.allocation.orders import ALLOCATION_ORDERS
from chedai.portfolio.allocation.pauses import split_by_pauses
from chedai.portfolio.allocation.soundness import (
    check_instalments,
    check_payments,
    live_payments,
)
from chedai.portfolio.columns import (
    CONTRACTS,
    INSTALMENTS,
    OPEN_ITEMS,
    PAUSES,
    PAYMENTS,
    checked,
)
from chedai.portfolio.kernel.allocating import (
    BEFORE_DISBURSEMENT,
    BEYOND_BALANCE,
    DOES_NOT_SUM,
    FULL,
    NO_SCHEDULE,
    SETTLEMENT_TOO_SMALL,
    STRAY_PAYMENT,
    STRAY_SCHEDULE,
    Loans,
    Receipts,
    Schedule,
    empty_desk,
    replay_all,
)
from chedai.portfolio.kernel.arrays import ints, small_ints
from chedai.portfolio.kernel.rows import Rows, empty_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from chedai.portfolio.kernel.shapes import Int64s


class ContractUnknownError(AllocationRefusedError):
    """An instalment or a payment belongs to no contract, or a contract has no instalments."""


class AllocationOrderUnknownError(AllocationRefusedError):
    """A contract names an allocation order nobody knows."""


_FAULTS: Final[Mapping[int, tuple[type[AllocationRefusedError], str]]] = {
    BEFORE_DISBURSEMENT: (PaymentBeforeDisbursementError, "还款日早于放款日，请核对还款日期"),
    BEYOND_BALANCE: (
        PaymentBeyondBalanceError,
        "还款超过全部未还金额，请核对金额或改记为结清",
    ),
    DOES_NOT_SUM: (
        ScheduleDoesNotSumError,
        "各期本金之和与放款本金、或与变更前剩余本金及提前还款额不符，请核对还款计划",
    ),
    SETTLEMENT_TOO_SMALL: (SettlementTooSmallError, "结清金额少于剩余本金，请核对金额"),
    NO_SCHEDULE: (ContractUnknownError, "没有还款计划，请补充各期"),
    STRAY_SCHEDULE: (ContractUnknownError, "还款计划里的合同不在合同表中，请补充合同"),
    STRAY_PAYMENT: (ContractUnknownError, "付款的合同不在合同表中，请补充合同"),
}


def open_items_of(
    contracts: pa.Table,
    instalments: pa.Table,
    payments: pa.Table,
    *,
    known_until: date,
    pauses: pa.Table | None = None,
    accepts_twins: bool = False,
) -> pa.Table:
    """Return the open items of all contracts.

    Parameters
    ----------
    contracts
        In order of ``contract_id``; the other tables in any order.
    known_until
        The latest day a payment may have.
    accepts_twins
        Whether payments that look like one payment with two ids were looked at.
    """
    contracts = checked(contracts, CONTRACTS, name="contracts")
    instalments = checked(instalments, INSTALMENTS, name="instalments")
    payments = checked(payments, PAYMENTS, name="payments")
    check_instalments(instalments)
    check_payments(payments, known_until=known_until, accepts_twins=accepts_twins)
    loans = _loans(contracts)
    items = _replayed(loans, _schedule(instalments), _receipts(live_payments(payments)))
    if pauses is None:
        return items
    return split_by_pauses(items, checked(pauses, PAUSES, name="pauses"))


def _replayed(loans: Loans, schedule: Schedule, receipts: Receipts) -> pa.Table:
    room = len(schedule.number) + len(receipts.kind) + 16
    longest = int(np.unique(schedule.contract_id, return_counts=True)[1].max(initial=0))
    while True:
        rows = empty_rows(room)
        fault, at, count = replay_all(
            loans, schedule, receipts, _orders(), empty_desk(longest + 1), rows
        )
        if fault != FULL:
            break
        room *= 2
    _refuse(fault, at, loans=loans, schedule=schedule, receipts=receipts)
    return _items(rows, count)


def _refuse(fault: int, at: int, *, loans: Loans, schedule: Schedule, receipts: Receipts) -> None:
    if fault == 0:
        return
    error, said = _FAULTS[fault]
    ids: Int64s = loans.contract_id
    if fault in {STRAY_SCHEDULE, STRAY_PAYMENT}:
        ids = schedule.contract_id if fault == STRAY_SCHEDULE else receipts.contract_id
    raise error(f"合同 {ids[at]}：{said}")


def _loans(contracts: pa.Table) -> Loans:
    words = pa.array(list(ALLOCATION_ORDERS))
    codes = pc.index_in(contracts["allocation_order"].combine_chunks(), value_set=words)
    if codes.null_count:
        unknown = set(contracts["allocation_order"].unique().to_pylist()) - set(ALLOCATION_ORDERS)
        raise AllocationOrderUnknownError(
            f"没有入账顺序 {'、'.join(sorted(unknown))}，可用：{'、'.join(ALLOCATION_ORDERS)}"
        )
    return Loans(
        contract_id=ints(contracts["contract_id"]),
        disbursed_on=small_ints(contracts["disbursed_on"]),
        principal=ints(contracts["principal_fen"]),
        order=codes.to_numpy(zero_copy_only=False).astype(np.int8),
    )


def _orders() -> Int64s:
    return np.array(
        [[*o.components, o.across == "component"] for o in ALLOCATION_ORDERS.values()],
        dtype=np.int64,
    )


def _schedule(instalments: pa.Table) -> Schedule:
    contract_id, number = ints(instalments["contract_id"]), small_ints(instalments["number"])
    in_force_on = small_ints(instalments["in_force_on"])
    order = np.lexsort((number, in_force_on, contract_id))
    owed = [ints(instalments[f"{part}_fen"]) for part in ("penalty", "fee", "interest")]
    owed.append(ints(instalments["principal_fen"]))
    return Schedule(
        contract_id=contract_id[order],
        number=number[order],
        in_force_on=in_force_on[order],
        due_on=small_ints(instalments["due_on"])[order],
        owed=np.ascontiguousarray(np.stack(owed, axis=1)[order]),
    )


def _receipts(payments: pa.Table) -> Receipts:
    codes = pc.index_in(payments["kind"].combine_chunks(), value_set=pa.array(KINDS))
    kind = codes.to_numpy(zero_copy_only=False).astype(np.int8)
    contract_id, paid_on = ints(payments["contract_id"]), small_ints(payments["paid_on"])
    order = np.lexsort((ints(payments["payment_id"]), kind, paid_on, contract_id))
    return Receipts(
        contract_id=contract_id[order],
        paid_on=paid_on[order],
        amount=ints(payments["amount_fen"])[order],
        kind=kind[order],
    )


def _items(rows: Rows, count: int) -> pa.Table:
    def day(values: np.ndarray[tuple[int], np.dtype[np.int32]]) -> pa.Array:
        return pa.array(values[:count]).view(pa.date32())

    columns = {
        "contract_id": pa.array(rows.contract_id[:count]),
        "number": pa.array(rows.number[:count]),
        "due_on": day(rows.due_on),
        "open_from": day(rows.open_from),
        "open_until": day(rows.open_until),
        "paused_days": pa.array(np.zeros(count, dtype=np.int32)),
        "is_counting": pa.array(np.ones(count, dtype=np.bool_)),
        "principal_fen": pa.array(rows.principal[:count]),
        "interest_fen": pa.array(rows.interest[:count]),
        "charges_fen": pa.array(rows.charges[:count]),
    }
    return pa.Table.from_arrays([columns[name] for name in OPEN_ITEMS.names], schema=OPEN_ITEMS)
