"""Early settlement (提前结清): the payoff under either amortisation, and what it really cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate, islice
from typing import TYPE_CHECKING

from chedai.core.loans.cost import CostOfCredit, Subsidy, cost_of_plan
from chedai.core.loans.prepayment.terms import PrepaymentTerms, TooEarlyToPrepayError
from chedai.core.loans.rates import monthly_rate
from chedai.core.loans.schedules import Schedule, schedule_from_parts
from chedai.core.loans.terms import Fee, ImpossibleTermsError, LoanTerms
from chedai.core.money import ROUNDINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Payoff:
    """What clears the contract right after an instalment.

    Attributes
    ----------
    principal_fen
        Principal still owed under the contract's amortisation.
    accrued_interest_fen
        Interest earned by the lender and not yet paid (bullet loans).
    paid_interest_fen
        Interest and fee borne up to and with the settlement, without the charge.
    """

    principal_fen: int
    accrued_interest_fen: int
    charge_fen: int
    paid_interest_fen: int

    @property
    def payoff_fen(self) -> int:
        """The sum to transfer."""
        return self.principal_fen + self.accrued_interest_fen + self.charge_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A contract settled early.

    Attributes
    ----------
    payoff_fen
        Principal, accrued interest and charge, on top of the instalment of that month.
    total_paid_fen
        Everything paid from day 0 to the end, conditional fees included.
    saved_interest_fen
        Interest and fee of the full term less what was borne; the charge is not taken off.
    cost
        Realised cost of the shortened contract.
    """

    after_month: int
    payoff_principal_fen: int
    accrued_interest_fen: int
    charge_fen: int
    payoff_fen: int
    paid_interest_fen: int
    saved_interest_fen: int
    total_paid_fen: int
    cost: CostOfCredit


def early_settlement(
    schedule: Schedule,
    terms: LoanTerms,
    prepayment: PrepaymentTerms,
    *,
    after_month: int,
    fees: Sequence[Fee] = (),
    rebate_fen: int = 0,
) -> Settlement:
    """Settle right after the instalment of ``after_month``.

    Refused with ``ImpossibleTermsError`` outside the term and ``TooEarlyToPrepayError`` before the
    contract allows it; ``NoRateError`` and ``SeveralRatesError`` come from the realised cost.

    Parameters
    ----------
    fees
        Fees spread over the term stop with the settlement; those due last, and refunds, fall due.
    rebate_fen
        Given to the customer on day 0 for taking the loan.
    """
    payoff = payoff_after(schedule, terms, prepayment, after_month=after_month)
    rebates = [Subsidy(code="rebate", name="返利", amount_fen=rebate_fen)] if rebate_fen else []
    shortened = _shortened(schedule, payoff, after_month)
    cost = cost_of_plan(
        shortened,
        tuple(fees_up_to(fees, after_month, schedule.term_months)),
        subsidies=rebates,
    )
    full_term_fen = schedule.total_interest_fen + schedule.total_fee_fen
    return Settlement(
        after_month=after_month,
        payoff_principal_fen=payoff.principal_fen,
        accrued_interest_fen=payoff.accrued_interest_fen,
        charge_fen=payoff.charge_fen,
        payoff_fen=payoff.payoff_fen,
        paid_interest_fen=payoff.paid_interest_fen,
        saved_interest_fen=full_term_fen - payoff.paid_interest_fen,
        total_paid_fen=cost.total_paid_fen,
        cost=cost,
    )


def payoff_after(
    schedule: Schedule, terms: LoanTerms, prepayment: PrepaymentTerms, *, after_month: int
) -> Payoff:
    """Strike the payoff right after the instalment of ``after_month``.

    Raises
    ------
    ImpossibleTermsError
        The month is not within the term.
    TooEarlyToPrepayError
        The contract does not allow it yet.
    """
    if not 1 <= after_month <= schedule.term_months:
        raise ImpossibleTermsError("after_month", "结清时点须在第 1 期与最后一期之间")
    if after_month < _earliest_month(schedule, prepayment):
        raise TooEarlyToPrepayError(prepayment.minimum_months)
    return _payoff(
        schedule,
        prepayment,
        after_month=after_month,
        owed_fen=_owed_by_month(schedule, terms, prepayment)[after_month - 1],
        paid_fen=schedule.paid_at_start_fen + sum(schedule.instalment_fen[:after_month]),
    )


