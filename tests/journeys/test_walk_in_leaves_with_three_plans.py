"""S1: a customer walks in, says one sentence and leaves with three plans on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.journeys.paper import fetch_pdf, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.visitor import Visitor

CLICKS_MAX = 12
TYPED_MAX = 3
ANSWERS = ("查询多", "3 年", "车价")
SAID = "首付5万左右,月供别超过3000,想买个15万的SUV,征信花了"
IDENTIFIERS = ("姓名", "手机", "电话", "身份证", "证件", "银行卡", "住址")
# Names of the fields of a page and the words that stand at them.
ASKED = """(page) => [...page.querySelectorAll('input, textarea, select')]
  .filter((field) => field.type !== 'hidden')
  .map((field) => [field.name, field.placeholder, field.ariaLabel,
    ...[...field.labels].map((label) => label.innerText)].join(' '))"""


def test_one_sentence_becomes_three_printed_plans_in_a_dozen_clicks(
    visit: Callable[..., Visitor],
) -> None:
    advisor = visit("lin.yue")
    advisor.open("/today/")

    advisor.press("n", "v")
    advisor.arrives("/visits/new/")
    advisor.write("王先生")
    advisor.press("Tab")
    advisor.write(SAID)
    assert not identifiers_asked(advisor)
    advisor.click(advisor.button("听懂这句话"))
    advisor.arrives("/need/")

    heard = {
        chip.get_attribute("data-chip"): chip.inner_text()
        for chip in advisor.page.locator("[data-chip]").all()
    }
    assert "5 万" in heard["down_payment"]
    assert "“首付5万左右" in heard["down_payment"]
    assert "3,000" in heard["monthly_max"]
    assert "15 万" in heard["vehicle_price"]
    assert advisor.page.locator(".sentence-read mark").count() >= 4
    assert not identifiers_asked(advisor)

    for answer in ANSWERS:
        said = advisor.page.get_by_role("button", name=answer, exact=True)
        assert advisor.click_and_settle(said).status == 200
    assert "首付" in advisor.reads(".read-back")
    advisor.confirms()

    assert advisor.page.locator("[data-cell]").count() == 9
    assert advisor.page.locator("[data-plan]").count() == 3
    on_desk = [
        n.inner_text() for n in advisor.page.locator("[data-plan] [data-figure=total] .num").all()
    ]
    advisor.click("[data-to-plans]")
    advisor.arrives("/plans/")
    assert not identifiers_asked(advisor)
    advisor.press("p")
    advisor.page.wait_for_url("**/proposals/P*/")
    number = advisor.proposal_number
    assert advisor.clicks <= CLICKS_MAX
    assert advisor.typed <= TYPED_MAX
    assert not advisor.troubles

    said = text_of(fetch_pdf(advisor.page, f"/proposals/{number}.pdf"))
    assert number in said
    assert "王先生" in said
    assert len(on_desk) == 3
    assert [total.strip("¥") in said for total in on_desk] == [True] * 3


def identifiers_asked(visitor: Visitor) -> list[str]:
    fields = visitor.page.locator("main").evaluate(ASKED)
    assert fields or "/plans/" in visitor.page.url
    return [asked for asked in fields if any(word in asked for word in IDENTIFIERS)]
