"""What a credit costs, whole contract: every flow in, both annual rates out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from chedai.core.loans.rates import (
    NoRateError,
    RateError,
    SeveralRatesError,
    effective_rate,
    monthly_rate,
)
from chedai.core.loans.terms import Fee, ImpossibleTermsError, check_fees
from chedai.core.money import format_yuan
from chedai.core.notebook import table_html

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from chedai.core.loans.schedules import Schedule

__all__ = [
    "CashFlow",
    "CostOfCredit",
    "NoRateError",
    "RateError",
    "SeveralRatesError",
    "Subsidy",
    "cash_flows",
    "cost_of_credit",
    "cost_of_plan",
    "cost_on_dates",
    "discount_label",
    "fee_by_month",
    "flows_on_dates",
    "monthly_flows",
]

DAYS_PER_YEAR = 365


class CashFlow(NamedTuple):
    """One line of the cash-flow table; positive reaches the borrower, negative leaves them."""

    month: int
    amount_fen: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subsidy:
    """Money paid for the customer, apart from the contract's rate (贴息, 补贴).

    ``month`` 0 is the day of disbursement.
    """

    code: str
    name: str
    amount_fen: int
    month: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CostOfCredit:
    """The price of a contract.

    Attributes
    ----------
    irr_monthly
        The solved root; both annual rates derive from it. All three are ratios, exact to 1e-10.
    apr_simple
        ``12 × irr_monthly`` (近似折算年化利率, 单利): the headline.
    apr_compound
        ``(1 + irr_monthly)**12 − 1`` (复利, IRR 口径).
    total_paid_fen
        Everything the borrower pays because of the credit; refundable deposits are in no total.
    received_fen
        Cash received, net of what is kept back or paid on day 0.
    extra_over_cash_fen
        More than a cash buyer pays: fees and interest, plus a lost discount, less subsidies.
    """

    irr_monthly: float
    apr_simple: float
    apr_compound: float
    total_paid_fen: int
    received_fen: int
    extra_over_cash_fen: int

    def _repr_html_(self) -> str:
        """Both rates and the three sums as a table, for notebooks."""
        figures = (
            f"{self.apr_simple:.2%}",
            f"{self.apr_compound:.2%}",
            format_yuan(self.received_fen),
            format_yuan(self.total_paid_fen),
            format_yuan(self.extra_over_cash_fen),
        )
        return table_html(
            caption="整份合同的成本",
            headings=("年化（单利）", "年化（复利）", "实际到手", "一共付", "比全款多付"),
            row=lambda _: figures,
            row_count=1,
        )


def cost_of_credit(*, received_fen: int, paid_fen: Sequence[int]) -> CostOfCredit:
    """Price equal monthly flows: ``paid_fen[k]`` falls due k + 1 months after receipt.

    Refused with ``NoRateError`` (nothing received, nothing paid, no rate fits) and
    ``SeveralRatesError``.
    """
    irr_monthly = monthly_rate(received_fen=received_fen, paid_fen=paid_fen)
    total_paid_fen = sum(paid_fen)
    return _cost(
        irr_monthly,
        total_paid_fen=total_paid_fen,
        received_fen=received_fen,
        extra_over_cash_fen=total_paid_fen - received_fen,
    )


def cost_of_plan(
    schedule: Schedule,
    fees: Sequence[Fee] = (),
    *,
    lost_cash_discount_fen: int = 0,
    subsidies: Sequence[Subsidy] = (),
) -> CostOfCredit:
    """Price the whole contract from all its flows.

    Refused with ``ImpossibleTermsError`` when fees reach the principal or a subsidy lies outside
    the term, with ``NoRateError`` and ``SeveralRatesError`` as in ``cost_of_credit``.

    Parameters
    ----------
    fees
        Counted when a condition of the loan, whoever collects them.
    lost_cash_discount_fen
        What a cash buyer would get off and a borrower does not; negative for a loan-only rebate.
    """
    check_fees(principal_fen=schedule.total_principal_fen, fees=fees)
    monthly_fen = monthly_flows(
        schedule, fees, lost_cash_discount_fen=lost_cash_discount_fen, subsidies=subsidies
    )
    irr_monthly = monthly_rate(
        received_fen=monthly_fen[0], paid_fen=[-fen for fen in monthly_fen[1:]]
    )
    charged_fen = sum(fee.amount_fen for fee in fees if _counts(fee) and not fee.is_refundable)
    return _cost(
        irr_monthly,
        total_paid_fen=schedule.total_paid_fen + charged_fen,
        received_fen=monthly_fen[0],
        extra_over_cash_fen=-sum(monthly_fen),
    )


def cash_flows(
    schedule: Schedule,
    fees: Sequence[Fee] = (),
    *,
    lost_cash_discount_fen: int = 0,
    subsidies: Sequence[Subsidy] = (),
) -> tuple[CashFlow, ...]:
    """List every flow that enters the cost, by month, for “怎么算的”.

    Refused with ``ImpossibleTermsError`` when a subsidy lies outside the term.
    """
    term_months = schedule.term_months
    flows = [
        CashFlow(0, schedule.total_principal_fen, "放款"),
        CashFlow(0, -lost_cash_discount_fen, discount_label(lost_cash_discount_fen)),
        CashFlow(0, -schedule.principal_at_start_fen, "首期租金"),
        CashFlow(0, -schedule.fee_at_start_fen, "一次性手续费"),
        CashFlow(0, -schedule.deposit_fen, "保证金"),
        CashFlow(term_months, schedule.deposit_fen, "退还保证金"),
    ]
    flows += [
        CashFlow(month, -fen, f"第 {month} 期")
        for month, fen in enumerate(schedule.instalment_fen, start=1)
    ]
    for fee in fees:
        if _counts(fee):
            flows += _flows_of_fee(fee, term_months)
    for subsidy in subsidies:
        _check_month(subsidy, term_months)
        flows.append(CashFlow(subsidy.month, subsidy.amount_fen, subsidy.name))
    return tuple(sorted((flow for flow in flows if flow.amount_fen), key=lambda flow: flow.month))


def monthly_flows(
    schedule: Schedule,
    fees: Sequence[Fee] = (),
    *,
    lost_cash_discount_fen: int = 0,
    subsidies: Sequence[Subsidy] = (),
) -> list[int]:
    """Sum up ``cash_flows`` by month, from 0 to the term, without spelling them out.

    Refused with ``ImpossibleTermsError`` as there.
    """
    at_start_fen = schedule.paid_at_start_fen + schedule.deposit_fen + lost_cash_discount_fen
    flows_fen = [schedule.total_principal_fen - at_start_fen]
    flows_fen += [-fen for fen in schedule.instalment_fen]
    flows_fen[-1] += schedule.deposit_fen
    for fee in fees:
        if _counts(fee):
            for month, fen in fee_by_month(fee, schedule.term_months):
                flows_fen[month] -= fen
    for subsidy in subsidies:
        _check_month(subsidy, schedule.term_months)
        flows_fen[subsidy.month] += subsidy.amount_fen
    return flows_fen


def discount_label(lost_cash_discount_fen: int) -> str:
    """Name a discount by who gets it: below zero it is the borrower's."""
    return "放弃的现金优惠" if lost_cash_discount_fen >= 0 else "贷款才有的优惠"


