"""S2: the monthly limit falls and an old car turns up; what was printed says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.journeys.paper import fetch_pdf, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.visitor import Visitor

SAID = "首付5万,月供别超过3000,想买个15万的SUV,征信没问题,三年还清"
SAID_LATER = "月供最好降到2600,有台旧车要换"


def test_a_new_version_shows_what_changed_and_the_old_print_is_marked(
    visit: Callable[..., Visitor],
) -> None:
    advisor = visit("lin.yue")
    deal = advisor.meets(SAID, call_name="陆女士")
    advisor.confirms()
    old = advisor.prints()
    old_pdf = fetch_pdf(advisor.page, f"/proposals/{old}.pdf")

    advisor.open(f"/deals/{deal}/need/")
    advisor.clicks = advisor.typed = 0
    advisor.fill("#say", SAID_LATER)
    assert advisor.click_and_settle(advisor.button("补上")).status == 200
    assert "2,600" in advisor.reads("[data-chip=monthly_max]")
    advisor.confirms()
    new = advisor.prints()

    assert advisor.clicks <= 5
    assert advisor.typed == 1
    advisor.open(f"/deals/{deal}/need/versions/")
    changed = advisor.reads("tbody tr")
    assert "2,600" in changed
    assert "3,000" in changed or "→" in changed
    advisor.open(f"/deals/{deal}/")
    rows = {
        number: advisor.page.locator("tr", has=advisor.page.get_by_text(number)).inner_text()
        for number in (old, new)
    }
    assert "需求已更新" in rows[old]
    assert "需求已更新" not in rows[new]
    assert fetch_pdf(advisor.page, f"/proposals/{old}.pdf") == old_pdf
    assert "2,600" in text_of(fetch_pdf(advisor.page, f"/proposals/{new}.pdf"))


def test_an_unconfirmed_change_cannot_be_printed(visit: Callable[..., Visitor]) -> None:
    advisor = visit("lin.yue")
    deal = advisor.meets(SAID)
    advisor.confirms()
    advisor.open(f"/deals/{deal}/need/")
    advisor.fill("#say", SAID_LATER)
    advisor.click_and_settle(advisor.button("补上"))

    advisor.open(f"/deals/{deal}/plans/")

    assert advisor.page.locator("[data-make-proposal]").is_disabled()
    assert "复述确认需求" in advisor.reads("#print-why")
