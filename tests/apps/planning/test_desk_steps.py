"""The desk where lenders lend whole thousands: the down payment follows, upwards, in words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.apps.planning.test_desk_queries import scene
from tests.apps.showroom import three_products

from chedai.core.dates import add_months
from chedai.core.plans.product import FirstDueRule
from chedai.planning.queries.desk import desk_view, product_answers

if TYPE_CHECKING:
    from chedai.reception.queries.scenes import Scene


def in_thousands(**said: Any) -> Scene:
    products = [
        replace(each, terms=replace(each.terms, principal_step_fen=1_000_00))
        for each in three_products()
    ]
    return scene(tuple(products), vehicle_price_fen=149_800_00, **said)


def test_a_price_that_leaves_no_whole_loan_raises_the_down_payment_and_says_so() -> None:
    view = desk_view(in_thousands())

    cells = [cell for row in view.matrix.rows for cell in row if cell.plan]
    assert len(cells) == 9
    assert {card.plan.down_payment_fen for card in view.cards} == {50_800_00}
    assert {card.raised_words for card in view.cards} == {"首付补到 ¥50,800，贷款取整"}
    for cell in cells:
        assert cell.plan is not None
        assert cell.plan.down_payment_fen == cell.down_payment_fen + 800_00
        assert cell.plan.principal_fen % 1_000_00 == 0
        assert cell.raised_words
    assert not view.relaxations


def test_every_product_answers_from_its_whole_loan() -> None:
    answers = product_answers(in_thousands())

    assert all(answer.plan for answer in answers)
    assert {answer.raised_words for answer in answers} == {"首付补到 ¥50,800，贷款取整"}


def test_a_share_of_the_price_is_raised_not_lowered() -> None:
    said = in_thousands(
        down_payment_min_fen=None, down_payment_max_fen=None, down_payment_ratio_bp=3_333
    )

    view = desk_view(said)

    assert said.down_payment_fen == 49_900_00
    assert {card.plan.down_payment_fen for card in view.cards} == {50_800_00}


def test_a_down_payment_that_leaves_a_whole_loan_is_left_alone() -> None:
    view = desk_view(in_thousands(down_payment_min_fen=50_800_00, down_payment_max_fen=50_800_00))

    assert {card.plan.down_payment_fen for card in view.cards} == {50_800_00}
    assert {card.raised_words for card in view.cards} == {""}


# --- First due dates --------------------------------------------------------------------------


def test_every_plan_on_the_desk_begins_by_its_own_products_rule() -> None:
    on_the_20th = FirstDueRule(kind="fixed_day", day_of_month=20, minimum_gap_days=15)
    products = [
        replace(each, terms=replace(each.terms, first_due=on_the_20th))
        if each.version_id == "12"
        else each
        for each in three_products()
    ]
    found = scene(tuple(products))

    view = desk_view(found)

    begins = {card.plan.key[0]: card.plan.first_due_on for card in view.cards}
    month_later = add_months(found.on, 1)
    assert begins["12"] == month_later.replace(day=20)
    assert {day for version_id, day in begins.items() if version_id != "12"} == {month_later}
    for card in view.cards:
        assert card.plan.inputs.disbursed_on == found.on
