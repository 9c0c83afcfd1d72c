"""S2: a customer takes a number at the door, sees the wait, is called and sits down."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.visitor import Visitor

SAID = "首付5万，15万的SUV，月供3000以内"


def test_a_number_from_the_door_is_called_on_the_wall_and_becomes_a_visit(
    visit: Callable[..., Visitor],
) -> None:
    advisor = visit("zhou.heng")
    door, wall = addresses(advisor)
    phone, screen = visit(viewport={"width": 390, "height": 844}), visit()

    phone.open(door)
    phone.page.get_by_role("button", name="取号").click()
    phone.page.wait_for_url("**/n/**")
    number = re.findall(r"A\d{3}", phone.page.locator("h1").inner_text())[0]
    assert "前面还有" in phone.page.locator("main").inner_text()
    screen.open(wall)
    assert number in screen.page.locator(".wall-waiting").inner_text()

    set_down_whom_one_serves(advisor)
    advisor.open("/queue/")
    row = advisor.page.locator("tr", has_text=number)
    row.locator("summary").click()
    row.get_by_label("原因").fill("急着去接孩子")
    row.get_by_role("button", name="不按顺序叫").click()
    advisor.page.wait_for_url("**/today/**")
    screen.page.locator(".wall-called", has_text=number).wait_for(timeout=15_000)

    before = advisor.clicks
    advisor.click("#queue-start")
    advisor.page.wait_for_url("**/visits/new/**")
    assert advisor.clicks - before == 1
    advisor.page.fill("#sentence", SAID)
    advisor.page.get_by_role("button", name="听懂这句话").click()
    advisor.arrives("/need/")
    advisor.open("/today/")
    assert number in advisor.reads("#queue-mine")
    advisor.page.get_by_role("button", name="结束接待").click()
    advisor.page.wait_for_url("**/today/**")

    advisor.open("/queue/")
    assert "急着去接孩子" in advisor.page.locator("main").inner_text()
    screen.page.context.set_offline(True)
    screen.page.locator(".wall-offline").wait_for(state="visible", timeout=30_000)
    assert screen.page.locator(".wall-waiting, .wall-none").first.is_visible()
    assert not advisor.troubles
    assert not phone.troubles


def addresses(advisor: Visitor) -> tuple[str, str]:
    """Read where door and wall of the store are, as everybody of the store may."""
    advisor.open("/queue/links/")
    fields = advisor.page.locator("input[readonly]").all()
    paths = [urlsplit(field.input_value()).path for field in fields]
    door = next(path for path in paths if path.startswith("/q/"))
    return door, next(path for path in paths if path.startswith("/wall/"))


def set_down_whom_one_serves(advisor: Visitor) -> None:
    advisor.open("/today/")
    finish = advisor.page.get_by_role("button", name="结束接待")
    if finish.count():
        finish.click()
        advisor.page.wait_for_url("**/today/**")
