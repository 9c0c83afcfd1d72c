from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.core.plans.builders import make_car, make_version

from chedai.core.plans.plan import CostLine, Plan, PlanInputs
from chedai.core.plans.pricing import price
from chedai.core.plans.steps import on_whole_step, raised_text


def inputs(price_fen: int, down_fen: int, *, step_fen: int = 1_000_00, **terms: Any) -> PlanInputs:
    return PlanInputs(
        product=make_version(principal_step_fen=step_fen, principal_min_fen=1, **terms),
        car=make_car(vehicle_price_fen=price_fen),
        term_months=36,
        down_payment_fen=down_fen,
        first_due_on=date(2026, 12, 24),
    )


@pytest.mark.parametrize(
    ("price_fen", "down_fen", "raised_fen"),
    [
        (150_000_00, 50_000_00, 50_000_00),
        (149_800_00, 50_000_00, 50_800_00),
        (149_001_00, 50_000_00, 50_001_00),
        (149_999_00, 50_000_00, 50_999_00),
        (149_999_99, 50_000_00, 50_999_99),
        (149_000_00, 50_000_01, 51_000_00),
    ],
)
def test_the_down_payment_is_raised_to_the_next_whole_loan(price_fen, down_fen, raised_fen):
    assert on_whole_step(inputs(price_fen, down_fen)).down_payment_fen == raised_fen


@pytest.mark.parametrize("step_fen", [1, 100, 500_00, 1_000_00, 10_000_00])
@pytest.mark.parametrize("discount_fen", [0, 2_345_67])
def test_the_raise_is_the_smallest_of_all_that_leave_a_whole_loan(step_fen, discount_fen):
    for down_fen in (40_000_00, 40_123_45, 49_999_99):
        wanted = inputs(
            139_876_54, down_fen, step_fen=step_fen, loan_only_discount_fen=discount_fen
        )
        lent_fen = 139_876_54 - discount_fen - down_fen
        smallest = next(more for more in range(step_fen) if (lent_fen - more) % step_fen == 0)

        assert on_whole_step(wanted).down_payment_fen == down_fen + smallest


def test_what_is_financed_beside_the_car_counts_into_the_whole_loan():
    line = CostLine(
        code="warranty", name="延保", amount_fen=3_300_00, payee="顺途", is_financed=True
    )
    wanted = replace(
        inputs(150_000_00, 50_000_00, financed_extras_max_fen=10_000_00), add_ons=(line,)
    )

    raised = on_whole_step(wanted)

    assert raised.down_payment_fen == 50_300_00


def test_a_plan_refused_for_its_step_is_made_with_the_raise_and_says_so():
    wanted = inputs(149_800_00, 50_000_00)
    assert not isinstance(price(wanted), Plan)

    plan = price(on_whole_step(wanted))

    assert isinstance(plan, Plan)
    assert plan.principal_fen == 99_000_00
    assert raised_text(plan, wanted_fen=50_000_00) == "首付补到 ¥50,800，贷款取整"


@pytest.mark.parametrize("wanted_fen", [50_800_00, 50_900_00, 49_800_00])
def test_what_was_not_raised_to_the_step_is_not_said_to_be(wanted_fen):
    plan = price(inputs(149_800_00, 50_800_00))
    assert isinstance(plan, Plan)

    assert raised_text(plan, wanted_fen=wanted_fen) == ""
