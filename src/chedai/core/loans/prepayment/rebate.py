"""The rebate's truth (返利的账): a high-fee loan with money back, settled early, late or never."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chedai.core.loans.prepayment.settlement import fees_up_to, payoff_after

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chedai.core.loans.prepayment.terms import PrepaymentTerms
    from chedai.core.loans.schedules import Schedule
    from chedai.core.loans.terms import Fee, LoanTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class RebateTruth:
    """Three futures of one contract, each as money more (+) or less (−) than buying with cash.

    Attributes
    ----------
    settled_free_fen
        Settled after the planned month, if the contract really waives the charge.
    settled_charged_fen
        Settled then, if the charge of the contract's steps applies after all.
    full_term_fen
        Kept to the last instalment.
    break_even_month_free, break_even_month_charged
        Last month in which settling still beats cash; None when none does.
    """

    settle_after_month: int
    settled_free_fen: int
    settled_charged_fen: int
    full_term_fen: int
    break_even_month_free: int | None
    break_even_month_charged: int | None


def rebate_truth(
    schedule: Schedule,
    terms: LoanTerms,
    prepayment: PrepaymentTerms,
    *,
    rebate_fen: int,
    settle_after_month: int,
    fees: Sequence[Fee] = (),
) -> RebateTruth:
    """Set the three futures side by side; ``fees`` as in ``gain_over_cash_fen``.

    The months before the contract allows settling count as losing; errors as in ``payoff_after``.
    """
    free = replace(prepayment, charge_steps=())
    charged = replace(prepayment, free_after_months=None)

    def gain(conditions: PrepaymentTerms, month: int) -> int:
        return gain_over_cash_fen(
            schedule, terms, conditions, after_month=month, rebate_fen=rebate_fen, fees=fees
        )

    def last_winning(conditions: PrepaymentTerms) -> int | None:
        return break_even_month(schedule, terms, conditions, rebate_fen=rebate_fen, fees=fees)

    return RebateTruth(
        settle_after_month=settle_after_month,
        settled_free_fen=gain(free, settle_after_month),
        settled_charged_fen=gain(charged, settle_after_month),
        full_term_fen=gain(free, schedule.term_months),
        break_even_month_free=last_winning(free),
        break_even_month_charged=last_winning(charged),
    )


def gain_over_cash_fen(
    schedule: Schedule,
    terms: LoanTerms,
    prepayment: PrepaymentTerms,
    *,
    after_month: int,
    rebate_fen: int,
    fees: Sequence[Fee] = (),
) -> int:
    """Return the rebate less all interest, fee and charge borne when settled after that month.

    Of ``fees`` those count that are a condition of the loan and do not come back; a fee spread over
    the term counts for the months lived.
    """
    payoff = payoff_after(schedule, terms, prepayment, after_month=after_month)
    borne_fen = sum(
        fee.amount_fen
        for fee in fees_up_to(fees, after_month, schedule.term_months)
        if fee.is_condition_of_loan and not fee.is_refundable
    )
    return rebate_fen - payoff.paid_interest_fen - payoff.charge_fen - borne_fen


def winning_months(
    schedule: Schedule,
    terms: LoanTerms,
    prepayment: PrepaymentTerms,
    *,
    rebate_fen: int,
    fees: Sequence[Fee] = (),
) -> tuple[int, ...]:
    """Return every month in which settling beats cash; a charge that ends may reopen the window."""
    first_month = max(1, min(prepayment.minimum_months, schedule.term_months))

    def gain(month: int) -> int:
        return gain_over_cash_fen(
            schedule, terms, prepayment, after_month=month, rebate_fen=rebate_fen, fees=fees
        )

    return tuple(month for month in range(first_month, schedule.term_months + 1) if gain(month) > 0)


def break_even_month(
    schedule: Schedule,
    terms: LoanTerms,
    prepayment: PrepaymentTerms,
    *,
    rebate_fen: int,
    fees: Sequence[Fee] = (),
) -> int | None:
    """Return the last month in which settling beats cash, or None."""
    months = winning_months(schedule, terms, prepayment, rebate_fen=rebate_fen, fees=fees)
    return months[-1] if months else None
