"""Proposal inputs with boring values; a test names only what it is about."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.core.plans.builders import make_car, make_offers, make_prepayment, make_version
from tests.documents.printing.sheets import make_citations, make_costs, make_needs, make_promises

from chedai.core.plans.plan import CostLine, PlanInputs
from chedai.core.plans.product import FeeRule
from chedai.documents.printing.sheet import Car, CashColumn
from chedai.planning.queries.proposal_sheets import ChosenPlan, ProposalInputs

PRICE_FEN = 150_000_00
DOWN_FEN = 50_000_00
MARKET_BP = (340, 372, 388, 409, 450, 480, 506, 588, 650, 720, 881, 1020)


def make_fee_rule(**changes: Any) -> FeeRule:
    plain: dict[str, Any] = {
        "code": "appraisal",
        "name": "车辆评估费",
        "payee": "衡准评估公司（虚构）",
        "basis": "fixed",
        "timing": "upfront",
        "is_condition_of_loan": True,
        "is_refundable": False,
        "amount_fen": 300_00,
    }
    return FeeRule(**(plain | changes))


def make_plan_inputs(
    *, version_id: str = "qinghe@1", term_months: int = 36, plan: Any = None, **terms: Any
) -> PlanInputs:
    plain: dict[str, Any] = {
        "product": make_version(version_id, **terms),
        "car": make_car(vehicle_price_fen=PRICE_FEN),
        "term_months": term_months,
        "down_payment_fen": DOWN_FEN,
        "first_due_on": date(2026, 12, 10),
        "purchase_costs": tuple(
            CostLine(code=f"c{i}", name=cost.name, amount_fen=cost.amount_fen, payee=cost.payee)
            for i, cost in enumerate(make_costs())
        ),
    }
    return PlanInputs(**(plain | (plan or {})))


def make_chosen(**changes: Any) -> ChosenPlan:
    words: dict[str, Any] = {
        "best_at": "总共花钱最少",
        "gives_up": ("每月还款离您说的上限只差 53 元",),
        "likelihood": "中",
        "likelihood_reason": "您自述有过逾期，机构会看时间和次数",
    }
    words |= {name: changes.pop(name) for name in list(changes) if name in words}
    return ChosenPlan(**words, inputs=make_plan_inputs(**changes))


def make_three_chosen() -> tuple[ChosenPlan, ...]:
    return (
        make_chosen(),
        make_chosen(
            best_at="随时能提前还",
            gives_up=("比 A 多付 1,875 元",),
            version_id="yunting@3",
            code="yunting-free",
            name="云汀随心贷",
            lender_code="yunting",
            lender_name="云汀银行（虚构）",
            offers=make_offers("0.0486", 36),
            prepayment=make_prepayment(charge_steps=(), free_after_months=0),
            fees=(make_fee_rule(),),
        ),
        make_chosen(
            best_at="每月还得最少",
            gives_up=("比 A 多付 2,442 元", "要多还 12 个月"),
            version_id="yuanshan@12",
            term_months=48,
            code="yuanshan-light",
            name="远山轻松贷",
            lender_code="yuanshan",
            lender_name="远山汽车金融公司（虚构）",
            lender_kind="auto_finance_company",
            offers=make_offers("0.0398", 48),
            fees=(
                make_fee_rule(
                    code="registration",
                    name="抵押登记代办费",
                    payee="启程汽车城东店（虚构）",
                    amount_fen=200_00,
                ),
            ),
        ),
    )


def make_inputs(**changes: Any) -> ProposalInputs:
    costs = make_costs()
    plain: dict[str, Any] = {
        "store_name": "启程汽车城东店（虚构）",
        "advisor_name": "林喆（化名）",
        "advisor_contact": "021-5550-0100",
        "addressee": "陈先生",
        "products_on": date(2026, 11, 23),
        "need_version": 3,
        "needs": make_needs(),
        "car": Car(
            description="星野 X5 1.5T 舒享版（虚构）", condition="新车", vehicle_price_fen=PRICE_FEN
        ),
        "plans": make_three_chosen(),
        "cash": CashColumn(
            total_paid_fen=PRICE_FEN,
            cash_at_delivery_fen=PRICE_FEN + sum(cost.amount_fen for cost in costs),
            gives_up=("一次拿出 15 万元",),
        ),
        "purchase_costs": costs,
        "later_money": (),
        "reference_set": "本店当天能办、符合您要求的方案",
        "market_apr_bp": MARKET_BP,
        "settle_months": (24, 12),
        "promises": make_promises(),
        "citations": make_citations(),
        "engine": "0.1.0",
        "policy_book": "2026-11-20",
        "verify_root": "https://chedai.example/verify/",
    }
    return ProposalInputs(**(plain | changes))
