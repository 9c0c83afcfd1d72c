"""The link in the customer's hand: read on a small screen, until it expires or is taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.factories import MOMENT
from tests.journeys import stage
from tests.journeys.paper import fetch_pdf, text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.journeys.screens import Printed
    from tests.journeys.visitor import Visitor

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
FONT_PX_MIN = 16
SMALL = """() => [...document.querySelectorAll('main p, main dd, main li')]
  .filter((e) => e.innerText.trim() && parseFloat(getComputedStyle(e).fontSize) < 14)
  .map((e) => e.innerText.slice(0, 40))"""


@pytest.mark.parametrize("size", ["", "?size=large"])
def test_all_is_read_without_signing_in_or_scrolling_sideways(
    visit: Callable[..., Visitor], printed: Printed, size: str
) -> None:
    customer = visit(**PHONE)

    assert customer.open(printed.link + size).status == 200

    assert customer.page.evaluate(WIDER) <= 0
    assert not customer.page.evaluate(SMALL)
    assert customer.page.locator("[data-plan]").count() == 3
    for part in ("[data-binding]", "[data-privacy]", "[data-cash]", "text=为什么每月"):
        assert customer.page.locator(part).first.is_visible()
    assert not customer.page.locator("input, textarea, select").count()
    assert not customer.troubles


def test_the_phone_and_the_counter_hand_out_the_same_paper(
    visit: Callable[..., Visitor], printed: Printed
) -> None:
    customer, advisor = visit(**PHONE), visit("lin.yue")
    customer.open(printed.link)
    href = customer.page.get_by_role("link", name="下载 PDF").get_attribute("href")
    assert href

    paper = fetch_pdf(customer.page, href)

    assert paper == fetch_pdf(advisor.page, f"/proposals/{printed.proposal}.pdf")
    assert printed.proposal in text_of(paper)


def test_a_printed_code_is_verified_by_anybody_and_tells_nothing_else(
    visit: Callable[..., Visitor], printed: Printed
) -> None:
    stranger = visit(**PHONE)
    stranger.open("/verify/")

    stranger.fill("#code", printed.code)
    stranger.click(stranger.button("核对"))
    stranger.arrives(f"/verify/{printed.code}/")

    assert printed.proposal in stranger.reads("[data-verified]")
    assert "周女士" not in stranger.page.content()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda link: link[:-3] + "xy/", 404),
        (lambda link: link[:-12] + "/", 404),
        (lambda link: "/p/" + "0" * 43 + "/", 404),
        (lambda link: link + "proposal.pdf?x=%00", 400),
        (lambda link: link[:-3] + "%00/", 400),
    ],
    ids=["altered", "cut off", "invented", "with rubbish behind", "with a null byte"],
)
def test_a_tampered_link_opens_nothing(
    visit: Callable[..., Visitor],
    printed: Printed,
    change: Callable[[str], str],
    status: int,
) -> None:
    answer = visit(**PHONE).page.request.get(change(printed.link))

    assert answer.status == status
    assert "周女士" not in answer.text()


def test_a_link_taken_back_opens_nothing_and_says_what_to_do(
    visit: Callable[..., Visitor], printed: Printed
) -> None:
    advisor, customer = visit("lin.yue"), visit(**PHONE)
    advisor.open(f"/proposals/{printed.proposal}/")
    advisor.click(advisor.button("发给客户"))
    link = advisor.page.locator("#link").input_value()
    assert customer.open(link).status == 200

    advisor.open(f"/proposals/{printed.proposal}/")
    advisor.click(advisor.page.get_by_role("button", name="收回").first)
    advisor.page.locator("[data-link-state=revoked]").first.wait_for()

    assert customer.open(link).status == 410
    assert "收回" in customer.reads("main")
    assert "再发一次" in customer.reads("main")
    assert customer.page.request.get(f"{link}proposal.pdf").status == 410
    assert visit(**PHONE).open(printed.link).status == 200


def test_the_same_link_a_year_later_has_expired(
    visit: Callable[..., Visitor], printed: Printed, database: stage.Database, logs: Path
) -> None:
    later = MOMENT + timedelta(days=365)
    with stage.server(database, at=later, folder=logs) as address:
        customer = visit(**PHONE, base_url=address)

        assert customer.open(printed.link).status == 410

        assert "到期" in customer.reads("main")
        assert "再发一次" in customer.reads("main")
        assert "周女士" not in customer.page.content()
