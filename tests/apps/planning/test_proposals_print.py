"""Trust invariants, read from the printed proposal."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from tests.documents.printing.reading import fonts_of, page_sizes_mm, pages_of, type_sizes_of
from tests.documents.printing.sheets import (
    FONT_FOLDER,
    PROPOSAL_TEMPLATE,
    make_fee,
    make_plan,
    make_sheet,
)

from chedai.documents.printing import ProposalSheet, qr_svg, render_pdf
from chedai.documents.printing.sheet import InstalmentRun

if TYPE_CHECKING:
    from chedai.documents.printing.sheet import PlanColumn

SIZE_MAX_BYTES = 300 * 1024
BANNED_WORDS = ("免息", "最低价", "最划算", "无任何费用", "包过", "秒批", "不看征信", "推荐")


def printed(sheet: ProposalSheet) -> bytes:
    code = sheet.digest()[:16]
    values = {
        "sheet": sheet.to_json(),
        "short_code": code,
        "qr": qr_svg(f"https://chedai.example/verify/{code}/"),
    }
    made_at = datetime(2026, 11, 23, 6, 8, tzinfo=UTC)
    return render_pdf(PROPOSAL_TEMPLATE, values, font_folder=FONT_FOLDER, created_at=made_at)


def yuan(fen: int) -> str:
    whole, part = divmod(fen, 100)
    return f"{whole:,}" + (f".{part:02d}" if part else "")


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return printed(make_sheet())


@pytest.fixture(scope="module")
def pages(pdf: bytes) -> list[str]:
    return pages_of(pdf)


def test_the_proposal_is_two_a4_pages_within_300_kilobytes(pdf: bytes) -> None:
    assert page_sizes_mm(pdf) == [(210, 297), (210, 297)]
    assert len(pdf) <= SIZE_MAX_BYTES


def test_every_font_is_embedded_and_nothing_is_smaller_than_nine_points(pdf: bytes) -> None:
    fonts = fonts_of(pdf)

    assert fonts
    assert all(fonts.values()), fonts
    assert min(type_sizes_of(pdf)) >= 9


def test_a_warm_press_needs_less_than_100_milliseconds(pdf: bytes) -> None:
    spent = []
    for number in range(5):
        sheet = make_sheet(number=f"P-{number}")
        # Of the processor: what else the machine does is not the press's time.
        begun = time.process_time()
        printed(sheet)
        spent.append(time.process_time() - begun)

    assert min(spent) < 0.1


def test_no_instalment_is_printed_without_total_extra_yearly_cost_and_end(
    pages: list[str],
) -> None:
    for plan in make_sheet().plans:
        for number in (
            yuan(plan.instalment_fen),
            f"{plan.term_months}期",
            plan.last_due_on,
            yuan(plan.total_paid_fen),
            yuan(plan.extra_over_cash_fen),
            f"{plan.apr_simple * 100:.2f}%",
        ):
            assert number in pages[0], (plan.letter, number)


def test_lender_and_nature_of_contract_stand_beside_every_plan(pages: list[str]) -> None:
    for plan in make_sheet().plans:
        assert plan.lender_name in pages[0]
    assert pages[0].count("贷款，等额本息") == 3
    assert "还清之前车归谁" in pages[0]


def test_every_fee_is_printed_with_its_payee_on_both_pages(pages: list[str]) -> None:
    for plan in make_sheet().plans:
        for fee in plan.fees:
            assert f"{fee.name}¥{yuan(fee.amount_fen)}→{fee.payee}" in pages[0]
            assert f"{fee.name}¥{yuan(fee.amount_fen)}{fee.payee}" in pages[1]


def test_plans_are_printed_in_ascending_order_of_total_cost(pages: list[str]) -> None:
    totals = [plan.total_paid_fen for plan in make_sheet().plans]
    places = [pages[0].index(yuan(total)) for total in totals]

    assert totals == sorted(totals)
    assert places == sorted(places)


def test_the_sheet_never_claims_to_be_the_lenders(pages: list[str]) -> None:
    for page in pages:
        assert (
            "方案成本对照（预览），以贷款机构出具的《综合融资成本明示表》为准；非贷款合同" in page
        )


def test_no_banned_word_is_printed(pages: list[str]) -> None:
    assert not [word for word in BANNED_WORDS for page in pages if word in page]


def test_every_page_says_number_code_need_version_and_its_place(pages: list[str]) -> None:
    code = make_sheet().digest()[:16]
    for place, page in enumerate(pages, start=1):
        assert "P20261123-0017" in page
        assert code in page
        assert "需求第3版" in page
        assert f"第{place}页，共2页" in page


def test_money_that_comes_later_is_named_as_no_down_payment(pages: list[str]) -> None:
    assert "以后可能拿到的钱不是首付" in pages[1]
    assert "没有从任何一个数里减掉" in pages[1]


def test_estimates_are_flagged_and_unwritten_promises_stand_out(pages: list[str]) -> None:
    assert pages[1].count("估算") == 3  # two lines and the sum
    assert "还没有写下来" in pages[1]


def test_rules_are_cited_with_number_article_and_day(pages: list[str]) -> None:
    assert "《示例车贷办法（虚构）》（示例令〔2017〕2号）第二十二条，2018-01-01起施行" in pages[1]


def balloon_plan() -> PlanColumn:
    return make_plan(
        runs=(
            InstalmentRun(from_number=1, to_number=35, amount_fen=1_500_00),
            InstalmentRun(from_number=36, to_number=36, amount_fen=55_000_00),
        ),
        instalment_fen=1_500_00,
    )


def test_a_large_last_instalment_is_printed_beside_the_usual_one() -> None:
    pages = pages_of(printed(make_sheet(plans=(balloon_plan(),))))

    assert "第36期¥55,000" in pages[0]


@pytest.mark.parametrize("count", [1, 2])
def test_fewer_plans_and_no_cash_column_still_fill_two_pages(count: int) -> None:
    sheet = make_sheet(plans=make_sheet().plans[:count], cash=None, lesson=None, promises=())

    pages = pages_of(printed(sheet))

    assert len(pages) == 2
    assert "付全款" in pages[0]  # the row 比付全款多付 stays
    assert "付清车价" not in pages[0]


def test_a_heavy_sheet_flows_on_and_loses_nothing() -> None:
    fees = tuple(make_fee(name=f"第{n}项费用") for n in range(1, 16))
    pages = pages_of(printed(make_sheet(plans=(make_plan(fees=fees), *make_sheet().plans[1:]))))

    for fee in fees:
        assert any(fee.name in page for page in pages[1:])
    assert f"共{len(pages)}页" in pages[-1]
