"""What the balloon leaves to choose at the end: pay it, borrow it again, or give the car back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import LoanTerms
from chedai.core.money import format_yuan, round_ratio
from chedai.core.plans.plan import Plan, whole_yuan_up
from chedai.core.plans.product import BalloonOptions

RouteKind = Literal["pay", "refinance", "return"]
RISK_LABELS: Final = {"lender": "放款机构", "dealer": "经销商", "customer": "客户"}


@dataclass(frozen=True, kw_only=True)
class BalloonRoute:
    """One way to end a balloon contract.

    Attributes
    ----------
    total_paid_fen
        Everything paid because of the credit by this route, the value of a returned car taken off.
    due_at_end_fen
        Cash on the last due date in place of the balloon; negative comes back.
    later_months, later_payment_fen
        Instalments after the contract, where the balloon is borrowed again.
    """

    kind: RouteKind
    total_paid_fen: int
    due_at_end_fen: int
    text: str
    later_months: int = 0
    later_payment_fen: int = 0
    keeps_car: bool = True


def balloon_routes(plan: Plan) -> tuple[BalloonRoute, ...]:
    """List every way the product allows, paying first; nothing without a balloon."""
    if plan.loan_terms.method != "balloon" or not plan.loan_terms.balloon_fen:
        return ()
    options = plan.product.balloon_options or BalloonOptions()
    return tuple(_routes(plan, options))


def _routes(plan: Plan, options: BalloonOptions) -> Iterator[BalloonRoute]:
    balloon_fen = plan.loan_terms.balloon_fen
    yield BalloonRoute(
        kind="pay",
        total_paid_fen=plan.total_paid_fen,
        due_at_end_fen=balloon_fen,
        text=f"一次付清尾款 {format_yuan(balloon_fen)}，一共还 {format_yuan(plan.total_paid_fen)}",
    )
    if options.refinance_rate_annual is not None and options.refinance_term_months:
        yield _refinanced(plan, options)
    if options.guaranteed_value_ratio is not None:
        yield _returned(plan, options)


def _refinanced(plan: Plan, options: BalloonOptions) -> BalloonRoute:
    assert options.refinance_rate_annual is not None
    balloon_fen = plan.loan_terms.balloon_fen
    months = options.refinance_term_months
    later = build_schedule(
        LoanTerms(
            method="equal_instalment",
            principal_fen=balloon_fen,
            term_months=months,
            nominal_rate_annual=options.refinance_rate_annual,
            rounding=plan.loan_terms.rounding,
            rounding_unit_fen=plan.loan_terms.rounding_unit_fen,
            interest_rounding=plan.loan_terms.interest_rounding,
        )
    )
    total_fen = plan.total_paid_fen - balloon_fen + later.total_paid_fen
    payment_fen = later.instalment_fen[0]
    return BalloonRoute(
        kind="refinance",
        total_paid_fen=total_fen,
        due_at_end_fen=0,
        later_months=months,
        later_payment_fen=payment_fen,
        text=(
            f"尾款再贷 {months} 期，每月 {whole_yuan_up(payment_fen):,} 元，"
            f"一共还 {format_yuan(total_fen)}；能否再贷以放款机构届时审批为准"
        ),
    )


def _returned(plan: Plan, options: BalloonOptions) -> BalloonRoute:
    assert options.guaranteed_value_ratio is not None
    balloon_fen = plan.loan_terms.balloon_fen
    value_fen = round_ratio(plan.vehicle_price_fen, options.guaranteed_value_ratio, "down")
    due_fen = balloon_fen - value_fen + options.return_fee_fen
    total_fen = plan.total_paid_fen - balloon_fen + due_fen
    end = f"还要付 {format_yuan(due_fen)}" if due_fen > 0 else "不用再付尾款"
    back = f"，退回 {format_yuan(-due_fen)}" if due_fen < 0 else ""
    risk = (
        "车况或行情达不到时，差额由客户补"
        if options.residual_risk == "customer"
        else f"行情跌价的差额由{RISK_LABELS[options.residual_risk]}承担"
    )
    condition = f"；条件：{options.condition}" if options.condition else ""
    return BalloonRoute(
        kind="return",
        total_paid_fen=total_fen,
        due_at_end_fen=due_fen,
        keeps_car=False,
        text=(
            f"还车，按保值 {format_yuan(value_fen)} 抵尾款，{end}{back}，"
            f"一共付 {format_yuan(total_fen)}，车不再是您的；{risk}{condition}"
        ),
    )
