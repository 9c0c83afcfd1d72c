"""The sheet is priced and worded again from stored inputs alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.apps.planning.proposals import (
    PRICE_FEN,
    make_chosen,
    make_fee_rule,
    make_inputs,
    make_three_chosen,
)
from tests.core.plans.builders import make_prepayment

from chedai.core.plans.product import Campaign, ChargeStep, Subvention, TermOffer
from chedai.documents.printing.sheet import Promise, ProposalSheet, ReadBack
from chedai.planning.queries.proposal_sheets import (
    PlanNoLongerPricedError,
    PlansOutOfOrderError,
    ProposalInputs,
    prepayment_in_words,
    sheet_of,
)
from chedai.planning.queries.proposal_wording import BannedWordingError

MADE_ON = date(2026, 11, 23)
LEASE: dict[str, Any] = {
    "lender_kind": "leasing_company",
    "contract_nature": "finance_lease_direct",
    "method": "lease_rent",
}
VARIETY: dict[str, dict[str, Any]] = {
    "level": {},
    "principal": {"method": "equal_principal"},
    "interest_first": {"method": "interest_first"},
    "balloon": {
        "method": "balloon",
        "offers": (
            TermOffer(
                term_months=36,
                nominal_rate_annual=Decimal("0.0388"),
                balloon_ratio=Decimal("0.5"),
            ),
        ),
    },
    "flat_fee": {
        "method": "flat_fee",
        "offers": (TermOffer(term_months=36, flat_fee_rate_total=Decimal("0.108")),),
    },
    "zero": {"offers": (TermOffer(term_months=36, nominal_rate_annual=Decimal(0)),)},
    "lease": LEASE,
    "rebate": {"loan_only_discount_fen": 3_000_00},
    "deposit": {
        "fees": (
            make_fee_rule(code="deposit", name="保证金", is_refundable=True, amount_fen=5_000_00),
        )
    },
    "spread_fee": {"fees": (make_fee_rule(timing="spread", amount_fen=1_000_00),)},
    "given_cash": {
        "subventions": (Subvention(payer="oem", form="upfront_cash", amount_fen=2_000_00),)
    },
}


def sheet(**changes: Any) -> ProposalSheet:
    return sheet_of(make_inputs(**changes), number="P-1", made_on=MADE_ON)


def only(**terms: Any) -> ProposalSheet:
    return sheet(plans=(make_chosen(**terms),))


def test_inputs_read_back_from_their_json_are_equal_and_give_the_same_sheet() -> None:
    inputs = make_inputs()

    read = ProposalInputs.from_json(inputs.to_json())

    assert read == inputs
    assert sheet_of(read, number="P-1", made_on=MADE_ON) == sheet()


@pytest.mark.parametrize("terms", VARIETY.values(), ids=VARIETY)
def test_every_kind_of_product_closes_to_the_fen(terms: dict[str, Any]) -> None:
    (plan,) = only(**terms).plans

    final = plan.years[-1]
    assert (final.to_month, final.outstanding_fen) == (36, 0)
    assert final.cumulative_fen == plan.total_paid_fen
    assert sum(year.paid_fen for year in plan.years) == plan.total_paid_fen
    assert sum(run.to_number - run.from_number + 1 for run in plan.runs) == 36
    assert plan.settlements[0].after_month == 12


def test_a_plan_says_who_lends_on_what_kind_of_contract_and_whose_car_it_is() -> None:
    (plan,) = only(**LEASE).plans

    assert plan.contract_nature == "融资租赁（直租）"
    assert plan.lender_kind == "融资租赁公司"
    assert "车登记在租赁公司名下" in plan.ownership_banner


def test_the_flat_fee_of_an_instalment_plan_is_a_fee_with_the_lender_as_payee() -> None:
    (plan,) = only(**VARIETY["flat_fee"]).plans
    (fee,) = plan.fees

    assert (fee.name, fee.payee) == ("分期手续费", "清禾银行（虚构）")
    assert fee.amount_fen == 10_800_00
    assert fee.basis == "贷款额的 10.8%（合计）"


def test_the_lesson_uses_the_plan_quoted_by_a_fee_rate() -> None:
    # 0.30 % a month over 36 months: 12 × 0.30 % = 3.6 %, really 6.78 %.
    plans = (make_chosen(), make_chosen(version_id="fee@1", **VARIETY["flat_fee"]))
    lesson = sheet(plans=plans).lesson

    assert lesson is not None
    assert lesson.letter == "B"
    assert lesson.flat_rate_monthly == Decimal("0.003")
    assert lesson.flat_rate_times_twelve == Decimal("0.036")
    assert round(lesson.apr_simple, 4) == Decimal("0.0678")


def test_a_plan_that_costs_nothing_beyond_cash_needs_no_lesson() -> None:
    assert only(**VARIETY["zero"]).lesson is None


def test_places_in_the_market_are_counted_in_the_set_of_the_day() -> None:
    plans = sheet().plans

    assert [plan.market_rank for plan in plans] == [3, 7, 4]


def test_a_rebate_is_worth_it_only_until_its_break_even_month() -> None:
    rebated = make_chosen(
        loan_only_discount_fen=3_000_00,
        prepayment=make_prepayment(charge_steps=(), free_after_months=0),
    )
    month = sheet(plans=(rebated,)).plans[0].break_even_month
    assert month is not None

    (plan,) = sheet(plans=(rebated,), settle_months=(month, month + 1)).plans

    assert plan.settlements[0].extra_over_cash_fen < 0
    assert plan.settlements[1].extra_over_cash_fen >= 0


def test_settling_in_the_customers_own_month_is_said_in_yuan() -> None:
    (plan,) = only().plans
    at_24 = plan.settlements[1]

    saved = plan.extra_over_cash_fen - at_24.extra_over_cash_fen
    whole, part = divmod(saved, 100)
    assert plan.prepayment_message == f"第 24 期后结清，比还到底少付 {whole:,}.{part:02d} 元。"


def test_a_month_in_which_settling_is_not_allowed_is_said_so() -> None:
    (plan,) = only(prepayment=make_prepayment(minimum_months=25)).plans

    assert [line.charge_fen for line in plan.settlements] == [None, None]
    assert plan.prepayment_message == "第 24 期时合同还不允许结清。"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "第 12 期及以前结清，收剩余本金的 3%；满 12 期后免违约金"),
        ({"charge_steps": (), "free_after_months": 0}, "任何时候结清都免违约金"),
        (
            {"charge_base": "original", "free_after_months": None},
            "第 12 期及以前结清，收贷款额的 3%；之后是否免收以合同为准",
        ),
        (
            {"charge_steps": (), "free_after_months": None},
            "没有写明几期后免违约金，签约前请问清",
        ),
        (
            {
                "minimum_months": 6,
                "charge_steps": (
                    ChargeStep(up_to_month=12, ratio=Decimal("0.03")),
                    ChargeStep(up_to_month=24, ratio=Decimal("0.015")),
                ),
                "free_after_months": 24,
            },
            "至少还满 6 期才能结清；第 12 期及以前结清，收剩余本金的 3%；"
            "第 24 期及以前结清，收剩余本金的 1.5%；满 24 期后免违约金",
        ),
    ],
)
def test_prepayment_terms_are_said_in_plain_words(changes: dict[str, Any], said: str) -> None:
    assert prepayment_in_words(make_prepayment(**changes)) == said


def test_interest_that_comes_back_later_is_listed_apart_and_taken_off_nothing() -> None:
    refund = Subvention(
        payer="government",
        form="interest_refund",
        condition="按期还款，以审核为准",
        rate_points=Decimal("0.01"),
    )
    plain, refunded = only(), only(subventions=(refund,))

    (later,) = refunded.later_money
    assert later.name == "方案 A 利息返还"
    assert (later.payer, later.condition) == ("财政", "按期还款，以审核为准")
    assert later.amount_fen > 0
    assert refunded.plans[0].extra_over_cash_fen == plain.plans[0].extra_over_cash_fen
    assert refunded.plans[0].cash_at_delivery_fen == plain.plans[0].cash_at_delivery_fen


def test_a_product_out_of_its_terms_is_refused_by_name() -> None:
    dear = make_chosen(plan={"down_payment_fen": PRICE_FEN // 10})

    with pytest.raises(PlanNoLongerPricedError, match="清禾标准车贷"):
        sheet(plans=(dear,))


@pytest.mark.parametrize(
    "plans", [(), tuple(reversed(make_three_chosen())), make_three_chosen() * 2]
)
def test_plans_out_of_order_or_number_are_refused(plans: Any) -> None:
    with pytest.raises(PlansOutOfOrderError):
        sheet(plans=plans)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "两年免息贷"},
        {"gives_up": ("秒批",)},
        {"fees": (make_fee_rule(name="包过服务费"),)},
    ],
)
def test_banned_words_are_refused_wherever_we_would_say_them(changes: dict[str, Any]) -> None:
    with pytest.raises(BannedWordingError, match="请改写"):
        only(**changes)


def test_what_the_customer_or_the_seller_said_is_quoted_as_it_was() -> None:
    said = Promise(said="包过", said_by="销售口头", written="没有写", is_written=False)
    need = ReadBack(slot="首付", said="越低越好，最低三成", certainty="已确认")

    quoted = sheet(promises=(said,), needs=(need,))

    assert quoted.promises[0].said == "包过"
    assert quoted.needs[0].said == "越低越好，最低三成"


def test_a_later_version_of_a_product_changes_nothing_in_stored_inputs() -> None:
    stored = make_inputs().to_json()
    before = sheet_of(ProposalInputs.from_json(stored), number="P-1", made_on=MADE_ON)

    chosen = make_three_chosen()[0]
    terms = chosen.inputs.product.terms
    dearer = replace(
        terms,
        offers=(TermOffer(term_months=36, nominal_rate_annual=Decimal("0.0999")),),
        campaign=Campaign(starts_on=date(2027, 1, 1)),
    )
    newer = replace(
        chosen, inputs=replace(chosen.inputs, product=replace(chosen.inputs.product, terms=dearer))
    )
    changed = sheet(plans=(newer,))

    again = sheet_of(ProposalInputs.from_json(stored), number="P-1", made_on=MADE_ON)
    assert again == before
    assert again.digest() == before.digest()
    assert changed.plans[0].apr_simple != before.plans[0].apr_simple
