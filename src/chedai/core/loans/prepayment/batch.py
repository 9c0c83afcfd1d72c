"""Every month of several contracts at once: what it takes to leave, and what the credit then cost.

One call answers a slider. Every amount is the one ``early_settlement`` gives for that month.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from chedai.core.loans.prepayment.rebate import RebateTruth
from chedai.core.loans.prepayment.settlement import Payoff, payoffs_by_month
from chedai.core.loans.prepayment.terms import PrepaymentTerms, TooEarlyToPrepayError
from chedai.core.loans.rates import RateError, monthly_rate
from chedai.core.loans.terms import MONTHS_PER_YEAR, Fee, ImpossibleTermsError, check_fees

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chedai.core.loans.schedules import Schedule
    from chedai.core.loans.terms import LoanTerms

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoffContract:
    """One contract that may be left early; the parts as in ``early_settlement``.

    Attributes
    ----------
    rebate_fen
        Money a borrower has over a cash buyer on day 0: a rebate or subsidy, a discount for
        borrowers only; negative when a cash discount is lost.
    """

    schedule: Schedule
    terms: LoanTerms
    prepayment: PrepaymentTerms
    fees: tuple[Fee, ...] = ()
    rebate_fen: int = 0


@dataclass(frozen=True, kw_only=True)
class PayoffTable:
    """Arrays of shape (months, contracts); row 0 is a settlement right after instalment 1.

    Money is whole fen, int64. Where ``is_possible`` is false every amount is 0 and the rate NaN.

    Attributes
    ----------
    is_possible
        The month lies within the term and the contract allows leaving.
    principal_fen, accrued_interest_fen, charge_fen
        The parts of the payoff.
    payoff_fen
        To transfer on top of that month's instalment.
    paid_interest_fen, saved_interest_fen
        Interest and fee borne, and no longer due; the charge is not taken off.
    total_paid_fen
        Everything paid from day 0 to the end, conditional fees included, refundable sums not.
    extra_over_cash_fen
        More than a cash buyer pays, the rebate taken off; below 0 the credit beats cash.
    apr_simple
        Realised cost as a ratio, 12 × monthly rate, float64; NaN where no single rate exists.
    break_even_month
        Shape (contracts,): the last month in which leaving beats cash, 0 where none does.
    """

    is_possible: NDArray[np.bool_]
    principal_fen: Ints
    accrued_interest_fen: Ints
    charge_fen: Ints
    payoff_fen: Ints
    paid_interest_fen: Ints
    saved_interest_fen: Ints
    total_paid_fen: Ints
    extra_over_cash_fen: Ints
    apr_simple: Floats
    break_even_month: Ints

    @property
    def months(self) -> int:
        """Number of rows: the longest term."""
        return len(self.is_possible)


@dataclass(frozen=True, slots=True)
class _Cell:
    """One month of one contract; the fields of ``PayoffTable`` that it fills."""

    is_possible: bool
    principal_fen: int
    accrued_interest_fen: int
    charge_fen: int
    payoff_fen: int
    paid_interest_fen: int
    saved_interest_fen: int
    total_paid_fen: int
    extra_over_cash_fen: int
    apr_simple: float


_NO_CELL = _Cell(False, 0, 0, 0, 0, 0, 0, 0, 0, math.nan)


def payoff_table(contracts: Sequence[PayoffContract]) -> PayoffTable:
    """Settle every contract after every month.

    Refused with ``ImpossibleTermsError`` when a contract's fees on day 0 reach its principal.
    """
    columns = [list(_cells_of(contract)) for contract in contracts]
    months = max(map(len, columns), default=0)
    for column in columns:
        column.extend([_NO_CELL] * (months - len(column)))
    shape = (len(columns), months)

    def gathered(name: str, kind: type) -> NDArray[np.generic]:
        cells = [getattr(cell, name) for column in columns for cell in column]
        return np.array(cells, dtype=kind).reshape(shape).T

    kinds = {"is_possible": np.bool_, "apr_simple": np.float64}
    names = [field.name for field in fields(_Cell)]
    arrays = {name: gathered(name, kinds.get(name, np.int64)) for name in names}
    return PayoffTable(**arrays, break_even_month=_break_even_months(columns))  # type: ignore[arg-type]


def rebate_futures(contract: PayoffContract, *, settle_after_month: int) -> RebateTruth:
    """Set the three futures of a contract with a rebate side by side, its fees counted.

    It is ``rebate_truth``, months side by side. Refused as ``payoff_table`` is.

    Raises
    ------
    ImpossibleTermsError
        The month is not within the term.
    TooEarlyToPrepayError
        The contract does not allow leaving then.
    """
    months = contract.schedule.term_months
    if not 1 <= settle_after_month <= months:
        raise ImpossibleTermsError("settle_after_month", "结清时点须在第 1 期与最后一期之间")
    free = replace(contract, prepayment=replace(contract.prepayment, charge_steps=()))
    charged = replace(contract, prepayment=replace(contract.prepayment, free_after_months=None))
    table = payoff_table([free, charged])
    if not table.is_possible[settle_after_month - 1, 0]:
        raise TooEarlyToPrepayError(contract.prepayment.minimum_months)
    gains = -table.extra_over_cash_fen
    latest = [int(month) or None for month in table.break_even_month]
    return RebateTruth(
        settle_after_month=settle_after_month,
        settled_free_fen=int(gains[settle_after_month - 1, 0]),
        settled_charged_fen=int(gains[settle_after_month - 1, 1]),
        full_term_fen=int(gains[months - 1, 0]),
        break_even_month_free=latest[0],
        break_even_month_charged=latest[1],
    )


def _break_even_months(columns: list[list[_Cell]]) -> Ints:
    return np.array(
        [
            max((i for i, cell in enumerate(column, 1) if cell.extra_over_cash_fen < 0), default=0)
            for column in columns
        ],
        dtype=np.int64,
    )


def _cells_of(contract: PayoffContract) -> Iterator[_Cell]:
    schedule = contract.schedule
    check_fees(principal_fen=schedule.total_principal_fen, fees=contract.fees)
    fees = _Fees.of(contract.fees, schedule.term_months)
    full_term_fen = schedule.total_interest_fen + schedule.total_fee_fen
    received_fen = (
        schedule.total_principal_fen
        - schedule.paid_at_start_fen
        - schedule.deposit_fen
        - fees.upfront_fen
        + contract.rebate_fen
    )
    monthly = [fen + fees.each_fen for fen in schedule.instalment_fen]
    monthly[0] += fees.first_fen
    paid = list(accumulate(schedule.instalment_fen, initial=schedule.paid_at_start_fen))
    payoffs = payoffs_by_month(schedule, contract.terms, contract.prepayment)
    for month, payoff in enumerate(payoffs, start=1):
        if payoff is None:
            yield _NO_CELL
            continue
        flows = monthly[:month]
        flows[-1] += payoff.payoff_fen - schedule.deposit_fen + fees.at_the_end_fen(month)
        yield _cell(
            payoff,
            received_fen=received_fen,
            flows=flows,
            total_paid_fen=paid[month] + payoff.payoff_fen + fees.charged_fen(month),
            full_term_fen=full_term_fen,
        )


def _cell(
    payoff: Payoff,
    *,
    received_fen: int,
    flows: list[int],
    total_paid_fen: int,
    full_term_fen: int,
) -> _Cell:
    return _Cell(
        is_possible=True,
        principal_fen=payoff.principal_fen,
        accrued_interest_fen=payoff.accrued_interest_fen,
        charge_fen=payoff.charge_fen,
        payoff_fen=payoff.payoff_fen,
        paid_interest_fen=payoff.paid_interest_fen,
        saved_interest_fen=full_term_fen - payoff.paid_interest_fen,
        total_paid_fen=total_paid_fen,
        extra_over_cash_fen=sum(flows) - received_fen,
        apr_simple=_apr_simple(received_fen, flows),
    )


def _apr_simple(received_fen: int, flows: list[int]) -> float:
    try:
        return MONTHS_PER_YEAR * monthly_rate(received_fen=received_fen, paid_fen=flows)
    except RateError:
        return math.nan


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fees:
    """Conditional fees by when they fall due; refundable ones come back when the contract ends."""

    fees: tuple[Fee, ...]
    term_months: int
    upfront_fen: int
    first_fen: int
    each_fen: int

    @classmethod
    def of(cls, fees: Sequence[Fee], term_months: int) -> _Fees:
        counted = tuple(fee for fee in fees if fee.is_condition_of_loan)
        due = {fee.timing: 0 for fee in counted}
        for fee in counted:
            each_month = fee.timing == "spread"
            due[fee.timing] += fee.amount_fen // term_months if each_month else fee.amount_fen
        return cls(
            fees=counted,
            term_months=term_months,
            upfront_fen=due.get("upfront", 0),
            first_fen=due.get("first_instalment", 0),
            each_fen=due.get("spread", 0),
        )

    def at_the_end_fen(self, month: int) -> int:
        """What falls due with the settlement, less what comes back; negative if more comes back."""
        total_fen = 0
        for fee in self.fees:
            amount_fen = self._amount_up_to(fee, month)
            if fee.timing == "last":
                total_fen += amount_fen
            elif fee.timing == "spread":
                total_fen += amount_fen - fee.amount_fen // self.term_months * month
            if fee.is_refundable:
                total_fen -= amount_fen
        return total_fen

    def charged_fen(self, month: int) -> int:
        """What the borrower has borne once the contract ends after ``month``."""
        return sum(self._amount_up_to(fee, month) for fee in self.fees if not fee.is_refundable)

    def _amount_up_to(self, fee: Fee, month: int) -> int:
        """Fees spread over the term stop with the settlement; the full term takes the remainder."""
        if fee.timing == "spread" and month < self.term_months:
            return fee.amount_fen // self.term_months * month
        return fee.amount_fen