def payoffs_by_month(
    schedule: Schedule, terms: LoanTerms, prepayment: PrepaymentTerms
) -> tuple[Payoff | None, ...]:
    """Strike the payoff after each instalment, the first at index 0; None where it is too early."""
    earliest = _earliest_month(schedule, prepayment)
    paid = accumulate(schedule.instalment_fen, initial=schedule.paid_at_start_fen)
    owed = _owed_by_month(schedule, terms, prepayment)
    return tuple(
        _payoff(schedule, prepayment, after_month=month, owed_fen=owed_fen, paid_fen=paid_fen)
        if month >= earliest
        else None
        for month, (owed_fen, paid_fen) in enumerate(
            zip(owed, islice(paid, 1, None), strict=True), start=1
        )
    )


def _earliest_month(schedule: Schedule, prepayment: PrepaymentTerms) -> int:
    return min(prepayment.minimum_months, schedule.term_months)


def _payoff(
    schedule: Schedule,
    prepayment: PrepaymentTerms,
    *,
    after_month: int,
    owed_fen: int,
    paid_fen: int,
) -> Payoff:
    lent_fen = schedule.total_principal_fen
    principal_fen = min(owed_fen, lent_fen)
    return Payoff(
        principal_fen=principal_fen,
        accrued_interest_fen=owed_fen - principal_fen,
        charge_fen=prepayment.charge_fen(
            after_month=after_month, prepaid_fen=principal_fen, original_fen=lent_fen
        ),
        paid_interest_fen=paid_fen + owed_fen - lent_fen,
    )


def _owed_by_month(
    schedule: Schedule, terms: LoanTerms, prepayment: PrepaymentTerms
) -> Sequence[int]:
    """Principal and earned interest owed after each instalment, without the charge."""
    refund_base_fen = schedule.fee_at_start_fen if prepayment.refunds_upfront_fee else 0
    if prepayment.amortisation == "straight_line" or terms.method == "bullet":
        return _owed_when_earned_evenly(schedule, refund_base_fen)
    if _charged_on_balance(terms):
        return schedule.outstanding_principal_fen
    return _balances_at_true_rate(
        schedule.outstanding_after(0) - refund_base_fen, schedule.instalment_fen
    )


def _owed_when_earned_evenly(schedule: Schedule, refund_base_fen: int) -> list[int]:
    """Every month earns the same part of all interest and fee."""
    months = schedule.term_months
    charges_fen = sum(schedule.interest_fen) + sum(schedule.fee_fen) + refund_base_fen
    start_fen = schedule.outstanding_after(0) - refund_base_fen
    paid = accumulate(schedule.instalment_fen[:-1])
    half_up = ROUNDINGS["half_up"]
    owed = [
        max(start_fen + half_up(charges_fen * month, months) - paid_fen, 0)
        for month, paid_fen in enumerate(paid, start=1)
    ]
    return [*owed, 0]


def _charged_on_balance(terms: LoanTerms) -> bool:
    fixed_base = terms.method == "stepped" and terms.segment_base != "outstanding"
    return terms.method != "flat_fee" and not fixed_base


def _balances_at_true_rate(received_fen: int, paid_fen: Sequence[int]) -> list[int]:
    """Worth of the remaining instalments at the rate that makes all of them worth ``received``."""
    if len(paid_fen) == 1:
        return [0]
    discount = 1 / (1 + monthly_rate(received_fen=received_fen, paid_fen=paid_fen))
    balances = [0]
    worth = 0.0
    for fen in reversed(paid_fen[1:]):
        worth = (worth + fen) * discount
        balances.append(round(worth))
    return balances[::-1]


def _shortened(schedule: Schedule, payoff: Payoff, after_month: int) -> Schedule:
    """Return the contract as it was lived: instalments to the settlement, the payoff with it.

    Interest and principal are told apart month by month as scheduled, and the difference between
    that and the payoff's amortisation falls in the last month, so that the sums are right.
    """
    principal = list(schedule.principal_fen[:after_month])
    charges = [
        interest + fee
        for interest, fee in zip(
            schedule.interest_fen[:after_month], schedule.fee_fen[:after_month], strict=True
        )
    ]
    paid_fen = sum(principal) + sum(charges) + payoff.payoff_fen
    principal[-1] += schedule.outstanding_after(after_month)
    charges[-1] += paid_fen - sum(principal) - sum(charges)
    return schedule_from_parts(
        principal_fen=principal,
        interest_fen=charges,
        principal_at_start_fen=schedule.principal_at_start_fen,
        fee_at_start_fen=schedule.fee_at_start_fen,
        deposit_fen=schedule.deposit_fen,
    )


def fees_up_to(fees: Sequence[Fee], after_month: int, term_months: int) -> Iterable[Fee]:
    """Cut spread fees to the months lived; other fees keep their amount."""
    for fee in fees:
        if fee.timing == "spread" and after_month < term_months:
            each_fen = fee.amount_fen // term_months
            yield replace(fee, amount_fen=each_fen * after_month)
        else:
            yield fee
