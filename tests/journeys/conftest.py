from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright
from tests.factories import MOMENT
from tests.journeys import stage
from tests.journeys.screens import Printed
from tests.journeys.visitor import SENTENCE, Visitor

from chedai.config.launch.browser import find_chromium
from chedai.demo.world import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext

FLAGS = (
    *(("--no-sandbox",) if os.geteuid() == 0 else ()),
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
)
PATIENCE_MS = 15_000
BROKEN = "Internal Server Error"
DESK = {"width": 1440, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def database() -> Iterator[stage.Database]:
    with stage.database() as made:
        yield made


@pytest.fixture(scope="session")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("journeys")


@pytest.fixture(scope="session")
def address(database: stage.Database, logs: Path) -> Iterator[str]:
    with stage.server(database, at=MOMENT, folder=logs) as served:
        yield served


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = find_chromium()
    assert chromium, "No Chromium: make journeys fetches one"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Doors:
    """Opens windows on the product: of somebody of the house by name, or of a stranger."""

    browser: Browser
    address: str
    signed_in: dict[str, Any] = field(default_factory=dict)
    open_windows: list[BrowserContext] = field(default_factory=list)

    def window(self, username: str = "", **options: Any) -> Visitor:
        settings = {"base_url": self.address, "viewport": DESK, "locale": "zh-CN", **options}
        if username and username not in self.signed_in:
            self.signed_in[username] = self._sign_in(username)
        if username:
            settings["storage_state"] = self.signed_in[username]
        context = self.browser.new_context(**settings)
        context.set_default_timeout(PATIENCE_MS)
        self.open_windows.append(context)
        return Visitor(context.new_page())

    def close_windows(self) -> None:
        while self.open_windows:
            self.open_windows.pop().close()

    def _sign_in(self, username: str) -> Any:
        context = self.browser.new_context(base_url=self.address)
        page = context.new_page()
        page.goto("/accounts/login/")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: "login" not in url)
        state = context.storage_state()
        context.close()
        return state


@pytest.fixture(scope="session")
def doors(browser: Browser, address: str) -> Doors:
    return Doors(browser, address)


@pytest.fixture
def visit(doors: Doors, logs: Path) -> Iterator[Callable[..., Visitor]]:
    """Let people in; afterwards everybody leaves, and nothing may have broken."""
    before = _written(logs).count(BROKEN)
    yield doors.window
    doors.close_windows()
    assert _written(logs).count(BROKEN) == before, _written(logs)


def _written(logs: Path) -> str:
    return "".join(log.read_text(encoding="utf-8") for log in sorted(logs.glob("*.log")))


@pytest.fixture(scope="session")
def printed(doors: Doors) -> Printed:
    """One customer walked all the way: three plans printed and a link sent."""
    advisor = doors.window("lin.yue")
    deal_number = advisor.meets(f"{SENTENCE},打算三年,车价不含税", call_name="周女士")
    advisor.confirms()
    trace = advisor.page.get_by_role("link", name="怎么算的").first.get_attribute("href")
    number = advisor.prints()
    advisor.click(advisor.button("发给客户"))
    link = advisor.page.locator("#link").input_value()
    code = advisor.page.locator("text=核验码").inner_text().split("核验码 ")[1].split(" · ")[0]
    assert trace
    return Printed(
        deal=deal_number,
        proposal=number,
        link=urlsplit(link).path,
        code=code.replace(" ", ""),
        trace=trace,
    )
