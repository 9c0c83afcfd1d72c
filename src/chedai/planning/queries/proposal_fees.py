"""The fees of a plan in words, each with its payee, and the money of every month."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from chedai.core.loans.cost import cash_flows
from chedai.core.plans.plan import Plan
from chedai.core.plans.product import FeeRule
from chedai.documents.printing.sheet import FeeLine

DUE_LABELS: Final = {
    "upfront": "放款时一次付",
    "spread": "摊到每期",
    "first_instalment": "和第 1 期一起付",
    "last": "和最后一期一起付",
}
LENT: Final = "放款"


def fee_lines(plan: Plan) -> tuple[FeeLine, ...]:
    """Every charge beside interest: the product's fees, the plan's flat fee, required add-ons."""
    return tuple(_lines(plan))


def paid_by_month(plan: Plan) -> list[int]:
    """What the customer pays because of the credit, by month from day 0; sums to the total.

    A refundable deposit is paid in one month and negative in the month it comes back.
    """
    monthly = [0] * (plan.term_months + 1)
    for flow in cash_flows(plan.schedule, plan.fees):
        if flow.label != LENT:
            monthly[flow.month] -= flow.amount_fen
    return monthly


def _lines(plan: Plan) -> Iterator[FeeLine]:
    if plan.schedule.total_fee_fen:
        yield _flat_fee(plan)
    rules = {rule.code: rule for rule in plan.product.fees}
    for fee in plan.fees:
        rule = rules.get(fee.code)
        yield FeeLine(
            name=fee.name,
            payee=fee.payee,
            amount_fen=fee.amount_fen,
            basis=_basis(rule) if rule else "随车购买",
            due=DUE_LABELS[fee.timing],
            is_refundable=fee.is_refundable,
            is_condition_of_loan=fee.is_condition_of_loan,
        )


def _flat_fee(plan: Plan) -> FeeLine:
    rate = plan.loan_terms.flat_fee_rate_total or Decimal(0)
    is_upfront = bool(plan.schedule.fee_at_start_fen)
    return FeeLine(
        name="分期手续费",
        payee=plan.product.lender_name,
        amount_fen=plan.schedule.total_fee_fen,
        basis=f"贷款额的 {_percent(rate)}（合计）",
        due=DUE_LABELS["upfront" if is_upfront else "spread"],
        is_refundable=False,
        is_condition_of_loan=True,
    )


def _basis(rule: FeeRule) -> str:
    return "每笔固定" if rule.basis == "fixed" else f"贷款额的 {_percent(rule.ratio or Decimal(0))}"


def _percent(ratio: Decimal) -> str:
    return f"{(ratio * 100).normalize():f}%"
