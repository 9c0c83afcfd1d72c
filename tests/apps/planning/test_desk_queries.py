"""What the desk shows: cards in the order of their cost, answers of every product, ways out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from tests.apps.showroom import demo_products, open_to_all, three_products
from tests.core.plans.builders import make_offers, make_version
from tests.factories import MOMENT

from chedai.core.plans.dominance import attributes_of, dominates
from chedai.core.plans.plan import CostLine, Plan, Refusal
from chedai.core.plans.pricing import price_plan
from chedai.core.plans.product import ProductVersion
from chedai.needs.facts import NeedFacts
from chedai.planning.models import PinnedPlan
from chedai.planning.queries.desk import (
    DeskView,
    cash_of,
    desk_view,
    lost_pins,
    plan_of,
    product_answers,
)
from chedai.planning.queries.explaining import chart_points, early_ends, explain, review_of
from chedai.reception.queries.scenes import Scene, scene_of

PRICE_FEN = 150_000_00


def scene(products: tuple[ProductVersion, ...] = (), **said: Any) -> Scene:
    facts = NeedFacts(
        **{
            "vehicle_price_fen": PRICE_FEN,
            "is_price_on_road": False,
            "down_payment_min_fen": 50_000_00,
            "down_payment_max_fen": 50_000_00,
            "is_cost_inside_down_payment": False,
            **said,
        }
    )
    return scene_of(
        facts, products=products or three_products(), province="410000", on=MOMENT.date()
    )


def pinned(letter: str = "A", plan: tuple[int, int, int] = (11, 48, 50_000_00)) -> PinnedPlan:
    version_id, term_months, down_fen = plan
    return PinnedPlan(
        letter=letter,
        product_version_id=version_id,
        term_months=term_months,
        down_payment_fen=down_fen,
        reason="客户点名",
    )


def keys(view: DeskView) -> list[tuple[str, int, int]]:
    return [card.plan.key for card in view.cards]


SAID: list[dict[str, Any]] = [
    {},
    {"monthly_max_fen": 3_000_00, "is_monthly_hard": True},
    {"monthly_max_fen": 2_000_00, "is_monthly_hard": False},
    {"term_months_max": 36},
    {"objectives": ("lowest_monthly", "fastest"), "prepayment_month": 24},
    {"credit_histories": ("many_inquiries", "thin"), "refusals": ("lease", "gps")},
    {"vehicle_condition": "used"},
    {"power": "battery_electric", "vehicle_use": "ride_hailing"},
    {"down_payment_min_fen": 0, "down_payment_max_fen": 0},
    {"vehicle_price_fen": 1_200_000_00, "down_payment_ratio_bp": 5_000},
]


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("products", [three_products(), demo_products()], ids=["three", "demo"])
def test_cards_are_three_at_most_the_cheapest_at_the_head_and_none_is_dominated(
    said: dict[str, Any], products: tuple[ProductVersion, ...]
) -> None:
    view = desk_view(scene(products, **said))

    extras = [card.plan.extra_over_cash_fen for card in view.cards]
    assert extras == sorted(extras)
    assert [card.letter for card in view.cards] == list("ABC"[: len(view.cards)])
    assert len(set(keys(view))) == len(view.cards)
    for one, other in permutations(view.cards, 2):
        assert not dominates(attributes_of(one.plan), attributes_of(other.plan))
    for card in view.cards:
        assert card.gives_up
        assert card.plan.down_payment_fen == view.scene.down_payment_fen
        assert 1 <= card.apr_rank <= card.apr_rank_of


@pytest.mark.parametrize("said", SAID)
def test_a_hard_limit_is_kept_and_where_nothing_fits_the_ways_out_are_said(
    said: dict[str, Any],
) -> None:
    view = desk_view(scene(demo_products(), **said))

    if said.get("is_monthly_hard"):
        assert all(card.plan.payment_fen <= said["monthly_max_fen"] for card in view.cards)
    assert bool(view.cards) is not bool(view.relaxations) or not view.relaxations


def test_nothing_that_fits_is_answered_with_ways_out() -> None:
    view = desk_view(scene(monthly_max_fen=1_000_00, is_monthly_hard=True))

    assert view.cards == ()
    assert 1 <= len(view.relaxations) <= 3


def test_no_products_leave_a_desk_with_the_cash_price_alone() -> None:
    empty = scene_of(
        NeedFacts(vehicle_price_fen=PRICE_FEN), products=(), province="410000", on=MOMENT.date()
    )

    view = desk_view(empty)

    assert (view.cards, view.trades) == ((), None)
    assert all(cell.plan is None for row in view.matrix.rows for cell in row)
    assert view.cash.price_fen == PRICE_FEN
    assert product_answers(empty) == []


def test_the_cash_card_is_the_price_and_everything_bought_with_it() -> None:
    found = scene()

    cash = cash_of(found)

    assert cash.total_fen == cash.price_fen + cash.beside_fen == found.purchase.total_fen


def test_the_matrix_stands_around_the_down_payment_and_terms_of_the_scene() -> None:
    found = scene(term_months_max=36)

    matrix = desk_view(found).matrix

    assert matrix.terms_months == found.terms_months
    assert matrix.down_payments_fen[1] == found.down_payment_fen
    assert [len(row) for row in matrix.rows] == [3, 3, 3]


def test_ways_to_the_monthly_limit_are_offered_only_when_it_is_missed() -> None:
    missed = desk_view(scene(monthly_max_fen=2_500_00, is_monthly_hard=False)).trades
    kept = desk_view(scene(monthly_max_fen=9_000_00, is_monthly_hard=False)).trades

    assert missed is not None
    assert missed.title.endswith("条路（36 期起）")
    assert missed.ways
    assert kept is None
    assert desk_view(scene()).trades is None


# --- Pins -------------------------------------------------------------------------------------


def test_a_pinned_plan_is_on_the_table_in_the_order_of_cost() -> None:
    plan = ("13", 72, 50_000_00)

    view = desk_view(scene(), pins=[pinned(plan=(13, 72, 50_000_00))])

    assert plan in keys(view)
    [card] = [card for card in view.cards if card.plan.key == plan]
    assert card.pin_reason == "客户点名"
    extras = [card.plan.extra_over_cash_fen for card in view.cards]
    assert extras == sorted(extras)


def test_a_plan_the_engine_chose_itself_is_shown_once_when_pinned() -> None:
    chosen = desk_view(scene()).cards[0].plan.key

    view = desk_view(scene(), pins=[pinned(plan=(int(chosen[0]), chosen[1], chosen[2]))])

    assert keys(view).count(chosen) == 1


def test_three_pins_fill_the_table() -> None:
    pins = [
        pinned("A", (11, 36, 50_000_00)),
        pinned("B", (12, 36, 60_000_00)),
        pinned("C", (13, 60, 40_000_00)),
    ]

    view = desk_view(scene(), pins=pins)

    assert {key[0] for key in keys(view)} == {"11", "12", "13"}
    assert all(card.pin_reason for card in view.cards)


@pytest.mark.parametrize(
    ("changed", "trouble"),
    [
        (scene(three_products()[1:]), "不在产品库里"),
        (scene(vehicle_price_fen=400_000_00), "首付"),
        (scene(vehicle_price_fen=60_000_00), ""),
    ],
    ids=["withdrawn", "dearer", "cheaper"],
)
def test_a_pinned_plan_that_cannot_be_made_is_lost_with_a_reason(
    changed: Scene, trouble: str
) -> None:
    pin = pinned()

    view = desk_view(changed, pins=[pin])
    [lost] = lost_pins(changed, [pin])

    assert (lost.letter, lost.reason) == ("A", "客户点名")
    assert lost.trouble
    assert trouble in lost.trouble
    assert not any(card.pin_reason for card in view.cards)


def test_a_pinned_plan_that_can_be_made_is_not_lost() -> None:
    assert lost_pins(scene(), [pinned()]) == []


# --- One plan ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version_id", "term_months", "down_fen"),
    [
        ("99", 36, 50_000_00),
        ("", 36, 50_000_00),
        ("11", 37, 50_000_00),
        ("11", 0, 50_000_00),
        ("11", 36, 0),
        ("11", 36, PRICE_FEN),
        ("11", 36, PRICE_FEN + 1),
        ("11", 36, -1),
        ("11", 10**30, 10**30),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_a_sentence(
    version_id: str, term_months: int, down_fen: int
) -> None:
    plan = plan_of(
        scene(), version_id=version_id, term_months=term_months, down_payment_fen=down_fen
    )

    assert isinstance(plan, Refusal)
    assert plan.message


def test_a_plan_is_explained_with_rows_that_end_at_nothing_owed() -> None:
    found = scene(prepayment_month=20)
    plan = plan_of(found, version_id="11", term_months=36, down_payment_fen=50_000_00)
    assert isinstance(plan, Plan)

    explained = explain(found, plan)

    assert len(explained.rows) == 36
    assert explained.rows[-1].outstanding_fen == 0
    assert sum(row.payment_fen for row in explained.rows) == plan.total_paid_fen
    assert len(explained.derivations) == 10
    assert 20 in {end.after_month for end in explained.early_ends}
    assert explained.policy_record["book_version"]


@pytest.mark.parametrize(
    ("paid_in_cash_fen", "is_over"),
    [(2_500_00, False), (2_499_00, True)],  # 10 000 lent of 12 500 is the 80 % allowed
)
def test_financed_extras_are_held_against_a_cap_of_their_own(
    paid_in_cash_fen: int, is_over: bool
) -> None:
    found = scene()
    maker = next(p for p in demo_products() if p.terms.lender_kind == "auto_finance_company")
    terms = replace(
        maker.terms,
        financed_extras_max_ratio=Decimal("0.2"),
        financed_extras_max_fen=50_000_00,
    )
    add_ons = (
        CostLine(
            code="film", name="贴膜", amount_fen=10_000_00, payee="门店（虚构）", is_financed=True
        ),
        CostLine(code="camera", name="记录仪", amount_fen=paid_in_cash_fen, payee="门店（虚构）"),
    )
    term_months = terms.offers[0].term_months
    plan = price_plan(
        product=replace(maker, terms=terms),
        car=found.car,
        term_months=term_months,
        down_payment_fen=90_000_00,
        first_due_on=found.first_due_on,
        add_ons=add_ons,
    )
    assert isinstance(plan, Plan), plan

    said = [each for each in review_of(found, plan).findings if each.rule_id == "extras_financing"]

    assert plan.financed_extras_fen == 10_000_00
    assert any("超过附加品总价" in each.message for each in said) == is_over
    assert any("单独申请" in each.message for each in said)


def test_ending_early_is_shown_before_the_end_only() -> None:
    plan = plan_of(scene(), version_id="11", term_months=36, down_payment_fen=50_000_00)
    assert isinstance(plan, Plan)

    months = [end.after_month for end in early_ends(plan, also_month=36)]

    assert months == [6, 12, 18, 24, 30]


def test_a_line_of_amounts_begins_at_the_left_and_ends_at_the_right() -> None:
    assert chart_points([400, 200, 0], width=100, height=40) == "0.0,0.0 50.0,20.0 100.0,40.0"
    assert chart_points([0], width=100, height=40) == "0.0,40.0"


# --- Every product's answer -------------------------------------------------------------------


def test_products_that_may_come_before_those_that_may_not_each_by_cost() -> None:
    products = (
        *three_products(),
        make_version("21", code="used-only", eligibility=open_to_all(vehicle_conditions=("used",))),
        make_version("22", code="too-dear", principal_min_fen=400_000_00),
    )

    answers = product_answers(scene(products, credit_histories=("clean",)))

    assert len(answers) == len(products)
    codes = [answer.terms.code for answer in answers]
    assert codes[-2:] == ["used-only", "too-dear"]
    possible = [answer.plan.extra_over_cash_fen for answer in answers[:3] if answer.plan]
    assert possible == sorted(possible)
    assert [answer.plan is None for answer in answers] == [False, False, False, False, True]
    assert all(answer.reasons for answer in answers[-2:])


@pytest.mark.parametrize("said", SAID)
def test_every_demo_product_answers_and_says_why_when_it_may_not(said: dict[str, Any]) -> None:
    answers = product_answers(scene(demo_products(), **said))

    assert len(answers) == len(demo_products())
    refused = [answer for answer in answers if answer.outcome == "not_eligible"]
    assert answers[len(answers) - len(refused) :] == refused
    assert all(answer.reasons for answer in refused)
    assert all(answer.plan for answer in answers if answer.outcome != "not_eligible")


def test_a_product_is_priced_at_its_own_term_nearest_to_the_one_wanted() -> None:
    only = make_version("31", offers=make_offers("0.04", 12, 60), eligibility=open_to_all())

    [answer] = product_answers(scene((only,), term_months_max=24))

    assert answer.plan is not None
    assert answer.plan.term_months == 12
