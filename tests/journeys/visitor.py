"""Somebody at a browser, whose clicks and typed fields are counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Locator, Page, Response

SENTENCE = "首付5万左右,月供别超过3000,想买个15万的SUV,征信花了"
# A refusal is an answer, and the browser logs it like a failure.
REFUSED = "Failed to load resource: the server responded with a status of 4"


@dataclass
class Visitor:
    """A person at one window; ``clicks`` and ``typed`` count what the hands did."""

    page: Page
    clicks: int = 0
    typed: int = 0
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", self._heard)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(REFUSED):
            self.troubles.append(message.text)

    # --- Going somewhere ------------------------------------------------------------------

    def open(self, path: str) -> Response:
        answer = self.page.goto(path)
        assert answer is not None, path
        return answer

    def arrives(self, ending: str) -> None:
        """Wait for the page whose address ends so."""
        self.page.wait_for_url(f"**{ending}")

    @property
    def deal_number(self) -> str:
        words = self.page.url.split("/")
        return words[words.index("deals") + 1]

    @property
    def proposal_number(self) -> str:
        words = self.page.url.split("/")
        return words[words.index("proposals") + 1]

    # --- Hands ----------------------------------------------------------------------------

    def click(self, target: str | Locator) -> None:
        self.clicks += 1
        self.find(target).click()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        """Type into the field that has the focus."""
        self.typed += 1
        self.page.keyboard.type(text)

    def fill(self, target: str | Locator, text: str) -> None:
        self.typed += 1
        self.find(target).fill(text)

    def click_and_settle(self, target: str | Locator) -> Response:
        """Click what fetches a part of the page, and wait until it is in place."""
        self.page.evaluate(
            "() => { window.settled = new Promise((done) => "
            "document.addEventListener('htmx:afterSettle', done, {once: true})); }"
        )
        with self.page.expect_response(lambda answer: answer.request.method == "POST") as found:
            self.click(target)
        self.page.evaluate("() => window.settled")
        return found.value

    # --- Eyes -----------------------------------------------------------------------------

    def find(self, target: str | Locator) -> Locator:
        return self.page.locator(target) if isinstance(target, str) else target

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def reads(self, selector: str = "main") -> str:
        """Text of an element as it stands on the screen."""
        return self.page.locator(selector).first.inner_text()

    # --- Steps that many stories share -----------------------------------------------------

    def meets(self, sentence: str = SENTENCE, *, call_name: str = "") -> str:
        """Receive a customer; give the number of the deal."""
        self.open("/visits/new/")
        if call_name:
            self.fill("#call_name", call_name)
        self.fill("#sentence", sentence)
        self.click(self.button("听懂这句话"))
        self.arrives("/need/")
        return self.deal_number

    def confirms(self) -> None:
        self.click("[data-confirm-need]")
        self.arrives("/desk/")

    def prints(self) -> str:
        """Go from the desk to the printed proposal; give its number."""
        self.click("[data-to-plans]")
        self.arrives("/plans/")
        self.click("[data-make-proposal]")
        self.page.wait_for_url("**/proposals/P*/")
        return self.proposal_number
