"""Every number can say where it comes from."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from tests.core.loans.strategies import loan_terms

from chedai.core.loans.cost import Subsidy, cost_of_plan
from chedai.core.loans.derivation import (
    INSTALMENT_FORMULAS,
    Derivation,
    derive_apr_compound,
    derive_apr_simple,
    derive_extra_over_cash,
    derive_instalment,
    derive_total_interest,
    rounding_text,
)
from chedai.core.loans.interest_days import InterestDays
from chedai.core.loans.methods import METHOD_LABELS, REPAYMENT_METHODS
from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import Fee, LoanTerms

TERMS = LoanTerms(
    method="equal_instalment",
    principal_fen=10_000_000,
    term_months=36,
    nominal_rate_annual=Decimal("0.0388"),
)
SCHEDULE = build_schedule(TERMS)
FEES = [Fee(code="gps", name="GPS费", amount_fen=300_000, payee="示例公司")]
SUBSIDIES = [Subsidy(code="fiscal", name="财政贴息", amount_fen=50_000, month=12)]


def test_every_method_has_a_label_and_a_formula() -> None:
    assert set(METHOD_LABELS) == set(INSTALMENT_FORMULAS) == set(REPAYMENT_METHODS)


@given(loan_terms())
def test_an_instalment_is_explained_by_parts_that_add_up(terms: LoanTerms) -> None:
    schedule = build_schedule(terms)

    for month in (1, schedule.term_months):
        derivation = derive_instalment(terms, schedule, month=month)

        parts = [part.value for part in derivation.inputs if part.label_zh.startswith("本期")]
        assert sum(parts) == derivation.value == schedule.instalment_fen[month - 1]
        json.dumps(derivation.as_json())


def test_an_instalment_names_what_went_in() -> None:
    tree = derive_instalment(TERMS, SCHEDULE).as_json()

    assert tree["text"] == "¥2,947.06"
    assert tree["rounding"] == "四舍五入到分"
    assert tree["source"] == "还款方式：等额本息"
    assert [(part["label"], part["text"]) for part in tree["inputs"][:3]] == [
        ("贷款本金 P", "¥100,000.00"),
        ("期限 n", "36 个月"),
        ("名义年利率", "3.88%"),
    ]


def test_total_interest_is_what_is_paid_above_the_principal() -> None:
    derivation = derive_total_interest(TERMS, SCHEDULE)

    paid, at_start, principal, _ = (part.value for part in derivation.inputs)
    assert derivation.value == paid + at_start - principal == SCHEDULE.total_interest_fen


@pytest.mark.parametrize(
    ("derive", "field"),
    [(derive_apr_simple, "apr_simple"), (derive_apr_compound, "apr_compound")],
)
def test_an_annual_rate_shows_its_root_and_every_flow(derive: object, field: str) -> None:
    derivation = derive(SCHEDULE, FEES, subsidies=SUBSIDIES)

    (root,) = derivation.inputs
    cost = cost_of_plan(SCHEDULE, FEES, subsidies=SUBSIDIES)
    assert derivation.value == getattr(cost, field)
    assert root.value == cost.irr_monthly
    assert -sum(flow.value for flow in root.inputs) == cost.extra_over_cash_fen
    assert "公告" in derivation.source


def test_extra_over_cash_is_the_sum_of_its_inputs() -> None:
    derivation = derive_extra_over_cash(
        SCHEDULE, FEES, lost_cash_discount_fen=800_000, subsidies=SUBSIDIES
    )

    assert sum(part.value for part in derivation.inputs) == derivation.value
    assert [part.label_zh for part in derivation.inputs] == [
        "利息",
        "GPS费（示例公司）",
        "放弃的现金优惠",
        "财政贴息",
    ]


def test_text_without_a_unit_is_shown_as_it_is() -> None:
    assert Derivation(label_zh="取整", value="到元", unit="text").text == "到元"


@pytest.mark.parametrize(
    ("rounding", "unit_fen", "text"),
    [
        ("half_up", 1, "四舍五入到分"),
        ("half_up", 100, "四舍五入到元"),
        ("half_even", 1, "四舍六入五成双到分"),
        ("half_even", 100, "四舍六入五成双到元"),
        ("up", 100, "进位到元"),
        ("up", 10, "进位到角"),
        ("down", 1, "舍去不足一分"),
        ("down", 100, "舍去不足一元"),
        ("up", 5_000, "进位到 ¥50"),
    ],
)
def test_the_rounding_says_its_rule_and_its_unit(rounding: str, unit_fen: int, text: str) -> None:
    assert rounding_text(rounding, unit_fen=unit_fen) == text


@pytest.mark.parametrize(
    ("is_every_period", "first_due_on", "formula"),
    [
        (True, date(2026, 12, 23), "计息本金 × 年利率 × 天数 ÷ 360"),
        (True, date(2026, 12, 30), "计息本金 × 年利率 × 天数 ÷ 360，另计首期零头天数"),
        (False, date(2026, 12, 23), "计息本金 × 年利率 ÷ 12"),
        (False, date(2026, 12, 30), "计息本金 × 年利率 ÷ 12，另计首期零头天数"),
    ],
)
def test_interest_by_days_says_its_days_and_its_year(
    is_every_period: bool, first_due_on: date, formula: str
) -> None:
    days = InterestDays(
        disbursed_on=date(2026, 11, 23),
        first_due_on=first_due_on,
        day_count="ACT/360",
        is_every_period=is_every_period,
    )
    terms = LoanTerms(
        method="equal_instalment",
        principal_fen=10_000_000,
        term_months=36,
        nominal_rate_annual=Decimal("0.06"),
        interest_days=days,
    )

    derived = derive_instalment(terms, build_schedule(terms))

    (interest,) = [part for part in derived.inputs if part.label_zh == "本期利息"]
    assert interest.formula == formula
    assert ("30 天" in [part.text for part in interest.inputs]) == is_every_period
