"""Every figure of a card unfolds to what it was computed from."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.core.plans.builders import make_car, make_offers, make_version

from chedai.core.loans.derivation import Derivation
from chedai.core.plans.deriving import (
    derivations_of,
    derive_last_due,
    derive_payment,
)
from chedai.core.plans.plan import CostLine, Plan
from chedai.core.plans.pricing import price_plan
from chedai.core.plans.product import FeeRule, Subvention, TermOffer

TAX = CostLine(code="purchase_tax", name="购置税", amount_fen=1_327_434, payee="税务机关")
FILM = CostLine(code="film", name="贴膜", amount_fen=300_000, payee="样例门店", is_financed=True)


def make_fee(**changes: Any) -> FeeRule:
    plain: dict[str, Any] = {
        "code": "survey",
        "name": "评估费",
        "payee": "样例评估公司",
        "basis": "fixed",
        "timing": "upfront",
        "is_condition_of_loan": True,
        "is_refundable": False,
        "amount_fen": 30_000,
    }
    return FeeRule(**(plain | changes))


def plan_of(*, inputs: dict[str, Any] | None = None, **changes: Any) -> Plan:
    plan = price_plan(
        product=make_version(**changes),
        car=make_car(),
        **{
            "term_months": 36,
            "down_payment_fen": 5_000_000,
            "first_due_on": date(2026, 1, 31),
            **(inputs or {}),
        },
    )
    assert isinstance(plan, Plan), plan
    return plan


PLANS = {
    "plain": plan_of(),
    "fees": plan_of(
        fees=(
            make_fee(),
            make_fee(code="gps", name="GPS 费", timing="spread", amount_fen=36_000),
            make_fee(code="first", name="登记费", timing="first_instalment"),
            make_fee(code="bond", name="履约金", timing="last", is_refundable=True),
            make_fee(code="chosen", name="选购服务", is_condition_of_loan=False),
        )
    ),
    "discounts": plan_of(
        loan_only_discount_fen=800_000,
        subventions=(Subvention(payer="oem", form="upfront_cash", amount_fen=500_000),),
        inputs={"cash_discount_fen": 200_000, "trade_in_fen": 1_000_000},
    ),
    "extras": plan_of(
        financed_extras_max_ratio=Decimal("0.2"),
        financed_extras_max_fen=5_000_000,
        inputs={"purchase_costs": (TAX,), "add_ons": (FILM,)},
    ),
    "balloon": plan_of(
        method="balloon",
        offers=(
            TermOffer(
                term_months=36, nominal_rate_annual=Decimal("0.05"), balloon_ratio=Decimal("0.3")
            ),
        ),
    ),
    "declining": plan_of(method="equal_principal", offers=make_offers("0.05", 36)),
}
FIGURES = {
    "每月还": "payment_fen",
    "一共还": "total_paid_fen",
    "比付全款多": "extra_over_cash_fen",
    "综合年化成本（单利）": "apr_simple",
    "综合年化成本（复利）": "apr_compound",
    "提车当天备": "cash_at_delivery_fen",
    "贷款本金": "principal_fen",
    "实际到手": "received_fen",
}
SUMS = ("每月还", "一共还", "比付全款多", "提车当天备", "贷款本金", "实际到手")


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
@pytest.mark.parametrize(("label", "figure"), FIGURES.items())
def test_every_figure_of_the_card_is_derived(plan: Plan, label: str, figure: str) -> None:
    assert derived(plan, label).value == getattr(plan, figure)


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
@pytest.mark.parametrize("label", SUMS)
def test_the_inputs_of_a_sum_add_up_to_it(plan: Plan, label: str) -> None:
    node = derived(plan, label)

    assert sum(int(child.value) for child in node.inputs) == node.value


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_nothing_is_derived_twice_and_every_root_has_its_formula(plan: Plan) -> None:
    roots = derivations_of(plan)

    assert len({root.label_zh for root in roots}) == len(roots) == 10
    assert all(root.formula for root in roots)


def test_the_fee_of_a_usual_month_is_in_the_payment_and_that_of_the_first_is_not() -> None:
    node = derive_payment(PLANS["fees"])

    assert node.formula == "第 2 期月供 + 当期费用"
    assert [child.label_zh for child in node.inputs] == ["第 2 期月供", "GPS 费（样例评估公司）"]


def test_of_a_loan_of_one_month_the_only_month_is_shown() -> None:
    plan = plan_of(offers=make_offers("0.05", 1), inputs={"term_months": 1})

    assert derive_payment(plan).formula == "第 1 期月供"


def test_the_last_day_names_the_day_it_is_counted_from() -> None:
    node = derive_last_due(PLANS["plain"])

    # 31 January 2026 and 35 months: December 2028.
    assert (node.value, node.inputs[0].value) == ("2028-12-31", "2026-01-31")


def derived(plan: Plan, label: str) -> Derivation:
    (node,) = [root for root in derivations_of(plan) if root.label_zh == label]
    return node


def test_a_discount_for_borrowers_is_not_called_one_that_is_given_up() -> None:
    plan = plan_of(loan_only_discount_fen=800_000)

    labels = {
        child.label_zh
        for root in ("比付全款多", "实际到手")
        for child in derived(plan, root).inputs
    }

    assert "贷款才有的优惠" in labels
    assert "放弃的现金优惠" not in labels
