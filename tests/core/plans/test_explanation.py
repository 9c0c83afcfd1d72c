from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.core.plans.builders import make_car, make_prepayment, make_version

from chedai.core.plans.explanation import (
    banned_words_in,
    flat_rate_lesson,
    give_ups,
    headline,
    in_wan,
    prepayment_text,
    solution_text,
    yuan,
)
from chedai.core.plans.plan import Plan
from chedai.core.plans.pricing import price_plan
from chedai.core.plans.product import FeeRule, TermOffer
from chedai.core.plans.solver import Goal, solve


def plan_of(*, term: int = 36, **changes: Any) -> Plan:
    plan = price_plan(
        product=make_version(**changes),
        car=make_car(),
        term_months=term,
        down_payment_fen=50_000_00,
        first_due_on=date(2026, 12, 10),
    )
    assert isinstance(plan, Plan)
    return plan


def test_the_headline_has_four_numbers_and_a_day_in_their_order():
    assert headline(plan_of()) == (
        "每月还 ¥2,948 ×36 期",
        "一共还 ¥106,095",
        "比付全款多 ¥6,095",
        "综合年化成本 3.88%（单利）",
        "最后一期 2029-11-10",
    )


def test_the_lesson_uses_the_customers_own_numbers():
    lesson = flat_rate_lesson(
        principal_fen=100_000_00, term_months=36, flat_fee_rate_monthly=Decimal("0.003")
    )

    assert lesson.total_fee_fen == 10_800_00
    assert lesson.apr_simple == pytest.approx(0.0678, abs=5e-5)
    assert (lesson.month, lesson.outstanding_at_month_fen) == (18, 49_999_96)
    assert len(lesson.outstanding_fen) == len(lesson.charge_base_fen) == 37
    assert (lesson.outstanding_fen[0], lesson.outstanding_fen[-1]) == (100_000_00, 0)
    assert set(lesson.charge_base_fen) == {100_000_00}
    assert lesson.steps == (
        "您借 10 万，每个月都在还本金。",
        "第 18 个月只欠 50,000 元，手续费却一直按 10 万收。",
        "按真正还欠着的钱算，一年是 6.78%，不是 0.3%×12 = 3.6%。",
    )


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (17_500_00, "1.75 万"),
        (100_000_00, "10 万"),
        (9_900_00, "9,900 元"),
        (12_345_00, "12,345 元"),
        (150_000_00, "15 万"),
    ],
)
def test_round_amounts_are_said_in_wan(fen: int, text: str):
    assert in_wan(fen) == text


def test_a_difference_is_rounded_half_up():
    assert (yuan(1_845_50), yuan(1_845_49)) == ("1,846 元", "1,845 元")


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ({}, "提前还款要满 12 期才免违约金"),
        ({"charge_steps": (), "free_after_months": 0}, "提前还款随时免违约金"),
        ({"free_after_months": None}, "到期之前提前还款都要付违约金"),
        ({"free_after_months": 36}, "到期之前提前还款都要付违约金"),
    ],
)
def test_prepayment_is_said_in_one_sentence(rule: dict[str, Any], text: str):
    assert prepayment_text(plan_of(prepayment=make_prepayment(**rule))) == text


def test_a_longer_plan_says_the_money_and_the_months():
    short, long = plan_of(), plan_of(term=48)

    # 8,122 − 6,094 and 48 − 36
    assert give_ups(long, others=(short, long)) == ("总共多付 2,028 元", "多还 12 个月")


def test_a_limit_nearly_reached_or_passed_is_said():
    plan = plan_of()

    assert give_ups(plan, others=(), payment_max_fen=3_000_00) == ("月供离上限只差 52 元",)
    assert give_ups(plan, others=(), payment_max_fen=2_900_00) == ("月供超过上限 48 元",)
    assert give_ups(plan, others=(), payment_max_fen=4_000_00) == ("比付全款多付 6,094 元",)


def test_a_dear_first_month_a_balloon_and_a_lease_are_said():
    fee = FeeRule(
        code="gps",
        name="GPS",
        payee="车联（虚构）",
        basis="fixed",
        amount_fen=1_200_00,
        timing="first_instalment",
        is_condition_of_loan=True,
        is_refundable=False,
    )
    plan = plan_of(
        method="lease_rent",
        lender_kind="leasing_company",
        contract_nature="finance_lease_direct",
        offers=(TermOffer(36, Decimal("0.06"), balloon_ratio=Decimal("0.3")),),
        fees=(fee,),
    )

    assert give_ups(plan, others=()) == (
        "还清之前车不归您所有",
        "第一个月要还 3,480 元，以后每月 2,280 元",
        "最后一期要一次还 32,280 元",
    )


@pytest.mark.parametrize(
    ("text", "has_fees", "words"),
    [
        ("利率为 0，免息", True, ("免息",)),
        ("利率为 0，免息", False, ()),
        ("推荐这个最划算的", False, ("最划算", "推荐")),
        ("总钱最省", True, ()),
    ],
)
def test_words_of_praise_are_found(text: str, has_fees: bool, words: tuple[str, ...]):
    assert banned_words_in(text, has_fees=has_fees) == words


def test_a_goal_already_met_is_said_so():
    plan = plan_of()
    goal = Goal("payment", 3_000_00)

    assert solution_text(solve(base=plan, goal=goal)) == (
        "月供从 2,948 降到 3,000 以内，现在的方案已经做到。"
    )


def test_less_cash_on_the_day_says_what_it_costs_in_all():
    solution = solve(base=plan_of(), goal=Goal("cash", 45_000_00))

    # 5,000 more lent over 36 months at 3.88 %: 304.71
    assert solution_text(solution) == (
        "提车现金从 50,000 降到 45,000 以内有 2 条路："
        "①首付减 5,000 元（多付 305 元）"
        "②车价降 5,000 元，首付减到 ¥45,000。"
    )
