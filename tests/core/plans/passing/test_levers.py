from dataclasses import replace
from typing import Any

import pytest
from tests.core.plans.builders import make_eligibility
from tests.core.plans.passing.brute import make_case

from chedai.core.plans.passing.case import Debts, PassCase
from chedai.core.plans.passing.levers import LEVERS, Move, changes_of, droppable, objection_cost
from chedai.core.plans.plan import CostLine, Plan
from chedai.core.plans.pricing import price
from chedai.core.plans.product import AddOnCondition


def moved(case: PassCase, **inputs: Any) -> Plan:
    plan = price(replace(case.inputs, **inputs))
    assert isinstance(plan, Plan), plan
    return plan


def test_nothing_about_a_person_is_a_lever():
    assert set(LEVERS) == {
        "down_payment",
        "term",
        "price",
        "add_ons",
        "debts",
        "co_borrower",
        "objections",
    }


@pytest.mark.parametrize(
    ("down_fen", "amount", "text"),
    [(62_300_00, 12_300_00, "首付加 1.23 万"), (45_000_00, -5_000_00, "首付减 5,000 元（约多付 ")],
)
def test_more_down_costs_cash_and_less_down_its_share_of_the_interest(
    down_fen: int, amount: int, text: str
):
    case = make_case()
    plan = moved(case, down_payment_fen=down_fen)

    (change,) = changes_of(Move(case=case, plan=plan))

    share_fen = -(-plan.extra_over_cash_fen * -amount // plan.principal_fen)
    assert (change.lever, change.amount) == ("down_payment", amount)
    assert change.cost_fen == (amount if amount > 0 else share_fen)
    assert change.text.startswith(text)


def test_a_longer_term_costs_what_it_adds_to_the_same_loan():
    case = make_case()
    before, after = moved(case), moved(case, term_months=48)

    (change,) = changes_of(Move(case=case, plan=after))

    added_fen = after.extra_over_cash_fen - before.extra_over_cash_fen
    assert (change.amount, change.cost_fen) == (12, added_fen)
    assert change.text.endswith("元、多还 12 个月）")


def test_a_term_nobody_had_offered_before_has_nothing_to_cost_more_than():
    case = make_case(inputs={"term_months": 30})

    (change,) = changes_of(Move(case=case, plan=moved(case, term_months=36)))

    assert (change.cost_fen, change.text) == (0, "期数 30→36（多还 6 个月）")


def test_debts_cost_their_months_and_add_ons_their_amount():
    from decimal import Decimal

    line = CostLine(code="film", name="贴膜", amount_fen=1_500_00, payee="本店", is_financed=True)
    case = make_case(
        product={"financed_extras_max_fen": 9_000_00, "financed_extras_max_ratio": Decimal("0.1")},
        inputs={"add_ons": (line,)},
        debts=Debts(monthly_fen=900_00, max_debt_to_income=Decimal("0.5"), settle_months=10),
    )
    plan = moved(case, add_ons=())

    changes = changes_of(Move(case=case, plan=plan, dropped=(line,), settled_monthly_fen=300_00))

    assert [(change.lever, change.cost_fen, change.text) for change in changes] == [
        ("add_ons", 1_500_00, "不买贴膜（1,500 元）"),
        ("debts", 3_000_00, "先结清每月 300 元的旧债（按估计要 3,000 元）"),
    ]


def test_what_a_lender_insists_on_cannot_be_left_out():
    free = CostLine(code="film", name="贴膜", amount_fen=1, payee="本店")
    bound = CostLine(code="gps_box", name="GPS", amount_fen=1, payee="车网（虚构）")
    own = CostLine(code="x", name="贷款险", amount_fen=1, payee="本店", is_condition_of_loan=True)
    case = make_case(
        product={
            "eligibility": make_eligibility(needs_gps=True),
            "add_ons": (AddOnCondition("gps_box", "GPS", "车网（虚构）", True, 1_200_00),),
        },
        customer={"objections": ("gps", "lease")},
        inputs={"add_ons": (free, bound, own)},
    )

    assert droppable(case) == (free,)
    assert case.in_the_way == ("gps",)
    assert objection_cost(case) == 1_200_00
