"""Every screen, wide and narrow: axe finds nothing serious, no word of praise, nothing ticked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.journeys.screens import SCREENS, Printed

from chedai.config.launch.folders import checkout_folder
from chedai.core.plans.explanation import BANNED_WORDS, FREE_OF_INTEREST

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.visitor import Visitor

AXE = checkout_folder() / "static-built" / "testing" / "axe.min.js"
RUN = """async () => (await axe.run(document, {
  resultTypes: ["violations"],
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
})).violations
  .filter((found) => ["serious", "critical"].includes(found.impact))
  .map((found) => [found.id, ...found.nodes.map((node) => node.html.slice(0, 160))])
"""
# What a customer said stands in <q>: it is quoted as it was said, whatever words it holds.
OUR_OWN_WORDS = """() => {
  const quoted = [...document.querySelectorAll('q')];
  quoted.forEach((words) => { words.hidden = true; });
  const read = document.body.innerText;
  quoted.forEach((words) => { words.hidden = false; });
  return read;
}"""
TICKED = """() => [...document.querySelectorAll(
  'main input[type=checkbox]:checked, main input[type=radio]:checked')].map((at) => at.outerHTML)"""
WIDTHS_PX = (1440, 390)
NARROWEST_PX = 320
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize(("who", "pattern"), SCREENS)
def test_no_screen_shuts_anybody_out(
    visit: Callable[..., Visitor], printed: Printed, who: str, pattern: str
) -> None:
    visitor = visit(who, bypass_csp=True)
    visitor.open(printed.path(pattern))
    body = visitor.page.evaluate(OUR_OWN_WORDS)
    assert not [word for word in (*BANNED_WORDS, FREE_OF_INTEREST) if word in body]
    assert visitor.page.evaluate(TICKED) == []
    visitor.page.evaluate(AXE.read_text(encoding="utf-8"))

    found: dict[int, Any] = {}
    for width in WIDTHS_PX:
        visitor.page.set_viewport_size({"width": width, "height": 900})
        found[width] = visitor.page.evaluate(RUN)
        assert visitor.page.evaluate(WIDER) <= 0, f"{width} px wide scrolls sideways"
    visitor.page.set_viewport_size({"width": NARROWEST_PX, "height": 900})
    assert visitor.page.evaluate(WIDER) <= 0, f"{NARROWEST_PX} px wide scrolls sideways"
    assert found == {width: [] for width in WIDTHS_PX}
    assert visitor.page.locator("h1").count() == 1
    assert not visitor.troubles
