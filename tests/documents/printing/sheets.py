"""Proposal sheets with coherent invented numbers; a test names only what it is about."""

from __future__ import annotations

import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from chedai.core.loans.cost import cost_of_credit
from chedai.core.loans.schedules import Schedule, build_schedule
from chedai.core.loans.terms import LoanTerms
from chedai.core.plans.product import ownership_banner
from chedai.documents.printing.punctuation import full_width
from chedai.documents.printing.sheet import (
    Car,
    CashColumn,
    Citation,
    FeeLine,
    InstalmentRun,
    LaterMoney,
    Lesson,
    Market,
    PlanColumn,
    Promise,
    ProposalSheet,
    PurchaseCost,
    ReadBack,
    Settlement,
    Versions,
    YearOfPlan,
)

CHECKOUT = Path(__file__).parents[3]
FONT_FOLDER = Path(os.environ.get("CHEDAI_FONT_FOLDER", CHECKOUT / "static-built" / "fonts"))
PROPOSAL_TEMPLATE = CHECKOUT / "src/chedai/planning/templates/planning/print/proposal.typ"
PRICE_FEN = 150_000_00
PRINCIPAL_FEN = 100_000_00
COSTS_FEN = 19_224_34
CATALOGUE_RATES = (
    "0.0340 0.0372 0.0388 0.0409 0.0450 0.0468 0.0480 0.0490 0.0506 0.0540 "
    "0.0588 0.0612 0.0650 0.0678 0.0720 0.0755 0.0810 0.0881 0.0915 0.1020"
)


def make_fee(**changes: Any) -> FeeLine:
    plain: dict[str, Any] = {
        "name": "车辆评估费",
        "payee": "衡准评估公司（虚构）",
        "amount_fen": 300_00,
        "basis": "每笔固定",
        "due": "放款前一次付",
        "is_refundable": False,
        "is_condition_of_loan": True,
    }
    return FeeLine(**(plain | changes))


def make_schedule(*, term_months: int = 36, rate: str = "0.0388") -> Schedule:
    return build_schedule(
        LoanTerms(
            method="equal_instalment",
            principal_fen=PRINCIPAL_FEN,
            term_months=term_months,
            nominal_rate_annual=Decimal(rate),
        )
    )


def make_plan(*, term_months: int = 36, rate: str = "0.0388", **changes: Any) -> PlanColumn:
    """A plan of 100,000 yuan, computed by the engine; ``changes`` replace what it says."""
    schedule = make_schedule(term_months=term_months, rate=rate)
    fee_fen = sum(fee.amount_fen for fee in changes.get("fees", ()))
    cost = cost_of_credit(received_fen=PRINCIPAL_FEN - fee_fen, paid_fen=schedule.instalment_fen)
    usual, final = schedule.instalment_fen[0], schedule.instalment_fen[-1]
    total = schedule.total_paid_fen + fee_fen
    plain: dict[str, Any] = {
        "letter": "A",
        "best_at": "总共花钱最少",
        "product_name": "清禾标准车贷",
        "product_version": "qinghe-standard@7",
        "lender_name": "清禾银行（虚构）",
        "lender_kind": "银行",
        "contract_nature": "贷款",
        "ownership_banner": full_width(ownership_banner("loan")),
        "method": "等额本息",
        "principal_fen": PRINCIPAL_FEN,
        "down_payment_fen": PRICE_FEN - PRINCIPAL_FEN,
        "term_months": term_months,
        "instalment_fen": usual,
        "runs": (
            InstalmentRun(from_number=1, to_number=term_months - 1, amount_fen=usual),
            InstalmentRun(from_number=term_months, to_number=term_months, amount_fen=final),
        ),
        "first_due_on": "2026-12-10",
        "last_due_on": f"{2026 + term_months // 12}-11-10",
        "total_paid_fen": total,
        "extra_over_cash_fen": total - PRINCIPAL_FEN,
        "apr_simple": round(Decimal(cost.apr_simple), 6),
        "apr_compound": round(Decimal(cost.apr_compound), 6),
        "cash_at_delivery_fen": PRICE_FEN - PRINCIPAL_FEN + COSTS_FEN + fee_fen,
        "prepayment": "第 12 期后结清免违约金；之前收剩余本金的 3%",
        "fees": (),
        "gives_up": ("每月还款离您说的上限只差 53 元",),
        "likelihood": "中",
        "likelihood_reason": "您自述有过逾期，机构会看时间和次数",
        "years": tuple(
            YearOfPlan(
                to_month=month,
                paid_fen=sum(schedule.instalment_fen[month - 12 : month]),
                cumulative_fen=sum(schedule.instalment_fen[:month]) + fee_fen,
                outstanding_fen=schedule.outstanding_after(month),
            )
            for month in range(12, term_months + 1, 12)
        ),
        "settlements": tuple(
            Settlement(
                after_month=month,
                charge_fen=0,
                payoff_fen=schedule.outstanding_after(month),
                extra_over_cash_fen=sum(schedule.interest_fen[:month]) + fee_fen,
            )
            for month in (12, 24, 36)
        ),
        "prepayment_message": "第 12 期之前结清要付违约金，之后随时可以结清。",
        "market_rank": 3,
    }
    return PlanColumn(**(plain | changes))


