"""Walls: another organisation, another store, another role."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.journeys.screens import COMPLIANCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.screens import Printed
    from tests.journeys.visitor import Visitor

OUTSIDER = "du.yi"
PAGES = (
    "{deal}/",
    "{deal}/need/",
    "{deal}/need/versions/",
    "{deal}/desk/",
    "{deal}/plans/",
    "{deal}/lesson/",
    "{deal}/competitor/",
    "{trace}",
    "{proposal}/",
    "{proposal}.pdf",
)


@pytest.mark.parametrize("pattern", PAGES)
def test_an_address_of_another_organisation_does_not_exist(
    visit: Callable[..., Visitor], printed: Printed, pattern: str
) -> None:
    outsider = visit(OUTSIDER)

    answer = outsider.page.request.get(printed.path(pattern))

    # Their own first deal may bear the same number: then it is theirs that opens.
    assert answer.status == 404 or "proposal" not in pattern
    assert "周女士" not in answer.text()


def test_the_lists_of_another_organisation_name_none_of_ours(
    visit: Callable[..., Visitor], printed: Printed
) -> None:
    outsider = visit(OUTSIDER)

    for path in ("/today/", "/deals/", "/deals/?q=周女士"):
        outsider.open(path)
        assert "周女士" not in outsider.reads("main").replace("“周女士”", "")


def test_somebody_of_another_store_does_not_find_the_deal(
    visit: Callable[..., Visitor], printed: Printed
) -> None:
    colleague = visit("gu.qing")

    assert colleague.open(printed.path("{deal}/")).status == 404
    assert colleague.open(printed.path("{proposal}/")).status == 404


@pytest.mark.parametrize("path", ["/audit/", "/staff/users/", "/catalogue/products/new/"])
def test_what_is_not_for_advisors_is_refused_in_words(
    visit: Callable[..., Visitor], path: str
) -> None:
    advisor = visit("lin.yue")

    assert advisor.open(path).status == 403
    assert "不对您开放" in advisor.reads("h1")


def test_nobody_enters_without_signing_in(visit: Callable[..., Visitor], printed: Printed) -> None:
    stranger = visit()

    stranger.open(printed.path("{deal}/plans/"))

    assert "/accounts/login/" in stranger.page.url


def test_compliance_sees_what_was_done_and_that_nothing_was_altered(
    visit: Callable[..., Visitor], printed: Printed
) -> None:
    compliance = visit(COMPLIANCE)
    compliance.open(f"/audit/?subject={printed.proposal}")
    assert "proposal.make" in compliance.reads("table")
    assert "proposal.send" in compliance.reads("table")

    compliance.click(compliance.button("校验"))
    compliance.page.wait_for_load_state()

    assert "链条完整" in compliance.reads("h1")
    assert compliance.open(printed.path("{proposal}/")).status == 200
