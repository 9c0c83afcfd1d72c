"""Paying the balloon, borrowing it again, giving the car back."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import pytest
from tests.core.plans.builders import make_car, make_version

from chedai.core.plans.balloon_routes import balloon_routes
from chedai.core.plans.plan import Plan
from chedai.core.plans.pricing import price_plan
from chedai.core.plans.product import BalloonOptions, TermOffer

OPTIONS = BalloonOptions(
    refinance_term_months=24,
    refinance_rate_annual=Decimal("0.06"),
    guaranteed_value_ratio=Decimal("0.2"),
    return_fee_fen=800_00,
    residual_risk="dealer",
    condition="每年不超过 2 万公里",
)


def plan_of(options: BalloonOptions | None, **changes: Any) -> Plan:
    offer = TermOffer(36, Decimal("0.06"), balloon_ratio=Decimal("0.3"))
    plain = {"method": "balloon", "offers": (offer,), "balloon_options": options}
    plan = price_plan(
        product=make_version(**(plain | changes)),
        car=make_car(),
        term_months=36,
        down_payment_fen=50_000_00,
        first_due_on=date(2026, 12, 23),
    )
    assert isinstance(plan, Plan)
    return plan


def test_paying_is_the_contract_as_it_stands() -> None:
    plan = plan_of(None)

    (pay,) = balloon_routes(plan)

    # The textbook contract: 100 000 at 6 % with 30 000 at month 36 is 2 279.54 a month.
    assert plan.payment_fen == 2_279_54
    assert (pay.kind, pay.total_paid_fen, pay.due_at_end_fen) == (
        "pay",
        plan.total_paid_fen,
        30_000_00,
    )
    assert "一次付清尾款 ¥30,000" in pay.text


def test_borrowing_again_adds_the_interest_of_the_second_loan() -> None:
    plan = plan_of(OPTIONS)

    _, again, _ = balloon_routes(plan)

    with localcontext() as context:
        context.prec = 50
        rate = Decimal("0.005")
        exact = Decimal(30_000_00) * rate / (1 - (1 + rate) ** -24)
        payment = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    assert again.later_payment_fen == payment
    assert again.later_months == 24
    second_fen = again.total_paid_fen - (plan.total_paid_fen - 30_000_00)
    # Rounding of 24 months at most.
    assert abs(second_fen - 24 * payment) <= 24
    assert "以放款机构届时审批为准" in again.text


def test_giving_the_car_back_sets_its_guaranteed_value_against_the_balloon() -> None:
    plan = plan_of(OPTIONS)

    back = balloon_routes(plan)[2]

    # 20 % of 150 000 pays the balloon of 30 000; the fee of 800 remains.
    assert back.due_at_end_fen == 800_00
    assert back.total_paid_fen == plan.total_paid_fen - 30_000_00 + 800_00
    assert not back.keeps_car
    assert "经销商承担" in back.text
    assert "每年不超过 2 万公里" in back.text


@pytest.mark.parametrize(
    ("ratio", "due_fen", "said"),
    [
        ("0.19", 1_500_00, "还要付 ¥1,500"),
        ("0.20", 0, "不用再付尾款"),
        ("0.21", -1_500_00, "退回 ¥1,500"),
    ],
)
def test_a_value_below_or_above_the_balloon_is_paid_or_comes_back(
    ratio: str, due_fen: int, said: str
) -> None:
    options = BalloonOptions(guaranteed_value_ratio=Decimal(ratio))

    back = balloon_routes(plan_of(options))[1]

    assert back.due_at_end_fen == due_fen
    assert said in back.text
    assert "差额由客户补" in back.text


def test_a_contract_without_a_balloon_has_nothing_to_choose() -> None:
    offer = TermOffer(36, Decimal("0.06"))

    assert balloon_routes(plan_of(None, method="equal_instalment", offers=(offer,))) == ()