def make_three_plans() -> tuple[PlanColumn, ...]:
    """Three plans in ascending order of total cost, lettered A, B, C."""
    flexible = make_plan(
        rate="0.0486",
        best_at="随时能提前还",
        product_name="云汀随心贷",
        product_version="yunting-free@3",
        lender_name="云汀银行（虚构）",
        prepayment="任何时候结清都免违约金",
        fees=(make_fee(),),
        gives_up=("比 A 多付 1,835 元",),
        prepayment_message="随时结清都不收违约金。",
        market_rank=8,
    )
    light = make_plan(
        term_months=48,
        rate="0.0398",
        best_at="每月还得最少",
        product_name="远山轻松贷",
        product_version="yuanshan-light@12",
        lender_name="远山汽车金融公司（虚构）",
        lender_kind="汽车金融公司",
        prepayment="第 24 期后结清免违约金；之前收贷款额的 3%",
        fees=(make_fee(name="抵押登记代办费", payee="启程汽车城东店（虚构）", amount_fen=200_00),),
        gives_up=("比 A 多付 2,441 元", "要多还 12 个月"),
        likelihood="中高",
        likelihood_reason="该机构公布接受有过逾期、现已还清的客户",
        prepayment_message="第 24 期之前结清要付贷款额 3% 的违约金。",
        market_rank=4,
    )
    plans = sorted((make_plan(), flexible, light), key=lambda plan: plan.total_paid_fen)
    return tuple(replace(plan, letter=letter) for letter, plan in zip("ABC", plans, strict=True))


def make_lesson(plan: PlanColumn) -> Lesson:
    schedule = make_schedule(term_months=plan.term_months)
    flat = round(Decimal(plan.extra_over_cash_fen) / plan.principal_fen / plan.term_months, 6)
    half = plan.term_months // 2
    return Lesson(
        letter=plan.letter,
        principal_fen=plan.principal_fen,
        term_months=plan.term_months,
        flat_rate_monthly=flat,
        flat_rate_times_twelve=flat * 12,
        apr_simple=plan.apr_simple,
        half_month=half,
        owed_at_half_fen=schedule.outstanding_after(half),
        owed_fen=tuple(schedule.outstanding_after(m) for m in range(plan.term_months + 1)),
    )


def make_cost(**changes: Any) -> PurchaseCost:
    plain: dict[str, Any] = {
        "name": "车辆购置税",
        "amount_fen": 13_274_34,
        "payee": "税务机关",
        "basis": "不含税价的 10%",
        "is_estimate": True,
    }
    return PurchaseCost(**(plain | changes))


