"""From a scene to the search; and the quick look, which must not look differently."""

from __future__ import annotations

from itertools import product as pairs
from typing import Any

import pytest
from tests.apps.showroom import demo_products, three_products
from tests.core.plans.builders import make_version
from tests.factories import MOMENT

from chedai.core.plans.product import ProductVersion
from chedai.core.plans.search import search_at
from chedai.needs.facts import NeedFacts
from chedai.reception.queries.scenes import DeskChoice, Scene, scene_of
from chedai.reception.queries.shortlists import (
    AIMS,
    NOT_MONTHLY,
    QuickLook,
    customer_of,
    objectives_of,
    plan_needs,
    refused_of,
    search_inputs,
    shortlist_of,
    verdicts_of,
)

PRICE_FEN = 150_000_00


def scene(
    products: tuple[ProductVersion, ...] = (), *, down_fen: int | None = None, **said: Any
) -> Scene:
    facts = NeedFacts(**{"vehicle_price_fen": PRICE_FEN, "is_price_on_road": False, **said})
    return scene_of(
        facts,
        products=products or three_products(),
        province="410000",
        on=MOMENT.date(),
        choice=DeskChoice(down_payment_fen=down_fen),
    )


def searched(found: Scene) -> Any:
    return shortlist_of(found, refused_of(found, verdicts_of(found)))


def best_by_search(found: Scene) -> dict[str, tuple[str, int, int] | None]:
    result = searched(found)
    rows = {aim: result.best_row(aim) for aim in AIMS}
    plans = {aim: result.plan(row) for aim, row in rows.items() if row is not None}
    return {aim: (plan.key[0], plan.term_months, plan.payment_fen) for aim, plan in plans.items()}


CASES = list(
    pairs(
        (80_000_00, 150_000_00, 328_800_00),
        (0.2, 0.3, 0.45),
        (
            {},
            {"monthly_max_fen": 3_000_00, "is_monthly_hard": True},
            {"monthly_max_fen": 3_000_00, "is_monthly_hard": False},
            {"term_months_max": 36, "credit_histories": ("clean",)},
            {"credit_histories": ("many_inquiries",), "refusals": ("lease",)},
            {"power": "battery_electric", "vehicle_use": "ride_hailing"},
            {"vehicle_condition": "used", "income_kind": "salary"},
            {"prepayment_month": 24, "objectives": ("lowest_monthly",)},
        ),
    )
)


@pytest.mark.parametrize(("price_fen", "share", "said"), CASES)
def test_a_quick_look_finds_the_winners_of_the_search(
    price_fen: int, share: float, said: dict[str, Any]
) -> None:
    found = scene(
        demo_products(),
        down_fen=int(price_fen * share) // 100_00 * 100_00,
        vehicle_price_fen=price_fen,
        **said,
    )

    top = QuickLook().top(found)

    winners = best_by_search(found)
    aims = [aim for aim in (*objectives_of(found.facts), *AIMS) if aim in winners]
    assert top.ranking == tuple(dict.fromkeys(winners[aim] for aim in aims))
    columns = searched(found).columns
    products = search_inputs(found, {}).products
    assert top.feasible == {products[i].version_id for i in columns.product_index.tolist()}


def test_a_look_that_has_seen_other_scenes_sees_the_same() -> None:
    look = QuickLook()
    scenes = [
        scene(demo_products(), down_fen=down, **said)
        for down, said in pairs(
            (30_000_00, 50_000_00),
            ({}, {"credit_histories": ("past_overdue",)}, {"power": "new_energy"}),
        )
    ]
    for each in scenes:
        look.top(each)

    assert [look.top(each) for each in scenes] == [QuickLook().top(each) for each in scenes]


def test_a_limit_nobody_keeps_leaves_nothing_when_it_is_hard_and_all_when_it_is_not() -> None:
    limit = {"monthly_max_fen": 100_00}

    assert QuickLook().top(scene(**limit, is_monthly_hard=True)).ranking == ()
    assert QuickLook().top(scene(**limit, is_monthly_hard=False)) == QuickLook().top(scene())


def test_every_plan_of_the_shortlist_has_the_down_payment_of_the_scene() -> None:
    found = scene(down_fen=50_000_00, term_months_max=48)

    result = searched(found)

    assert set(result.columns.down_payment_fen.tolist()) == {50_000_00}
    assert max(result.columns.attribute("term_months").tolist()) == 48


def test_the_shortlist_is_the_search_at_that_down_payment() -> None:
    found = scene(demo_products(), down_fen=50_000_00)
    refused = refused_of(found, verdicts_of(found))

    result = search_at(search_inputs(found, refused), plan_needs(found), down_payment_fen=50_000_00)

    assert result.best_row("lowest_total") == shortlist_of(found, refused).best_row("lowest_total")
    assert not {found.products[i].version_id for i in result.columns.product_index.tolist()} & set(
        refused
    )


@pytest.mark.parametrize("method", ["bullet", "interest_first"])
def test_a_loan_repaid_at_the_end_is_refused_with_its_reason(method: str) -> None:
    found = scene((make_version("end", method=method),))

    assert refused_of(found, verdicts_of(found)) == {"end": NOT_MONTHLY}


def test_the_published_conditions_come_before_the_method() -> None:
    found = scene((make_version("end", method="bullet"),), vehicle_condition="used")

    refused = refused_of(found, verdicts_of(found))

    assert refused["end"] != NOT_MONTHLY


def test_silence_about_the_customer_is_not_a_fact() -> None:
    customer = customer_of(NeedFacts())

    assert customer.credit_histories is None
    assert customer.has_co_borrower is None
    assert customer.monthly_income_fen is None


def test_what_the_customer_said_about_themselves_reaches_the_engine() -> None:
    customer = customer_of(
        NeedFacts(
            credit_histories=("thin", "many_inquiries"),
            income_kind="gig",
            income_monthly_fen=8_000_00,
            co_borrowers=("spouse",),
            refusals=("lease", "gps"),
        )
    )

    assert customer.credit_histories == ("thin", "many_inquiries")
    assert (customer.income_kind, customer.monthly_income_fen) == ("gig", 8_000_00)
    assert customer.has_co_borrower is True
    assert customer.objections == ("lease", "gps")


@pytest.mark.parametrize(
    ("said", "aims"),
    [
        ({}, []),
        ({"objectives": ("fastest", "lowest_cash")}, ["shortest_term", "lowest_cash"]),
        (
            {"objectives": ("lowest_total",), "prepayment_month": 24},
            ["lowest_total", "most_flexible"],
        ),
        ({"objectives": ("something_else",)}, []),
    ],
)
def test_what_they_care_about_comes_in_the_order_they_said_it(
    said: dict[str, Any], aims: list[str]
) -> None:
    assert objectives_of(NeedFacts(**said)) == aims
