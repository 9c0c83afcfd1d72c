from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.core.plans.builders import make_car, make_offers, make_version

from chedai.core.plans import matrix
from chedai.core.plans.matrix import Matrix, MatrixInputs, around, price_matrix
from chedai.core.plans.plan import CostLine, Plan, Refusal
from chedai.core.plans.pricing import price, price_plan
from chedai.core.plans.product import FeeRule, TermOffer

DOWNS = (30_000_00, 50_000_00, 70_000_00)
TERMS = (36, 48, 60)


def matrix_of(*products: Any, **changes: Any) -> Matrix:
    inputs: dict[str, Any] = {
        "products": products or (make_version(),),
        "car": make_car(),
        "first_due_on": date(2026, 12, 10),
    }
    return price_matrix(
        MatrixInputs(**(inputs | changes)), terms_months=TERMS, down_payments_fen=DOWNS
    )


def test_the_desks_matrix_is_met():
    shown = [
        [round(cell.plan.payment_fen / 100) for cell in row if cell.plan]
        for row in matrix_of().rows
    ]

    assert shown == [[3536, 2703, 2203], [2947, 2253, 1836], [2358, 1802, 1469]]


def test_cells_over_the_monthly_limit_say_by_how_much():
    cells = matrix_of(payment_max_fen=2_815_00).rows[1]

    # 2,947.06 − 2,815.00 = 132.06, and 132 would be too little
    assert [cell.label for cell in cells] == ["⚠超预算 133", "✓符合", "✓符合"]


def test_a_payment_exactly_at_the_limit_fits():
    assert matrix_of(payment_max_fen=294_706).rows[1][0].state == "fits"
    assert matrix_of(payment_max_fen=294_705).rows[1][0].label == "⚠超预算 1"


def test_a_cell_no_product_can_make_says_why():
    cell = matrix_of(make_version(offers=make_offers("0.0388", 36, 48))).rows[0][2]

    assert (cell.state, cell.label) == ("impossible", "✕产品不支持")
    assert cell.reason == "没有 60 期，只有 36、48 期"
    assert cell.plan is None


@pytest.mark.parametrize("chosen", [None, "dear"])
def test_a_cell_holds_the_cheapest_plan_or_the_chosen_products(chosen: str | None):
    dear = make_version("dear", code="dear", offers=make_offers("0.06", *TERMS))
    cheap = make_version("cheap", code="cheap", offers=make_offers("0.03", *TERMS))

    priced = matrix_of(dear, cheap, chosen_version_id=chosen)

    winners = {cell.plan.product.code for row in priced.rows for cell in row if cell.plan}
    assert winners == {chosen or "cheap"}


def test_a_product_ruled_out_for_the_customer_is_not_used():
    refusal = Refusal("credit_history", "不接受当前逾期")

    cell = matrix_of(refused={"v1": refusal}).rows[0][0]

    assert cell.reasons == (("qinghe-standard", refusal),)
    assert cell.reason == "不接受当前逾期"


def test_every_winner_is_the_plan_full_pricing_finds():
    products = [
        make_version(str(i), code=f"p{i}", offers=make_offers(f"0.0{3 + i % 5}{i % 7}", *TERMS))
        for i in range(8)
    ]
    for row in matrix_of(*products).rows:
        for cell in row:
            plans = [
                price_plan(
                    product=product,
                    car=make_car(),
                    term_months=cell.term_months,
                    down_payment_fen=cell.down_payment_fen,
                    first_due_on=date(2026, 12, 10),
                )
                for product in products
            ]
            costs = [plan.extra_over_cash_fen for plan in plans if isinstance(plan, Plan)]
            assert cell.plan
            assert cell.plan.extra_over_cash_fen == min(costs)


def test_steps_around_the_base_are_editable_and_never_negative():
    assert around(base_fen=50_000_00, increment_fen=20_000_00) == DOWNS
    assert around(base_fen=10_000_00, increment_fen=20_000_00) == (0, 10_000_00, 30_000_00)


def test_full_plans_are_built_for_winners_only(monkeypatch: pytest.MonkeyPatch):
    products = [
        make_version(str(i), code=f"p{i}", offers=make_offers(f"0.03{i:02d}", *TERMS))
        for i in range(30)
    ]
    built: list[object] = []
    monkeypatch.setattr(matrix, "price", lambda wanted: built.append(wanted) or price(wanted))

    matrix_of(*products)

    assert len(built) == 9


def test_extras_a_product_cannot_finance_make_every_cell_impossible():
    tax = CostLine(code="tax", name="税", amount_fen=1, payee="税务局", is_financed=True)

    cell = matrix_of(purchase_costs=(tax,)).rows[1][0]

    assert (cell.state, cell.reason) == ("impossible", "这个产品不能贷附加品（保险、购置税等）")


def test_a_cheapest_plan_that_proves_impossible_gives_way_to_the_next():
    # Fees are all the loan, yet "free of interest": quoted, but no plan.
    eaten = FeeRule(
        code="all",
        name="费",
        payee="清禾咨询（虚构）",
        basis="ratio_of_principal",
        ratio=Decimal(1),
        timing="upfront",
        is_condition_of_loan=True,
        is_refundable=False,
    )

    cell = matrix_of(make_version("x", code="x", fees=(eaten,))).rows[1][0]

    assert cell.plan is None
    assert cell.reasons[0][1].field == "fees"


def test_a_product_whose_terms_contradict_each_other_is_a_reason_not_a_crash():
    broken = make_version(
        "x", code="x", offers=(TermOffer(36, flat_fee_rate_total=Decimal("0.1")),)
    )

    assert matrix_of(broken).rows[1][0].reason == "分期总费率不适用于该还款方式"


def test_the_add_ons_the_lender_insists_on_are_in_the_cells_cost():
    gps = CostLine(
        code="gps", name="GPS", amount_fen=900_00, payee="车联（虚构）", is_condition_of_loan=True
    )
    with_gps, without = matrix_of(add_ons=(gps,)).rows[1][0], matrix_of().rows[1][0]

    assert with_gps.plan
    assert without.plan
    assert with_gps.plan.extra_over_cash_fen - without.plan.extra_over_cash_fen == 900_00
