"""S3: what another store said becomes a yearly cost, beside ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.visitor import Visitor

SAID = "首付5万,月供别超过3000,想买个15万的SUV,征信没问题,三年还清"


@pytest.fixture
def advisor(visit: Callable[..., Visitor]) -> Visitor:
    visitor = visit("lin.yue")
    deal = visitor.meets(SAID)
    visitor.confirms()
    visitor.open(f"/deals/{deal}/competitor/")
    visitor.clicks = visitor.typed = 0
    return visitor


def asks(visitor: Visitor, *, status: int = 200, **typed: str) -> None:
    for name, text in typed.items():
        visitor.fill(f"#{name}", text)
    with visitor.page.expect_navigation() as answer:
        visitor.click(visitor.button("算真实成本"))
    assert answer.value is not None
    assert answer.value.status == status


def test_a_monthly_fee_rate_becomes_the_published_yearly_rate(advisor: Visitor) -> None:
    # The Hong Kong Investor and Financial Education Council's example: 0.7 % a month flat on
    # 12 instalments is 16.26 % a year.
    asks(advisor, principal="100000", term_months="12", flat_rate="0.7")

    # What was said fits an interest rate of 0.7 % a month too: both readings are shown.
    figures = advisor.page.locator("[data-figures]", has_text="16.26%")
    assert "¥108,400" in figures.locator("[data-figure=total]").inner_text()
    assert "¥8,400" in figures.locator("[data-figure=extra]").inner_text()


def test_three_remembered_numbers_suffice_and_ours_stand_beside(advisor: Visitor) -> None:
    asks(advisor, principal="10万", term_months="36", monthly="3000")

    assert advisor.typed == 3
    assert advisor.clicks == 1
    assert "¥8,000" in advisor.reads("[data-competitor] [data-figure=extra]")
    assert "和方案 A" in advisor.reads("[data-competitor]")
    assert not advisor.troubles


def test_numbers_that_contradict_each_other_are_pointed_out(advisor: Visitor) -> None:
    asks(advisor, principal="100000", term_months="36", monthly="3300", flat_rate="0.3")

    assert "对不上" in advisor.reads("main")


def test_nothing_but_an_amount_is_sent_back_to_its_field(advisor: Visitor) -> None:
    asks(advisor, principal="100000", term_months="36", status=422)

    assert "至少填一个" in advisor.reads("#monthly-error")
    assert advisor.page.locator("#principal").input_value() == "100000"
