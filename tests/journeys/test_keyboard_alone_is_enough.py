"""S1 without a mouse: every step by keys, and whoever looks sees where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.visitor import Visitor

STEPS_MAX = 80
SAID = "首付5万左右,月供别超过3000,想买个15万的SUV,征信查询多,三年还清,价格是车价"
# The middle of what is on screen of the focused element belongs to it, and a ring is drawn.
IN_SIGHT = """() => {
  const focused = document.activeElement;
  const box = focused.getBoundingClientRect();
  const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  if (right <= left || bottom <= top) return false;
  const above = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const ring = getComputedStyle(focused);
  return focused.contains(above)
    && (parseFloat(ring.outlineWidth) > 0 || ring.boxShadow !== "none");
}"""


def walks_to(visitor: Visitor, target: str) -> None:
    """Press Tab until the focus is there, in sight at every step."""
    for _ in range(STEPS_MAX):
        visitor.press("Tab")
        if visitor.page.evaluate("() => document.activeElement === document.body"):
            continue  # past the end of the page
        at = visitor.page.evaluate("() => document.activeElement.outerHTML.slice(0, 200)")
        assert visitor.page.evaluate(IN_SIGHT), f"The focus is hidden: {at}"
        if visitor.page.evaluate("(to) => document.activeElement.matches(to)", target):
            return
    pytest.fail(f"Tab does not lead to {target}")


def focused_cell(visitor: Visitor) -> str:
    cell = visitor.page.evaluate("() => document.activeElement.dataset.cell")
    return str(cell)


def test_three_plans_are_printed_by_keys_alone(visit: Callable[..., Visitor]) -> None:
    advisor = visit("lin.yue")
    page = advisor.page
    advisor.open("/today/")

    advisor.press("n", "v")
    advisor.arrives("/visits/new/")
    advisor.press("Tab")
    advisor.write(SAID)
    walks_to(advisor, "button[type=submit]")
    advisor.press("Enter")
    advisor.arrives("/need/")

    walks_to(advisor, ".choice-button")
    with page.expect_response(lambda answer: "/answers/" in answer.url):
        advisor.press("Enter")
    page.wait_for_function(
        "() => document.activeElement.matches('.choice-button, [data-confirm-need]')"
    )
    walks_to(advisor, "[data-confirm-need]")
    advisor.press("Enter")
    advisor.arrives("/desk/")

    walks_to(advisor, "[data-cell='0,0']")
    for key, cell in (("ArrowRight", "0,1"), ("ArrowDown", "1,1"), ("ArrowLeft", "1,0")):
        advisor.press(key)
        assert focused_cell(advisor) == cell
    advisor.press("ArrowRight")
    for key, letter in (("1", "A"), ("2", "B"), ("3", "C")):
        with page.expect_response(lambda answer: "/pins/" in answer.url) as pinned:
            advisor.press(key)
        assert pinned.value.status == 200
        page.wait_for_function(
            "(letter) => document.querySelector(`[data-pin='${letter}'][aria-pressed=true]`)",
            arg=letter,
        )
        page.wait_for_function("() => document.activeElement.dataset.cell === '1,1'")

    walks_to(advisor, "[data-to-plans]")
    advisor.press("Enter")
    advisor.arrives("/plans/")
    assert "顾问指定" in advisor.reads("[data-plans]")
    advisor.press("p")
    page.wait_for_url("**/proposals/P*/")

    assert advisor.clicks == 0
    assert not advisor.troubles


def test_keys_are_listed_on_a_question_mark_and_can_be_switched_off(
    visit: Callable[..., Visitor],
) -> None:
    advisor = visit("lin.yue")
    advisor.open("/today/")
    advisor.press("?")
    assert advisor.page.locator("#keys").is_visible()

    walks_to(advisor, "#keys-off")
    advisor.press("Space", "Escape", "n", "v")

    advisor.page.wait_for_timeout(300)
    assert advisor.page.url.endswith("/today/")


def test_keys_do_nothing_while_a_word_is_typed(visit: Callable[..., Visitor]) -> None:
    advisor = visit("lin.yue")
    advisor.open("/deals/")
    advisor.press("/")

    advisor.write("nv?p")

    assert advisor.page.locator("[data-search]").input_value() == "nv?p"
    assert advisor.page.url.endswith("/deals/")
