"""One loan replayed from its disbursement: what was unpaid of each instalment between which days.

Plain and readable; ``batch`` does the same for many loans and is compared with it. A back-dated or
reversed payment is replayed by calling this again with the payments as they now are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal

from chedai.portfolio.allocation.orders import (
    ALLOCATION_ORDERS,
    AllocationOrder,
    Component,
    OpenInstalment,
    allocate,
)
from chedai.portfolio.days import STILL_OPEN_ON

if TYPE_CHECKING:
    from collections.abc import Sequence

PaymentKind = Literal["ordinary", "prepayment", "settlement"]

KINDS: Final[tuple[PaymentKind, ...]] = ("ordinary", "prepayment", "settlement")
"""Kinds of payment, in the order in which those of one day count."""


class AllocationRefusedError(ValueError):
    """A payment or a change of schedule cannot be true of its loan; the loan is left alone."""


class PaymentBeforeDisbursementError(AllocationRefusedError):
    """A payment is dated before the loan was paid out."""


class PaymentBeyondBalanceError(AllocationRefusedError):
    """A payment is more than everything the loan still owes."""


class ScheduleDoesNotSumError(AllocationRefusedError):
    """The principal of the instalments is not the principal lent, or not what was left of it."""


class SettlementTooSmallError(AllocationRefusedError):
    """A settlement is less than the principal that was outstanding."""


@dataclass(frozen=True, kw_only=True)
class Instalment:
    """One row of a schedule; see ``columns.INSTALMENTS``."""

    number: int
    in_force_on: date
    due_on: date
    principal_fen: int
    interest_fen: int = 0
    fee_fen: int = 0
    penalty_fen: int = 0


@dataclass(frozen=True, kw_only=True)
class Payment:
    """Money received; see ``columns.PAYMENTS``. Reversed payments are left out beforehand."""

    payment_id: int
    paid_on: date
    amount_fen: int
    kind: PaymentKind = "ordinary"


@dataclass(frozen=True, kw_only=True)
class OpenItem:
    """What is unpaid of an instalment between two days; see ``columns.OPEN_ITEMS``."""

    number: int
    due_on: date
    open_from: date
    open_until: date
    principal_fen: int
    interest_fen: int
    charges_fen: int


@dataclass(slots=True)
class _Loan:
    order: AllocationOrder
    disbursed_on: date
    open: list[OpenInstalment] = field(default_factory=list)
    since: dict[int, date] = field(default_factory=dict)
    items: list[OpenItem] = field(default_factory=list)

    def note(self, instalment: OpenInstalment, *, until: date) -> None:
        """Keep what was owed up to a day."""
        since = self.since[instalment.number]
        penalty_fen, fee_fen, interest_fen, principal_fen = instalment.owed_fen
        if since < until and any(instalment.owed_fen):
            self.items.append(
                OpenItem(
                    number=instalment.number,
                    due_on=instalment.due_on,
                    open_from=since,
                    open_until=until,
                    principal_fen=principal_fen,
                    interest_fen=interest_fen,
                    charges_fen=penalty_fen + fee_fen,
                )
            )
        self.since[instalment.number] = until

    def close(self, instalments: Sequence[OpenInstalment], *, on: date) -> None:
        for instalment in instalments:
            self.note(instalment, until=on)
            self.open.remove(instalment)


def replay(
    *,
    disbursed_on: date,
    principal_fen: int,
    instalments: Sequence[Instalment],
    payments: Sequence[Payment],
    order: str = "penalty_fee_interest_principal",
) -> tuple[OpenItem, ...]:
    """Return the open items of one loan, in order of due day and opening day.

    On one day, ordinary payments count before a change of schedule, a settlement after it. A
    prepayment settles no instalment: the schedule of its day says what it changed.

    Raises
    ------
    PaymentBeforeDisbursementError
        A payment is older than the loan. Beyond the balance, too small a settlement and a changed
        schedule that does not sum have names of their own.
    ScheduleDoesNotSumError
        The instalments do not sum to the principal lent.
    """
    loan = _Loan(ALLOCATION_ORDERS[order], disbursed_on)
    if payments and min(p.paid_on for p in payments) < disbursed_on:
        raise PaymentBeforeDisbursementError("还款日早于放款日，请核对还款日期")
    versions = groupby(
        sorted(instalments, key=lambda i: (i.in_force_on, i.number)), key=lambda i: i.in_force_on
    )
    days: dict[date, list[Instalment]] = {day: list(rows) for day, rows in versions}
    original = days.pop(min(days))
    if sum(i.principal_fen for i in original) != principal_fen:
        raise ScheduleDoesNotSumError("各期本金之和不等于放款本金，请核对还款计划")
    _open(loan, original, on=disbursed_on)
    for day in sorted({*days, *(p.paid_on for p in payments)}):
        _live(loan, day, days.get(day, []), [p for p in payments if p.paid_on == day])
    loan.close(list(loan.open), on=STILL_OPEN_ON)
    return tuple(sorted(loan.items, key=lambda i: (i.due_on, i.open_from, i.number)))


def _live(loan: _Loan, day: date, changed: list[Instalment], payments: list[Payment]) -> None:
    prepaid_fen = sum(p.amount_fen for p in payments if p.kind == "prepayment")
    for payment in sorted(payments, key=lambda p: p.payment_id):
        if payment.kind == "ordinary":
            _pay(loan, payment)
    if changed or prepaid_fen:
        _change(loan, changed, on=day, prepaid_fen=prepaid_fen)
    for payment in payments:
        if payment.kind == "settlement":
            _settle(loan, payment)


def _open(loan: _Loan, instalments: Sequence[Instalment], *, on: date) -> None:
    for i in instalments:
        owed_fen = [i.penalty_fen, i.fee_fen, i.interest_fen, i.principal_fen]
        loan.open.append(OpenInstalment(number=i.number, due_on=i.due_on, owed_fen=owed_fen))
        loan.since[i.number] = on
    loan.open.sort(key=lambda i: (i.due_on, i.number))


def _pay(loan: _Loan, payment: Payment) -> None:
    parts, left_fen = allocate(
        payment.amount_fen, loan.open, paid_on=payment.paid_on, order=loan.order
    )
    if left_fen:
        raise PaymentBeyondBalanceError("还款超过全部未还金额，请核对金额或改记为结清")
    by_number = {instalment.number: instalment for instalment in loan.open}
    for number in dict.fromkeys(part.number for part in parts):
        loan.note(by_number[number], until=payment.paid_on)
    for part in parts:
        by_number[part.number].owed_fen[part.component] -= part.amount_fen
    loan.open = [i for i in loan.open if any(i.owed_fen)]


def _change(loan: _Loan, changed: list[Instalment], *, on: date, prepaid_fen: int) -> None:
    lowest = min((i.number for i in changed), default=None)
    replaced = [i for i in loan.open if lowest is not None and i.number >= lowest]
    before_fen = sum(i.owed_fen[Component.PRINCIPAL] for i in replaced)
    after_fen = sum(i.principal_fen for i in changed)
    if not changed or not 0 <= before_fen - after_fen <= prepaid_fen:
        raise ScheduleDoesNotSumError("变更后的本金与变更前及提前还款额不符，请核对新计划")
    loan.close(replaced, on=on)
    _open(loan, changed, on=on)


def _settle(loan: _Loan, payment: Payment) -> None:
    if payment.amount_fen < sum(i.owed_fen[Component.PRINCIPAL] for i in loan.open):
        raise SettlementTooSmallError("结清金额少于剩余本金，请核对金额")
    if not loan.open:
        raise PaymentBeyondBalanceError("合同已无未还金额，结清重复，请核对")
    loan.close(list(loan.open), on=payment.paid_on)
