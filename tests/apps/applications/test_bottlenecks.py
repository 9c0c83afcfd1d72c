"""Bottlenecks on a page: the numbers are those of the log, and each leads to its deals."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.apps.deals.running import finish, opened
from tests.factories import MOMENT

from chedai.applications.queries.bottlenecks import deals_behind, place_of, report_of
from chedai.deals.operations.processes import signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from chedai.deals.models import Deal
    from chedai.staff.models import Organisation, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]
NOW = MOMENT + timedelta(days=2)


@pytest.fixture
def deals(acting: Organisation, advisor: User) -> list[Deal]:
    """Three deals whose reception took 1, 2 and 5 hours; the second looped once."""
    made = [opened(advisor) for _ in range(3)]
    for deal, hours in zip(made, (1, 2, 5), strict=True):
        finish(deal, "receive_visit", by=advisor, at=MOMENT + timedelta(hours=hours))
    for name, hours in (("need_confirmed", 3), ("need_amended", 4), ("need_confirmed", 6)):
        signal(deal=made[1], name=name, by=advisor, at=MOMENT + timedelta(hours=hours))
    return made


@pytest.fixture
def client(client_of: Callable[[User], Client], manager: User) -> Client:
    return client_of(manager)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_durations_loops_and_rework_are_those_of_the_log(deals: list[Deal], manager: User) -> None:
    report = report_of(place_of({}, user=manager, today=NOW.date()), user=manager, now=NOW)

    reception = report.found.stages["reception"]
    assert (reception.count, reception.p50_hours, reception.p90_hours) == (3, 2.0, 5.0)
    assert report.found.loops == {"confirm_need": (deals[1].pk,)}
    assert report.found.rework == (deals[1].pk,)
    # The customer owes the second deal's facts: asked at hour 3, taken back at 4, asked at 6.
    assert report.found.waits["customer"].total_hours == 1 + (48 - 6)


def test_a_number_leads_to_its_deals_the_longest_first(deals: list[Deal], manager: User) -> None:
    report = report_of(place_of({}, user=manager, today=NOW.date()), user=manager, now=NOW)

    title, found = deals_behind(report, kind="stage", code="reception")

    assert title == "走完「接待」"
    assert found == [deals[2], deals[1], deals[0]]
    assert deals_behind(report, kind="stage", code="nowhere") == ("", [])


def test_another_month_and_an_unknown_store_are_other_places(
    deals: list[Deal], manager: User
) -> None:
    asked = {"month": "2026-10", "store": "999999"}
    place = place_of(asked, user=manager, today=NOW.date())

    assert (place.month, place.store) == ("2026-10", "")
    assert report_of(place, user=manager, now=NOW).found.deal_count == 0


def test_the_page_shows_draws_and_leads_on(client: Client, deals: list[Deal]) -> None:
    text = text_of(client.get("/bottlenecks/"))

    assert "2.0 小时" in text
    assert "实际走过的路" in text
    behind = client.get("/bottlenecks/deals/?kind=loop&code=confirm_need")
    assert deals[1].number in text_of(behind)
    assert deals[0].number not in text_of(behind)


@pytest.mark.parametrize("query", ["kind=stage&code=nowhere", "kind=variant&code=99", ""])
def test_a_number_that_is_not_there_is_not_found(client: Client, query: str) -> None:
    assert client.get(f"/bottlenecks/deals/?{query}").status_code == 404


def test_bottlenecks_are_for_managers_and_compliance(
    client_of: Callable[[User], Client], advisor: User
) -> None:
    assert client_of(advisor).get("/bottlenecks/").status_code == 403
