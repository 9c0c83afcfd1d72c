"""M4: one writes, another approves, the desk offers; what contradicts itself is not saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys import stage
    from tests.journeys.visitor import Visitor

WRITER = "shen.mo"
APPROVER = "fang.zheng"
PRODUCT = "hepu-subsidised"
TODAY = "2026-11-23"


@pytest.fixture
def writer(visit: Callable[..., Visitor]) -> Visitor:
    manager = visit(WRITER)
    manager.open(f"/catalogue/products/{PRODUCT}/versions/new/")
    return manager


def saves(visitor: Visitor) -> int:
    with visitor.page.expect_navigation() as answer:
        visitor.click(visitor.button("保存草稿"))
    assert answer.value is not None
    return answer.value.status


def test_a_version_written_by_one_and_approved_by_another_is_on_the_desk(
    writer: Visitor, visit: Callable[..., Visitor]
) -> None:
    name = "禾浦贴息消费车贷(第二人审过)"
    writer.fill("#name", name)
    writer.fill("#effective_from", TODAY)
    assert saves(writer) == 200
    writer.click(writer.button("提交审核"))
    writer.page.wait_for_load_state()
    version = writer.page.url.rstrip("/").rsplit("/", 1)[-1]
    review = f"/catalogue/versions/{version}/review/"

    writer.open(review)
    with writer.page.expect_navigation() as refused:
        writer.click(writer.button("批准发布"))
    assert refused.value is not None
    assert 400 <= refused.value.status < 500
    assert writer.page.locator("main [role=alert]").inner_text().strip()

    approver = visit(APPROVER)
    approver.open(review)
    approver.click(approver.button("批准发布"))
    approver.page.wait_for_load_state()
    approver.open(f"/catalogue/products/{PRODUCT}/")
    assert name in approver.reads("h1")

    advisor = visit("lin.yue")
    advisor.meets("首付5万,想买个15万的SUV,征信没问题,三年还清")
    advisor.confirms()
    assert name in advisor.page.locator("#desk").evaluate("(desk) => desk.textContent")


def test_terms_that_contradict_each_other_are_refused_at_their_field(
    writer: Visitor, database: stage.Database
) -> None:
    before = database.rows()
    writer.fill("#principal_min_fen", "900000")
    writer.fill("#principal_max_fen", "1000")

    assert saves(writer) == 422

    assert writer.page.locator("#faults li").count()
    faulty = writer.page.locator("[aria-invalid=true]").first
    described = faulty.get_attribute("aria-describedby")
    assert described
    assert writer.page.locator(f"[id='{described}']").inner_text().strip()
    assert writer.page.locator("#principal_min_fen").input_value() == "900000"
    assert database.rows() == before


def test_a_fee_nobody_collects_cannot_be_saved(writer: Visitor, database: stage.Database) -> None:
    before = database.rows()
    writer.click("[hx-get$='/draft-rows/fees/']")
    row = writer.page.locator("[name^=fees][name$=payee]").last
    row.wait_for()
    prefix = str(row.get_attribute("name")).removesuffix("payee")
    writer.fill(writer.page.locator(f"[name='{prefix}name']"), "服务费")
    writer.fill(row, "")

    assert saves(writer) == 422

    assert "收款方" in writer.reads("#faults")
    assert database.rows() == before
