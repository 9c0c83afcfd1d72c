"""A plan left early keeps its fees and its rebate."""

from datetime import date

import pytest
from tests.core.plans.builders import make_car, make_prepayment, make_version

from chedai.core.plans.plan import Plan
from chedai.core.plans.pricing import price_plan
from chedai.core.plans.product import FeeRule
from chedai.core.plans.settling import payoff_table_of, rebate_of

FEE = FeeRule(
    code="survey",
    name="评估费",
    payee="样例评估公司",
    basis="fixed",
    timing="upfront",
    is_condition_of_loan=True,
    is_refundable=False,
    amount_fen=30_000,
)


def plan_of(*, cash_discount_fen: int | None = None, **changes: object) -> Plan:
    plan = price_plan(
        product=make_version(**changes),
        car=make_car(),
        term_months=36,
        down_payment_fen=5_000_000,
        first_due_on=date(2026, 12, 24),
        cash_discount_fen=cash_discount_fen,
    )
    assert isinstance(plan, Plan)
    return plan


@pytest.mark.parametrize(
    ("loan_only_fen", "cash_fen", "rebate_fen"),
    [(0, 0, 0), (800_000, 0, 800_000), (0, 300_000, -300_000), (800_000, 300_000, 500_000)],
)
def test_a_rebate_is_what_borrowers_get_less_what_they_lose(
    loan_only_fen: int, cash_fen: int, rebate_fen: int
) -> None:
    plan = plan_of(loan_only_discount_fen=loan_only_fen, cash_discount_fen=cash_fen)

    assert rebate_of(plan) == rebate_fen


def test_kept_to_the_end_the_plan_costs_what_it_was_priced_at() -> None:
    plan = plan_of(fees=(FEE,), loan_only_discount_fen=800_000)

    table = payoff_table_of([plan])

    assert table.extra_over_cash_fen[-1, 0] == plan.extra_over_cash_fen
    assert table.total_paid_fen[-1, 0] == plan.total_paid_fen
    assert table.apr_simple[-1, 0] == plan.apr_simple


def test_a_month_before_the_contract_allows_it_is_not_possible() -> None:
    plan = plan_of(prepayment=make_prepayment(minimum_months=6))

    table = payoff_table_of([plan])

    assert table.is_possible[:, 0].tolist() == [False] * 5 + [True] * 31
