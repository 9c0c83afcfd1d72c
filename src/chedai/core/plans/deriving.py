"""How every figure of a plan's card came about: one derivation for each, in the card's order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from chedai.core.loans.cost import cash_flows, fee_by_month
from chedai.core.loans.derivation import (
    Derivation,
    derive_apr_compound,
    derive_apr_simple,
    derive_extra_over_cash,
    derive_instalment,
    derive_total_interest,
    fen_given,
)
from chedai.core.plans.plan import Plan
from chedai.core.plans.pricing import cash_on_the_day, lost_discount

SHOWN_IN_YUAN: Final = "页面上进到元，不往少里说"


def derivations_of(plan: Plan) -> tuple[Derivation, ...]:
    """Derive payment, total, extra, both rates, last day, cash on the day, what was received."""
    lost_fen = lost_discount(plan.product, plan.inputs.cash_discount_fen)
    given = cash_on_the_day(plan.product)
    told = (plan.schedule, plan.fees)
    return (
        derive_payment(plan),
        derive_total_paid(plan),
        derive_extra_over_cash(*told, lost_cash_discount_fen=lost_fen, subsidies=given),
        derive_apr_simple(*told, lost_cash_discount_fen=lost_fen, subsidies=given),
        derive_apr_compound(*told, lost_cash_discount_fen=lost_fen, subsidies=given),
        derive_last_due(plan),
        derive_cash_at_delivery(plan),
        derive_principal(plan),
        derive_received(plan),
        derive_total_interest(plan.loan_terms, plan.schedule),
    )


def derive_payment(plan: Plan) -> Derivation:
    """Explain the monthly payment shown: an instalment, and the fees due with it."""
    month = _month_shown(plan)
    fees = [
        fen_given(f"{fee.name}（{fee.payee}）", fen)
        for fee in plan.fees
        for due, fen in fee_by_month(fee, plan.term_months)
        if due == month and fen
    ]
    deposit_fen = plan.schedule.deposit_fen if month == plan.term_months else 0
    if deposit_fen:
        fees.append(fen_given("退还保证金", -deposit_fen))
    return Derivation(
        label_zh="每月还",
        value=plan.payment_fen,
        unit="fen",
        formula=f"第 {month} 期月供" + (" + 当期费用" if fees else ""),
        inputs=(derive_instalment(plan.loan_terms, plan.schedule, month=month), *fees),
        rounding=SHOWN_IN_YUAN,
    )


def derive_total_paid(plan: Plan) -> Derivation:
    """Explain everything paid because of the credit; its inputs add up to its value."""
    return Derivation(
        label_zh="一共还",
        value=plan.total_paid_fen,
        unit="fen",
        formula="各期应还合计 + 放款时已付 + 费用（能退的不算）",
        inputs=_told(
            [
                ("各期应还合计", sum(plan.schedule.instalment_fen)),
                ("放款时已付", plan.schedule.paid_at_start_fen),
                *(
                    (f"{fee.name}（{fee.payee}）", fee.amount_fen)
                    for fee in plan.fees
                    if fee.is_condition_of_loan and not fee.is_refundable
                ),
            ]
        ),
        rounding=SHOWN_IN_YUAN,
    )


def derive_last_due(plan: Plan) -> Derivation:
    """Explain the day of the last instalment."""
    return Derivation(
        label_zh="最后一期",
        value=plan.last_due_on.isoformat(),
        unit="text",
        formula="首个还款日以后第 n − 1 个月的同一天（没有那天就用月末）",
        inputs=(
            Derivation(label_zh="首个还款日", value=plan.first_due_on.isoformat(), unit="text"),
            Derivation(label_zh="期限 n", value=plan.term_months, unit="months"),
        ),
    )


def derive_cash_at_delivery(plan: Plan) -> Derivation:
    """Explain what has to be brought on the day; its inputs add up to its value."""
    return Derivation(
        label_zh="提车当天备",
        value=plan.cash_at_delivery_fen,
        unit="fen",
        formula="车价 + 税费和选购 + 当天的费用 − 优惠 − 置换 − 贷款本金",
        inputs=_told(_cash_lines(plan)),
    )


def derive_principal(plan: Plan) -> Derivation:
    """Explain what is lent; its inputs add up to its value."""
    return Derivation(
        label_zh="贷款本金",
        value=plan.principal_fen,
        unit="fen",
        formula="成交价 − 车款首付 + 一起贷的附加品",
        inputs=_told(
            [
                ("成交价", plan.vehicle_price_fen),
                ("车款首付", plan.car_principal_fen - plan.vehicle_price_fen),
                ("一起贷的附加品", plan.financed_extras_fen),
            ]
        ),
    )


def derive_received(plan: Plan) -> Derivation:
    """Explain the cash really received on day 0; its inputs add up to its value."""
    flows = cash_flows(
        plan.schedule,
        plan.fees,
        lost_cash_discount_fen=lost_discount(plan.product, plan.inputs.cash_discount_fen),
        subsidies=cash_on_the_day(plan.product),
    )
    return Derivation(
        label_zh="实际到手",
        value=plan.received_fen,
        unit="fen",
        formula="放款当天的全部现金流",
        inputs=_told((flow.label, flow.amount_fen) for flow in flows if flow.month == 0),
    )


def _month_shown(plan: Plan) -> int:
    """Find the month whose payment is the one shown, the level ones in the middle first."""
    months = [*range(2, plan.term_months), 1, plan.term_months]
    shown: list[int] = [
        month for month in months if plan.payments_fen[month - 1] == plan.payment_fen
    ]
    return shown[0]


def _cash_lines(plan: Plan) -> Iterator[tuple[str, int]]:
    inputs, terms = plan.inputs, plan.product
    as_fees = {rule.code for rule in terms.fees}
    as_fees |= {rule.code for rule in terms.add_ons if rule.is_condition_of_loan}
    yield "车价", inputs.car.vehicle_price_fen
    yield "贷款才有的优惠", -terms.loan_only_discount_fen
    for line in inputs.purchase_costs:
        yield f"{line.name}（{line.payee}）", line.amount_fen
    for line in inputs.add_ons:
        if not line.is_condition_of_loan and line.code not in as_fees:
            yield f"{line.name}（{line.payee}）", line.amount_fen
    for fee in plan.fees:
        if fee.timing == "upfront":
            yield f"{fee.name}（{fee.payee}）", fee.amount_fen
    yield "放款时已付", plan.schedule.paid_at_start_fen
    yield "保证金", plan.schedule.deposit_fen
    for subsidy in cash_on_the_day(terms):
        yield subsidy.name, -subsidy.amount_fen
    yield "置换抵扣", -inputs.trade_in_fen
    yield "贷款本金", -plan.principal_fen


def _told(lines: Iterable[tuple[str, int]]) -> tuple[Derivation, ...]:
    return tuple(fen_given(label, fen) for label, fen in lines if fen)
