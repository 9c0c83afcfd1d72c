import pytest
from tests.core.plans.builders import make_eligibility
from tests.core.plans.passing.brute import costs_of, make_case

from chedai.core.plans.passing.case import Binding, Impassable


@pytest.mark.parametrize(
    ("is_needed", "has", "lacks"),
    [(False, None, False), (True, True, False), (True, False, True), (True, None, True)],
)
def test_somebody_is_lacking_only_where_somebody_is_needed(
    is_needed: bool, has: bool | None, lacks: bool
):
    case = make_case(
        product={"eligibility": make_eligibility(needs_co_borrower=is_needed)},
        customer={"has_co_borrower": has, "objections": ("lease",)},
    )

    assert case.lacks_co_borrower is lacks
    assert case.opened_customer.has_co_borrower is (True if lacks else has)
    assert case.opened_customer.objections == ()
    assert case.in_the_way == ()


def test_costs_follow_the_price_only_where_it_moves():
    now_fen = 150_000_00
    case = make_case(costs_of=costs_of)

    assert case.costs_at(now_fen) == ()
    assert case.costs_at(now_fen - 1) == costs_of(now_fen - 1)
    assert make_case().costs_at(now_fen - 1) == ()


def test_reasons_are_said_in_one_sentence():
    reasons = (Binding("a", "起贷额 2 万", False), Binding("b", "没有 36 期", False))

    assert Impassable(reasons).text == "起贷额 2 万；没有 36 期"
