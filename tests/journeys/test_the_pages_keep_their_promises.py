"""The trust invariants, read off the rendered pages and the printed paper."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest
from tests.journeys.paper import fetch_pdf, text_of
from tests.journeys.screens import ADVISOR, NOBODY, PLAN_SCREENS, Printed

from chedai.config.launch.folders import checkout_folder
from chedai.core.plans.dominance import dominates
from chedai.core.plans.explanation import BANNED_WORDS, FREE_OF_INTEREST

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator
    from tests.journeys import stage
    from tests.journeys.visitor import Visitor

SENTENCES = (
    "首付5万,月供别超过3000,想买个15万的SUV,征信没问题,三年还清",
    "20万的新能源车,首付三成,五年,征信没问题,想随时能提前还",
    "二手车8万,首付2万,月供2000左右,征信有逾期",
)
# An instalment and its four companions: in one group, in one row, or in one table with as many
# of each.
LONELY = """() => [...document.querySelectorAll('[data-figure=instalment]')].filter((found) => {
  const all = (group) => ['total', 'extra', 'apr', 'end'].every((name) => {
    const beside = [...group.querySelectorAll(`[data-figure=${name}]`)];
    const own = group.querySelectorAll('[data-figure=instalment]').length;
    return beside.length === own && beside.every((figure) => figure.textContent.trim());
  });
  const group = found.closest('[data-figures]');
  if (group) return !all(group);
  return !all(found.closest('tr')) && !all(found.closest('table'));
}).map((found) => found.outerHTML)"""
NATURES = ("贷款", "融资租赁", "分期")
NUMBER = re.compile(r"-?[\d,]+(?:\.\d+)?")


def number_in(text: str) -> float:
    found = NUMBER.search(text)
    assert found, text
    return float(found[0].replace(",", ""))


def extra_of(card: Locator) -> float:
    """What it costs beyond cash; negative where the page says 少."""
    figure = card.locator("[data-figure=extra]")
    amount = number_in(figure.inner_text())
    is_less = "少" in figure.locator("xpath=preceding-sibling::dt").inner_text()
    return -amount if is_less else amount


def shown_of(card: Locator) -> tuple[float, ...]:
    """What a card shows of its plan, each better when lower."""
    main = card.locator("[data-figure=instalment]").inner_text()
    months = float(re.search(r"(\d+) 期", main)[1])  # type: ignore[index]
    said = card.locator("dl.lines").inner_text()
    free = re.search(r"要满 (\d+) 期", said)
    free_from = float(free[1]) if free else 0.0 if "随时免" in said else months
    nature = card.locator("[data-nature]").inner_text()
    owning = 2.0 if "直租" in nature else 1.0 if "租赁" in nature else 0.0
    return (
        number_in(main),
        extra_of(card),
        number_in(card.locator("[data-figure=apr] .num").inner_text()),
        months,
        free_from,
        number_in(said.partition("提车当天备")[2]),
        owning,
    )


@pytest.fixture(params=SENTENCES, ids=["fuel", "new energy", "used"])
def at_desk(request: pytest.FixtureRequest, visit: Callable[..., Visitor]) -> Visitor:
    advisor = visit(ADVISOR)
    advisor.meets(request.param)
    advisor.confirms()
    return advisor


@pytest.mark.parametrize(("who", "pattern"), PLAN_SCREENS)
def test_an_instalment_never_stands_alone(
    visit: Callable[..., Visitor], printed: Printed, who: str, pattern: str
) -> None:
    visitor = visit(who)
    visitor.open(printed.path(pattern))

    assert visitor.page.locator("[data-figure=instalment]").count()
    assert visitor.page.evaluate(LONELY) == []


def test_every_fee_says_who_collects_it(visit: Callable[..., Visitor], printed: Printed) -> None:
    fees = 0
    for who, pattern in PLAN_SCREENS:
        visitor = visit(who)
        visitor.open(printed.path(pattern))
        for fee in visitor.page.locator("[data-fee]").all():
            assert fee.locator("[data-payee]").inner_text().strip(), fee.inner_text()
            fees += 1
    assert fees


def test_no_plan_is_shown_that_another_equals_or_beats_in_everything(at_desk: Visitor) -> None:
    cards = at_desk.page.locator("[data-plan]").all()
    shown = [shown_of(card) for card in cards]

    assert cards
    for i, mine in enumerate(shown):
        for other in (row for j, row in enumerate(shown) if j != i):
            assert not dominates([*map(round_up, other)], [*map(round_up, mine)])


def round_up(value: float) -> int:
    return round(value * 100)


def test_plans_ascend_by_what_they_cost(at_desk: Visitor) -> None:
    extras = [extra_of(card) for card in at_desk.page.locator("[data-plan]").all()]

    assert extras == sorted(extras)


def test_what_prices_and_ranks_may_not_import_commissions() -> None:
    text = (checkout_folder() / "pyproject.toml").read_text(encoding="utf-8")
    contracts = tomllib.loads(text)["tool"]["importlinter"]["contracts"]

    blind = next(contract for contract in contracts if contract["id"] == "ranking-blind")

    assert blind["type"] == "forbidden"
    assert set(blind["source_modules"]) >= {"chedai.core", "chedai.catalogue", "chedai.planning"}
    assert blind["forbidden_modules"] == ["chedai.commissions.**"]


@pytest.mark.parametrize(
    ("who", "pattern"),
    [(ADVISOR, "{deal}/desk/"), (ADVISOR, "{deal}/plans/"), (NOBODY, "{link}")],
)
def test_every_plan_names_its_lender_and_what_kind_of_contract_it_is(
    visit: Callable[..., Visitor], printed: Printed, who: str, pattern: str
) -> None:
    visitor = visit(who)
    visitor.open(printed.path(pattern))
    cards = visitor.page.locator("[data-plan]").all()

    assert len(cards) == 3
    for card in cards:
        nature = card.locator("[data-nature]")
        assert nature.locator("strong").first.inner_text().strip()
        assert any(word in nature.inner_text() for word in NATURES)
    for cell in visitor.page.locator("a[data-cell]").all():
        assert any(word in cell.inner_text() for word in NATURES)


def test_the_paper_says_what_the_desk_said(visit: Callable[..., Visitor], printed: Printed) -> None:
    advisor = visit(ADVISOR)
    advisor.open(printed.path("{deal}/plans/"))
    paper = text_of(fetch_pdf(advisor.page, printed.path("{proposal}.pdf")))

    for card in advisor.page.locator("[data-plan]").all():
        nature = card.locator("[data-nature]").inner_text()
        lender, _, rest = nature.partition(" · ")
        assert lender in paper
        assert any(word in paper for word in NATURES if word in rest)
        apr = card.locator("[data-figure=apr] .num").inner_text()
        end = card.locator("[data-figure=end] .num").inner_text()
        assert apr in paper
        assert end in paper
    assert "综合融资成本明示表" in paper


def test_the_paper_praises_and_promises_nothing(
    visit: Callable[..., Visitor], printed: Printed
) -> None:
    paper = text_of(fetch_pdf(visit(NOBODY).page, f"{printed.link}proposal.pdf"))

    assert not [word for word in (*BANNED_WORDS, FREE_OF_INTEREST) if word in paper]


@pytest.mark.parametrize("pattern", ["{deal}/desk/", "{deal}/plans/"])
def test_every_plan_shows_how_it_was_computed(
    visit: Callable[..., Visitor], printed: Printed, pattern: str
) -> None:
    advisor = visit(ADVISOR)
    advisor.open(printed.path(pattern))
    traces = {
        link.get_attribute("href")
        for link in advisor.page.locator("[data-plan] a, a[data-cell]").all()
    }

    assert len(traces) >= 3
    for trace in traces:
        assert trace
        answer = advisor.page.request.get(trace)
        assert answer.status == 200
        assert "每个数怎么来的" in answer.text()


def test_every_schedule_ends_at_nothing_owed_and_adds_up(
    visit: Callable[..., Visitor], printed: Printed
) -> None:
    advisor = visit(ADVISOR)
    advisor.open(printed.path("{trace}"))
    table = advisor.page.locator("section[aria-labelledby=schedule-title] tbody")
    rows = [
        [number_in(cell) for cell in row.split("\t")] for row in table.inner_text().splitlines()
    ]

    assert rows
    for _, payment, principal, interest, fee, _ in rows:
        assert payment == pytest.approx(principal + interest + fee, abs=0.001)
    owed = [row[5] for row in rows]
    assert owed[-1] == 0
    assert sum(row[2] for row in rows) == pytest.approx(owed[0] + rows[0][2], abs=0.001)


def test_a_stored_proposal_is_printed_again_byte_for_byte(
    visit: Callable[..., Visitor], printed: Printed
) -> None:
    advisor = visit(ADVISOR)
    address = printed.path("{proposal}.pdf")
    before = fetch_pdf(advisor.page, address)

    advisor.open(printed.path("{proposal}/?check=1"))

    assert "每个字节都一样" in advisor.reads("[data-recreation]")
    assert fetch_pdf(advisor.page, address) == before


def test_a_customer_without_a_name_leaves_with_plans(
    visit: Callable[..., Visitor], database: stage.Database
) -> None:
    advisor = visit(ADVISOR)
    before = database.rows()
    advisor.meets(SENTENCES[0])
    advisor.confirms()
    number = advisor.prints()

    after = database.rows()
    assert after["deals_party"] == before["deals_party"]
    assert after["planning_proposal"] == before["planning_proposal"] + 1
    assert "到店客户" in text_of(fetch_pdf(advisor.page, f"/proposals/{number}.pdf"))
