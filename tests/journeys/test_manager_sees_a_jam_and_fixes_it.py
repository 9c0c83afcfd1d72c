"""Somebody falls ill in a full store: the manager sees it, the plan follows, an advisor decides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.visitor import Visitor

MANAGER, ILL, THERE = "bai.chuan", "yan.lu", "tang.ke"


def test_the_floor_shows_who_waits_and_a_sick_advisor_is_planned_around(
    visit: Callable[..., Visitor],
) -> None:
    manager = visit(MANAGER)
    manager.open("/floor/")
    assert "正在等" in manager.reads("#live")
    assert "加一名顾问" in manager.reads("main")
    assert "先到先接" in manager.reads("main")
    # The page notices by itself that nobody has planned today yet.
    manager.page.locator("#day-state", has_text="第 ").wait_for(timeout=60_000)
    manager.open("/day/")
    assert manager.page.locator("[data-block]").count() > 0

    manager.open("/team/")
    sheet = manager.page.locator("details", has_text="颜鹿")
    sheet.locator("summary").click()
    sheet.get_by_label("不在店的事由").select_option("sick")
    sheet.get_by_label("几点开始").fill("10:00")
    sheet.get_by_label("几点结束").fill("22:00")
    sheet.get_by_role("button", name="登记，并重排").click()
    manager.arrives("/team/?store=jinxi")

    assert "病假" in manager.reads("main")
    manager.open("/day/")
    ill = manager.page.locator(".day-col", has_text="颜鹿")
    for label in ill.locator("[data-block]").all_inner_texts():
        assert "进行中" in label
    assert not manager.troubles


def test_an_advisor_moves_a_job_by_keyboard_alone(visit: Callable[..., Visitor]) -> None:
    advisor = visit(THERE)
    advisor.open("/day/")
    advisor.page.keyboard.press("g")
    advisor.page.keyboard.press("d")
    advisor.arrives("/day/")
    summary = advisor.page.locator("details.others summary")
    summary.focus()
    advisor.page.keyboard.press("Enter")
    advisor.fill("#label", "给资金方补收入证明")
    advisor.fill("#opens", "19:00")
    advisor.fill("#closes", "21:00")
    advisor.page.locator("#mine").check()
    advisor.page.locator("#label").press("Enter")
    block = advisor.page.locator("[data-block^=F]")
    block.wait_for()
    before = _clock(block.get_attribute("title"))

    block.focus()
    with advisor.page.expect_navigation():
        advisor.page.keyboard.press("Shift+ArrowDown")
    block.wait_for()

    assert "已锁定" in block.inner_text()
    assert _clock(block.get_attribute("title")) == before + 5
    block.focus()
    advisor.page.keyboard.press("Enter")
    dialog = advisor.page.locator("dialog[open]")
    assert "已锁定" in dialog.inner_text()
    advisor.page.keyboard.press("Escape")
    assert not advisor.troubles


def _clock(title: str | None) -> int:
    found = re.match(r"(\d\d):(\d\d)", title or "")
    assert found, title
    return int(found[1]) * 60 + int(found[2])
