"""Leaving early on the page of the three plans: the slider, the rebate's truth, a part paid."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.apps.counting import queries_of
from tests.apps.planning.dom import Node, read_dom
from tests.apps.showroom import open_to_all, put_on_sale
from tests.core.plans.builders import make_prepayment, make_version

from chedai.core.loans.prepayment import early_settlement
from chedai.core.plans.pricing import prepayment_terms_of
from chedai.core.plans.settling import rebate_of
from chedai.planning.queries.desk import Card, desk_view
from chedai.planning.queries.scenes import choice_from, scene_for
from chedai.planning.queries.settling import settling_of
from chedai.reception.queries.needs import latest_need
from chedai.web import clock
from chedai.web.formats import yuan

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from chedai.deals.models import Deal
    from chedai.reception.models import NeedVersion
    from chedai.staff.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_sale")]

REBATE = {"loan_only_discount_fen": 8_000_00}


@pytest.fixture
def client(client_of: Callable[[User], Client], advisor: User) -> Client:
    return client_of(advisor)


@pytest.fixture
def deal(visit: Callable[..., NeedVersion]) -> Deal:
    return visit().deal


def cards_of(deal: Deal) -> tuple[Card, ...]:
    today = clock.today()
    sheet = latest_need(deal)
    scene = scene_for(deal=deal, facts=sheet.facts, choice=choice_from(None, on=today), on=today)
    return desk_view(scene).cards


def page_of(client: Client, deal: Deal) -> Node:
    return read_dom(client.get(f"/deals/{deal.number}/plans/").content.decode())


def partly(client: Client, deal: Deal, **typed: str) -> Any:
    return client.get(
        f"/deals/{deal.number}/plans/partial-prepayment/",
        {"letter": "A", "month": "12", "amount": "3万"} | typed,
    )


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def selling(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    put_on_sale(monkeypatch, [make_version("11", eligibility=open_to_all(), **changes)])


# --- The slider -------------------------------------------------------------------------------


def test_the_page_brings_every_month_of_every_plan_along(client: Client, deal: Deal) -> None:
    cards = cards_of(deal)

    words = json.loads(page_of(client, deal).all("data-settling")[0].attributes["data-settling"])

    assert words["terms"] == {card.letter: card.plan.term_months for card in cards}
    longest = max(words["terms"].values())
    assert {len(row) for row in words["ends"].values()} == {longest}


def test_every_cell_is_what_settling_then_costs(deal: Deal) -> None:
    cards = cards_of(deal)
    settling = settling_of(cards, None)
    assert settling is not None
    words = settling.as_words()["ends"]

    assert cards
    for card in cards:
        plan = card.plan
        for month in (1, 12, plan.term_months):
            settled = early_settlement(
                plan.schedule,
                plan.loan_terms,
                prepayment_terms_of(plan.product.prepayment),
                after_month=month,
                fees=plan.fees,
                rebate_fen=rebate_of(plan),
            )
            assert words[card.letter][month - 1][:3] == [
                yuan(settled.payoff_fen),
                yuan(settled.charge_fen),
                yuan(settled.cost.extra_over_cash_fen),
            ]


def test_slider_and_twin_reach_the_same_months_and_have_names(client: Client, deal: Deal) -> None:
    page = page_of(client, deal)

    slider, twin = (
        page.all("id", name)[0].attributes for name in ("settle-slider", "settle-month")
    )
    assert (slider["type"], twin["type"]) == ("range", "number")
    assert [slider[name] for name in ("min", "max", "value")] == [
        twin[name] for name in ("min", "max", "value")
    ]
    assert page.all("for", "settle-slider")
    assert twin["aria-label"]


def test_without_script_the_slider_is_hidden_and_the_short_table_stays(
    client: Client, deal: Deal
) -> None:
    page = page_of(client, deal)

    assert "hidden" in page.all("data-settling")[0].attributes
    assert "还满几期后结清" in page.text
    assert "12期" in page.text


def test_the_page_has_no_inline_script_and_no_inline_style(client: Client, deal: Deal) -> None:
    page = page_of(client, deal)

    assert not page.all("style")
    assert all("src" in node.attributes for node in page.tags("script"))


def test_the_short_table_counts_the_rebate_as_the_print_does(
    client: Client, deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    selling(monkeypatch, **REBATE)
    plan = cards_of(deal)[0].plan
    settled = early_settlement(
        plan.schedule,
        plan.loan_terms,
        prepayment_terms_of(plan.product.prepayment),
        after_month=6,
        fees=plan.fees,
        rebate_fen=8_000_00,
    )

    assert yuan(settled.cost.extra_over_cash_fen) in page_of(client, deal).text


def test_no_plan_means_no_slider(
    client: Client, deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_on_sale(monkeypatch, [])

    assert not page_of(client, deal).all("data-settling")


def test_a_contract_not_to_be_left_yet_says_so(
    client: Client, deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    selling(monkeypatch, prepayment=make_prepayment(minimum_months=12))

    page = page_of(client, deal)

    words = json.loads(page.all("data-settling")[0].attributes["data-settling"])
    assert words["ends"]["A"][10] is None
    assert words["ends"]["A"][11] is not None
    assert "合同不许结清" in page.text


# --- The rebate's truth -----------------------------------------------------------------------


def test_a_plan_with_a_rebate_shows_its_three_futures(
    client: Client, deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    selling(monkeypatch, **REBATE)

    page = page_of(client, deal)

    truth = page.all("data-futures", "A")[0]
    assert "8,000" in truth.text
    assert [row.text[:2] for row in truth.tags("tr")[1:]] == ["第2", "第2", "不结"]
    words = json.loads(page.all("data-settling")[0].attributes["data-settling"])
    assert words["futures"]["A"]["free"][0].startswith("+")


def test_a_plan_without_a_rebate_has_no_truth_to_tell(client: Client, deal: Deal) -> None:
    assert not page_of(client, deal).all("data-futures")


# --- A part paid early ------------------------------------------------------------------------


def test_a_part_paid_early_is_worked_out_both_ways(
    client: Client, deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    selling(monkeypatch, prepayment=make_prepayment(is_partial_allowed=True))

    answer = partly(client, deal)

    page = read_dom(text_of(answer))
    assert answer.status_code == 200
    assert [node.attributes["data-way"] for node in page.all("data-way")] == [
        "shorter_term",
        "smaller_instalment",
    ]
    assert page.tags("main")


def test_with_htmx_only_the_card_comes_back(
    client: Client, deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    selling(monkeypatch, prepayment=make_prepayment(is_partial_allowed=True))

    answer = client.get(
        f"/deals/{deal.number}/plans/partial-prepayment/",
        {"letter": "A", "month": "12", "amount": "30000"},
        headers={"HX-Request": "true"},
    )

    page = read_dom(text_of(answer))
    assert page.all("id", "partial")
    assert not page.tags("main")
    assert len(page.all("data-way")) == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount": ""}, "请填金额"),
        ({"amount": "NaN"}, "看不懂"),
        ({"amount": "100万"}, "小于剩余本金"),
        ({"month": "0"}, "至少1期"),
        ({"month": "36"}, "最后一期之前"),
        ({"month": "999"}, "最多360期"),
        ({"letter": "Z"}, "选一个"),
        ({"letter": "C"}, "不在桌上"),
    ],
)
def test_an_impossible_part_is_refused_at_its_entry(
    client: Client,
    deal: Deal,
    monkeypatch: pytest.MonkeyPatch,
    typed: dict[str, str],
    said: str,
) -> None:
    selling(monkeypatch, prepayment=make_prepayment(is_partial_allowed=True))

    answer = partly(client, deal, **typed)

    page = read_dom(text_of(answer))
    assert answer.status_code == 422
    assert any(said in node.text for node in page.all("role", "alert"))
    assert not page.all("data-way")


def test_a_contract_silent_about_parts_is_not_assumed_to_allow_them(
    client: Client, deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    selling(monkeypatch, prepayment=make_prepayment(is_partial_allowed=False))

    answer = partly(client, deal)

    assert answer.status_code == 422
    assert "只能一次结清" in text_of(answer)


def test_a_part_paid_too_early_says_from_when(
    client: Client, deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = make_prepayment(is_partial_allowed=True, minimum_months=12)
    selling(monkeypatch, prepayment=rule)

    assert "还满 12 期" in text_of(partly(client, deal, month="11"))


def test_a_part_asks_the_database_no_more_often_than_the_page(
    client: Client, deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    selling(monkeypatch, prepayment=make_prepayment(is_partial_allowed=True))
    page = f"/deals/{deal.number}/plans/"
    entries = "?letter=A&month=12&amount=30000"
    queries_of(client, page)

    asked = queries_of(client, f"{page}partial-prepayment/{entries}")

    assert asked <= queries_of(client, page)


def test_a_part_of_an_unknown_deal_is_not_found(client: Client) -> None:
    answer = client.get("/deals/D-NOBODY/plans/partial-prepayment/", {"letter": "A"})

    assert answer.status_code == 404
