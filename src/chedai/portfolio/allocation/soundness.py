"""What cannot be true of payments and schedules, found in whole columns before anything is shared.

Each kind of fault has a name; its message says how many rows have it, and names one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from chedai.portfolio.allocation.loan import KINDS, AllocationRefusedError
from chedai.portfolio.days import day_number
from chedai.portfolio.kernel.arrays import ints, small_ints
from chedai.portfolio.kernel.shapes import AMOUNT_FEN_MAX, Bools, Int64s

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

REVERSAL: Final = "reversal"


class DuplicatePaymentError(AllocationRefusedError):
    """Two rows have the same payment id: one file was imported twice, or two files overlap."""


class TwinPaymentError(AllocationRefusedError):
    """Two payments of different ids have the same contract, day and amount."""


class PaymentInTheFutureError(AllocationRefusedError):
    """A payment is dated after the latest day the book can know of."""


class PaymentAmountError(AllocationRefusedError):
    """A payment is zero, negative, or larger than any loan."""


class PaymentKindError(AllocationRefusedError):
    """A payment is of a kind nobody knows, or reverses one that is not there."""


class InstalmentRefusedError(AllocationRefusedError):
    """An instalment stands twice, has a bad number or amount, or is due before it is in force."""


def check_payments(payments: pa.Table, *, known_until: date, accepts_twins: bool = False) -> None:
    """Refuse payments that cannot be true.

    Parameters
    ----------
    known_until
        The latest day payments may have; told by the caller, for the clock is not asked.
    accepts_twins
        Whether somebody has looked at payments that look like one payment with two ids.

    Raises
    ------
    DuplicatePaymentError
        A payment id stands twice. The other faults have names of their own.
    """
    if not payments.num_rows:
        return
    payment_id = ints(payments["payment_id"])
    ordered = np.sort(payment_id)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if len(twice):
        raise DuplicatePaymentError(
            f"付款编号重复 {len(twice)} 处，例如 {twice[0]}，请去掉重复的行后再试"
        )
    for error, wrong, said in _wrong_payments(payments, known_until=known_until):
        if wrong.any():
            raise error(f"{_place(payment_id, wrong, word='付款')}：{said}")
    if not accepts_twins:
        _refuse_twins(payments)


def _wrong_payments(
    payments: pa.Table, *, known_until: date
) -> Iterator[tuple[type[AllocationRefusedError], Bools, str]]:
    amount = ints(payments["amount_fen"])
    yield (
        PaymentAmountError,
        (amount <= 0) | (amount > AMOUNT_FEN_MAX),
        "金额为零、为负或超出可处理范围，请核对单位和符号（冲正另记一行）",
    )
    paid_on = small_ints(payments["paid_on"])
    yield (
        PaymentInTheFutureError,
        paid_on > day_number(known_until),
        f"还款日晚于 {known_until}，请核对日期",
    )
    kinds = pc.is_in(payments["kind"], value_set=pa.array([*KINDS, REVERSAL]))
    yield PaymentKindError, ~_truths(kinds), f"类型须为 {'、'.join((*KINDS, REVERSAL))} 之一"
    is_reversal = _truths(pc.equal(payments["kind"], REVERSAL))
    named = _truths(payments["reverses_payment_id"].is_valid())
    yield PaymentKindError, is_reversal != named, "冲正须写明、且只有冲正才写明所冲的付款编号"
    known = pc.is_in(
        payments["reverses_payment_id"], value_set=payments["payment_id"].combine_chunks()
    )
    yield PaymentKindError, named & ~_truths(known), "所冲的付款不在表中，请一并导入"


def _refuse_twins(payments: pa.Table) -> None:
    counted = live_payments(payments)
    kept = ints(counted["payment_id"])
    contract_id, amount = ints(counted["contract_id"]), ints(counted["amount_fen"])
    paid_on = small_ints(counted["paid_on"])
    order = np.lexsort((kept, amount, paid_on, contract_id))
    same = np.ones(max(len(order) - 1, 0), dtype=np.bool_)
    for column in (contract_id, paid_on, amount):
        same &= column[order][1:] == column[order][:-1]
    if same.any():
        at = int(np.argmax(same))
        pair = f"{kept[order[at]]} 与 {kept[order[at + 1]]}"
        raise TwinPaymentError(
            f"有 {int(same.sum())} 对付款同合同、同日、同额而编号不同，例如 {pair}，"
            "请核对是否重复；确认无误后注明接受"
        )


def live_payments(payments: pa.Table) -> pa.Table:
    """Return the payments that were really received: neither reversals nor what they reverse."""
    reversed_ids = payments["reverses_payment_id"].drop_null()
    if len(reversed_ids) == 0:
        return payments
    is_gone = pc.or_(
        pc.equal(payments["kind"], REVERSAL),
        pc.is_in(payments["payment_id"], value_set=reversed_ids.combine_chunks()),
    )
    return payments.filter(pc.invert(is_gone))


def check_instalments(instalments: pa.Table) -> None:
    """Refuse instalments that cannot be true, before they are looked at loan by loan.

    Raises
    ------
    InstalmentRefusedError
        One stands twice in one version of its schedule, or has a bad number, amount or day.
    """
    contract_id, number = ints(instalments["contract_id"]), small_ints(instalments["number"])
    in_force_on, due_on = (small_ints(instalments[name]) for name in ("in_force_on", "due_on"))
    wrong = (number < 1) | (due_on < in_force_on)
    for name in ("principal_fen", "interest_fen", "fee_fen", "penalty_fen"):
        amount = ints(instalments[name])
        wrong |= (amount < 0) | (amount > AMOUNT_FEN_MAX)
    if wrong.any():
        raise InstalmentRefusedError(
            f"{_place(contract_id, wrong, word='合同')}：期号、应还日或金额不对"
            "（期号从 1 起，应还日不早于计划生效日，金额不为负）"
        )
    order = np.lexsort((number, in_force_on, contract_id))
    same = np.ones(max(len(order) - 1, 0), dtype=np.bool_)
    for column in (contract_id, in_force_on, number):
        same &= column[order][1:] == column[order][:-1]
    if same.any():
        at = contract_id[order][1:][same][0]
        raise InstalmentRefusedError(f"合同 {at} 的同一版计划里期号重复，请去重后再试")


def _place(ids: Int64s, wrong: Bools, *, word: str) -> str:
    return f"{int(wrong.sum())} 行，例如{word} {ids[int(np.argmax(wrong))]}"


def _truths(column: pa.ChunkedArray) -> Bools:
    truths: Bools = column.combine_chunks().to_numpy(zero_copy_only=False).astype(np.bool_)
    return truths