def fee_by_month(fee: Fee, term_months: int) -> list[tuple[int, int]]:
    """List when a fee is paid, and how much; negative where it is returned."""
    paid = list(_paid_by_month(fee, term_months).items())
    return [*paid, (term_months, -fee.amount_fen)] if fee.is_refundable else paid


def _check_month(subsidy: Subsidy, term_months: int) -> None:
    if not 0 <= subsidy.month <= term_months:
        raise ImpossibleTermsError("subsidies", f"{subsidy.name}的月份不在期限之内")


def flows_on_dates(
    flows: Sequence[CashFlow], *, disbursed_on: date, due_on: Sequence[date]
) -> list[tuple[date, int]]:
    """Put monthly flows on actual days: month 0 at disbursement, month k on the k-th due date."""
    days = (disbursed_on, *due_on)
    return [(days[flow.month], flow.amount_fen) for flow in flows]


def cost_on_dates(flows: Sequence[tuple[date, int]]) -> CostOfCredit:
    """Price dated flows on actual days: ``Σ flow / (1 + R)^(days/365) = 0``.

    ``R`` is the effective rate (``apr_compound``); the other two follow from it. Positive flows
    reach the borrower, negative leave them.

    Raises
    ------
    NoRateError
        There are no flows, the borrower pays first, or no rate fits.
    """
    if not flows:
        raise NoRateError("没有现金流，无法计算年化成本")
    start = min(day for day, _ in flows)
    rate = effective_rate(((day - start).days / DAYS_PER_YEAR, fen) for day, fen in flows)
    received_fen = sum(fen for _, fen in flows if fen > 0)
    total_paid_fen = -sum(fen for _, fen in flows if fen < 0)
    irr_monthly = (1 + rate) ** (1 / 12) - 1
    return CostOfCredit(
        irr_monthly=irr_monthly,
        apr_simple=12 * irr_monthly,
        apr_compound=rate,
        total_paid_fen=total_paid_fen,
        received_fen=received_fen,
        extra_over_cash_fen=total_paid_fen - received_fen,
    )


def _cost(
    irr_monthly: float, *, total_paid_fen: int, received_fen: int, extra_over_cash_fen: int
) -> CostOfCredit:
    return CostOfCredit(
        irr_monthly=irr_monthly,
        apr_simple=12 * irr_monthly,
        apr_compound=(1 + irr_monthly) ** 12 - 1,
        total_paid_fen=total_paid_fen,
        received_fen=received_fen,
        extra_over_cash_fen=extra_over_cash_fen,
    )


def _counts(fee: Fee) -> bool:
    return fee.is_condition_of_loan


def _flows_of_fee(fee: Fee, term_months: int) -> list[CashFlow]:
    paid = _paid_by_month(fee, term_months).items()
    flows = [CashFlow(month, -fen, f"{fee.name}（{fee.payee}）") for month, fen in paid]
    if fee.is_refundable:
        flows.append(CashFlow(term_months, fee.amount_fen, f"退还{fee.name}"))
    return flows


def _paid_by_month(fee: Fee, term_months: int) -> dict[int, int]:
    if fee.timing == "spread":
        return _spread(fee.amount_fen, term_months)
    months = {"upfront": 0, "first_instalment": 1, "last": term_months}
    return {months[fee.timing]: fee.amount_fen}


def _spread(amount_fen: int, term_months: int) -> dict[int, int]:
    """Equal whole fen a month; the last takes the remainder."""
    each_fen = amount_fen // term_months
    spread = dict.fromkeys(range(1, term_months), each_fen)
    spread[term_months] = amount_fen - each_fen * (term_months - 1)
    return spread