def make_costs() -> tuple[PurchaseCost, ...]:
    return (
        make_cost(),
        make_cost(
            name="交强险",
            amount_fen=950_00,
            payee="保险公司",
            basis="6 座以下家用车",
            is_estimate=False,
        ),
        make_cost(
            name="商业险", amount_fen=4_500_00, payee="保险公司", basis="三者 200 万元、车损"
        ),
        make_cost(
            name="上牌服务费",
            amount_fen=500_00,
            payee="启程汽车城东店（虚构）",
            basis="可以自己去办，不是贷款条件",
            is_estimate=False,
        ),
    )


def make_needs() -> tuple[ReadBack, ...]:
    return (
        ReadBack(slot="想买", said="15 万元左右的 SUV，新车，自己开", certainty="已确认"),
        ReadBack(slot="首付", said="最多 5 万元，不含税费险", certainty="已确认"),
        ReadBack(slot="每月还", said="不超过 3,000 元", certainty="已确认"),
        ReadBack(slot="征信", said="两年前有过逾期，已还清", certainty="您自述"),
        ReadBack(slot="打算", said="两年左右可能提前还", certainty="已确认"),
    )


def make_promises() -> tuple[Promise, ...]:
    return (
        Promise(
            said="一年后提前还不收违约金",
            said_by="销售口头",
            written="合同样本第 7 条已写",
            is_written=True,
        ),
        Promise(
            said="送两次保养",
            said_by="销售口头",
            written="还没有写下来，请让对方写进购车合同再签",
            is_written=False,
        ),
    )


def make_citations() -> tuple[Citation, ...]:
    return (
        Citation(
            says="每项费用写明收费标准和收款方",
            instrument="示例明示规定（虚构）",
            number="示例公告〔2026〕1 号",
            article="第五条",
            dated="2026-08-01 起施行",
        ),
        Citation(
            says="自用新车贷款额不超过车价的 80%",
            instrument="示例车贷办法（虚构）",
            number="示例令〔2017〕2 号",
            article="第二十二条",
            dated="2018-01-01 起施行",
        ),
    )


def make_sheet(**changes: Any) -> ProposalSheet:
    plans = make_three_plans()
    plain: dict[str, Any] = {
        "number": "P20261123-0017",
        "store_name": "启程汽车城东店（虚构）",
        "advisor_name": "林喆（化名）",
        "advisor_contact": "021-5550-0100",
        "addressee": "陈先生",
        "made_on": "2026-11-23",
        "products_on": "2026-11-23",
        "need_version": 3,
        "needs": make_needs(),
        "car": Car(
            description="星野 X5 1.5T 舒享版（虚构）",
            condition="新车",
            vehicle_price_fen=PRICE_FEN,
            list_price_fen=162_800_00,
        ),
        "plans": plans,
        "cash": CashColumn(
            total_paid_fen=PRICE_FEN,
            cash_at_delivery_fen=PRICE_FEN + COSTS_FEN,
            gives_up=("一次拿出 15 万元",),
        ),
        "purchase_costs": make_costs(),
        "later_money": (
            LaterMoney(
                name="以旧换新补贴",
                amount_fen=8_000_00,
                payer="商务主管部门",
                expected="审核通过后",
                condition="旧车过户后申请，以审核结果为准",
            ),
        ),
        "market": Market(
            on="2026-11-23",
            reference_set="本店当天能办、符合您要求的方案",
            apr_simple=tuple(Decimal(text) for text in CATALOGUE_RATES.split()),
        ),
        "lesson": make_lesson(plans[0]),
        "promises": make_promises(),
        "citations": make_citations(),
        "versions": Versions(engine="0.1.0", policy_book="2026-11-20", layout="1"),
    }
    return ProposalSheet(**(plain | changes))
