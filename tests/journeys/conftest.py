from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright
from tests.factories import MOMENT
from tests.journeys import stage
from tests.journeys.visitor import Visitor

from chedai.config.launch.browser import find_chromium
from chedai.demo.world import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

FLAGS = (
    *(("--no-sandbox",) if os.geteuid() == 0 else ()),
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
)
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


@pytest.fixture(scope="session")
def signed_in() -> dict[str, Any]:
    """Cookies of those who have signed in already."""
    return {}


@pytest.fixture
def visit(
    browser: Browser, address: str, signed_in: dict[str, Any], logs: Path
) -> Iterator[Callable[..., Visitor]]:
    """Open a browser window: of somebody of the house by name, or of a stranger."""
    contexts = []

    def open_window(username: str = "", **options: Any) -> Visitor:
        settings = {"base_url": address, "viewport": DESK, "locale": "zh-CN", **options}
        if username and username not in signed_in:
            signed_in[username] = _sign_in(browser, address, username)
        if username:
            settings["storage_state"] = signed_in[username]
        context = browser.new_context(**settings)
        contexts.append(context)
        return Visitor(context.new_page())

    yield open_window
    for context in contexts:
        context.close()
    broken = [log for log in logs.glob("*.log") if "Traceback" in log.read_text(encoding="utf-8")]
    assert not broken, broken[0].read_text(encoding="utf-8")


def _sign_in(browser: Browser, address: str, username: str) -> Any:
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "login" not in url)
    state = context.storage_state()
    context.close()
    return state
