"""Explaining one plan: how its numbers were computed, settling early, the rules it met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from math import isnan
from typing import Any, Final

from chedai.core.loans.cost import CashFlow, cash_flows
from chedai.core.loans.derivation import Derivation
from chedai.core.plans.deriving import derivations_of
from chedai.core.plans.explanation import FlatRateLesson, flat_rate_lesson
from chedai.core.plans.plan import Plan
from chedai.core.plans.pricing import cash_on_the_day, lost_discount
from chedai.core.plans.settling import payoff_table_of
from chedai.core.rules.facts import (
    Facts,
    Fee,
    LenderKind,
    PayeeKind,
    Power,
    VehicleCondition,
    VehicleUse,
    contract_nature_in_law,
)
from chedai.core.rules.finding import Finding
from chedai.planning.queries import settling
from chedai.planning.queries.settling import EarlyEnd
from chedai.policy.evaluation import Review, policy_day_for, review
from chedai.reception.queries.scenes import ADD_ONS_PAID, Scene, policy_book

LESSON_RATE_MONTHLY: Final = Decimal("0.003")


@dataclass(frozen=True, kw_only=True)
class ScheduleRow:
    """One instalment; fen."""

    number: int
    payment_fen: int
    principal_fen: int
    interest_fen: int
    fee_fen: int
    outstanding_fen: int


@dataclass(frozen=True, kw_only=True)
class Explained:
    """Everything behind one plan."""

    plan: Plan
    derivations: tuple[Derivation, ...]
    flows: tuple[CashFlow, ...]
    rows: tuple[ScheduleRow, ...]
    early_ends: tuple[EarlyEnd, ...]
    findings: tuple[Finding, ...]
    policy_record: dict[str, Any]


def explain(scene: Scene, plan: Plan) -> Explained:
    """Derive every number of one plan."""
    lost_fen = lost_discount(plan.product, plan.inputs.cash_discount_fen)
    given = cash_on_the_day(plan.product)
    told = (plan.schedule, plan.fees)
    reviewed = review_of(scene, plan)
    return Explained(
        plan=plan,
        derivations=derivations_of(plan),
        flows=tuple(cash_flows(*told, lost_cash_discount_fen=lost_fen, subsidies=given)),
        rows=_rows(plan),
        early_ends=early_ends(plan, scene.prepayment_month),
        findings=reviewed.findings,
        policy_record=reviewed.as_record(),
    )


def explained_record(explained: Explained) -> dict[str, Any]:
    """Say the same in words JSON knows: fen and ratios, days as text, nothing of the customer."""
    plan = explained.plan
    return {
        "product_version_id": plan.key[0],
        "product_name": plan.product.name,
        "term_months": plan.term_months,
        "down_payment_fen": plan.down_payment_fen,
        "derivations": [node.as_json() for node in explained.derivations],
        "cash_flows": [flow._asdict() for flow in explained.flows],
        "schedule": [asdict(row) for row in explained.rows],
        "early_ends": [
            asdict(end) | {"apr_simple": None if isnan(end.apr_simple) else end.apr_simple}
            for end in explained.early_ends
        ],
        "policy": explained.policy_record,
    }


def early_ends(plan: Plan, also_month: int | None = None) -> tuple[EarlyEnd, ...]:
    """Settle the plan after each of a few months, the customer's own month among them."""
    table = payoff_table_of([plan])
    months = [m for m in settling.months_told(also_month) if m < plan.term_months]
    return tuple(end for m in months if (end := settling.early_end(table, 0, m)) is not None)


def review_of(scene: Scene, plan: Plan) -> Review:
    """Hold the plan against every rule of law and house that was in force that day."""
    facts = rule_facts(scene, plan)
    return review(facts, policy_day_for(facts, policy_book()))


def rule_facts(scene: Scene, plan: Plan) -> Facts:
    """State the plan in the words of the policy rules."""
    car = scene.car
    nature = contract_nature_in_law(
        product_nature=plan.contract_nature,
        lender_kind=plan.product.lender_kind,
        family=plan.product.family,
    )
    return Facts(
        vehicle_price_fen=plan.vehicle_price_fen,
        principal_fen=plan.car_principal_fen,
        financed_extras_fen=plan.financed_extras_fen,
        extras_price_fen=_extras_price(plan),
        term_months=plan.term_months,
        vehicle_use=VehicleUse(car.use),
        vehicle_condition=VehicleCondition(car.condition),
        power=Power(car.power),
        lender_kind=LenderKind(plan.product.lender_kind),
        contract_nature=nature,
        list_price_fen=car.list_price_fen,
        appraised_price_fen=car.appraised_price_fen,
        government_subsidy_fen=car.government_subsidy_fen,
        province=scene.province,
        apr_simple=Decimal(str(round(plan.apr_simple, 8))),
        apr_compound=Decimal(str(round(plan.apr_compound, 8))),
        decided_on=scene.on,
        product_family=plan.product.family,
        fees=tuple(
            Fee(
                code=fee.code,
                name_zh=fee.name,
                amount_fen=fee.amount_fen,
                payee_name=fee.payee,
                payee_kind=PayeeKind.COMPANY,
            )
            for fee in plan.fees
        ),
        loan_only_discount_fen=plan.product.loan_only_discount_fen,
        # Every card, print and customer page says it among what is given up.
        is_loan_only_discount_shown=True,
    )


def _extras_price(plan: Plan) -> int:
    """Sum what is bought beside the car as an extra: add-ons, paid or lent, and lent costs."""
    extras = (
        line for line in plan.inputs.purchase_costs if line.is_financed or line.code == ADD_ONS_PAID
    )
    return sum(line.amount_fen for line in (*plan.inputs.add_ons, *extras))


def lesson_of(plan: Plan) -> FlatRateLesson:
    """Teach the flat-rate lesson with this customer's own principal and term."""
    rate = LESSON_RATE_MONTHLY
    if plan.loan_terms.flat_fee_rate_total:
        rate = (plan.loan_terms.flat_fee_rate_total / plan.term_months).quantize(
            Decimal("0.000001")
        )
    return flat_rate_lesson(
        principal_fen=plan.principal_fen, term_months=plan.term_months, flat_fee_rate_monthly=rate
    )


def chart_points(values_fen: Sequence[int], *, width: int, height: int) -> str:
    """Lay a line of amounts out as SVG points, the largest at the top."""
    top = max(values_fen) or 1
    step = width / max(len(values_fen) - 1, 1)
    return " ".join(
        f"{i * step:.1f},{height - v / top * height:.1f}" for i, v in enumerate(values_fen)
    )


def _rows(plan: Plan) -> tuple[ScheduleRow, ...]:
    schedule = plan.schedule
    return tuple(
        ScheduleRow(
            number=i + 1,
            payment_fen=plan.payments_fen[i],
            principal_fen=schedule.principal_fen[i],
            interest_fen=schedule.interest_fen[i],
            fee_fen=schedule.fee_fen[i],
            outstanding_fen=schedule.outstanding_principal_fen[i],
        )
        for i in range(plan.term_months)
    )
