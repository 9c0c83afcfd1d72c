"""Two people on one deal: the second is told, and nothing typed is lost or stored twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys import stage
    from tests.journeys.visitor import Visitor

SAID = "首付5万,月供别超过3000,想买个15万的SUV,征信没问题,三年还清"


def test_the_second_is_told_who_was_faster_and_keeps_what_they_typed(
    visit: Callable[..., Visitor], database: stage.Database
) -> None:
    first, second = visit("lin.yue"), visit("zhou.heng")
    deal = first.meets(SAID)
    second.open(f"/deals/{deal}/need/")
    first.fill("#say", "月供最好降到2600")
    assert first.click_and_settle(first.button("补上")).status == 200
    rows = database.rows()

    second.fill("#say", "首付可以加到6万")
    answer = second.click_and_settle(second.button("补上"))

    assert answer.status == 409
    assert "林悦" in second.reads(".notice-error")
    assert "首付可以加到6万" in second.reads(".notice-error")
    assert "2,600" in second.reads("[data-chip=monthly_max]")
    assert database.rows() == rows
    second.fill("#say", "首付可以加到6万")
    assert second.click_and_settle(second.button("补上")).status == 200
    assert not [*first.troubles, *second.troubles]


def test_a_desk_opened_earlier_is_refused_and_shows_the_newer_one(
    visit: Callable[..., Visitor], database: stage.Database
) -> None:
    first, second = visit("lin.yue"), visit("zhou.heng")
    deal = first.meets(SAID)
    first.confirms()
    second.open(f"/deals/{deal}/desk/")
    with first.page.expect_response(lambda answer: "/setup/" in answer.url):
        first.fill("#down_payment", "60000")
        first.press("Tab")
    rows = database.rows()

    with second.page.expect_response(lambda answer: "/setup/" in answer.url) as answer:
        second.fill("#down_payment", "70000")
        second.press("Tab")

    assert answer.value.status == 409
    second.page.locator(".notice-error").wait_for()
    assert "没有存" in second.reads(".notice-error")
    assert second.page.locator("#down_payment").input_value() == "60000"
    assert database.rows() == rows


def test_plans_printed_from_an_older_need_are_refused(visit: Callable[..., Visitor]) -> None:
    first, second = visit("lin.yue"), visit("zhou.heng")
    deal = first.meets(SAID)
    first.confirms()
    first.click("[data-to-plans]")
    first.arrives("/plans/")
    second.open(f"/deals/{deal}/need/")
    second.fill("#say", "月供最好降到2600")
    second.click_and_settle(second.button("补上"))
    second.confirms()

    with first.page.expect_navigation() as answer:
        first.click("[data-make-proposal]")

    assert answer.value is not None
    assert answer.value.status == 409
    assert "重算" in first.reads("[data-refusal]")


def test_a_double_click_prints_once(
    visit: Callable[..., Visitor], database: stage.Database
) -> None:
    advisor = visit("lin.yue")
    advisor.meets(SAID)
    advisor.confirms()
    advisor.click("[data-to-plans]")
    advisor.arrives("/plans/")
    before = database.rows()["planning_proposal"]

    advisor.page.locator("[data-make-proposal]").dblclick()
    advisor.page.wait_for_url("**/proposals/P*/")

    assert database.rows()["planning_proposal"] == before + 1


def test_a_form_sent_twice_is_stored_once(
    visit: Callable[..., Visitor], database: stage.Database
) -> None:
    advisor = visit("lin.yue")
    advisor.open("/visits/new/")
    typed = {
        name: advisor.page.locator(f"main [name={name}]").input_value()
        for name in ("csrfmiddlewaretoken", "form_key")
    }
    before = database.rows()["deals_deal"]

    places = {
        advisor.page.request.post("/visits/", form={**typed, "sentence": SAID}).url
        for _ in range(2)
    }

    assert len(places) == 1
    assert database.rows()["deals_deal"] == before + 1
