"""The table taken out: on paper, as a workbook; every taking is on record."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import openpyxl
import pypdfium2
import pytest
from tests.factories import MOMENT, make_deal

from chedai.applications.queries.tables import process_table
from chedai.applications.queries.workbooks import safe_text, table_workbook
from chedai.audit.models import AuditEvent
from chedai.deals.models import Deal, TaskOccurrence
from chedai.documents.printing import FontsMissingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from chedai.reception.models import NeedVersion
    from chedai.staff.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


@pytest.fixture
def deal(visit: Callable[..., NeedVersion]) -> Deal:
    return visit(call_name="=1+2").deal


@pytest.fixture
def client(client_of: Callable[[User], Client], manager: User) -> Client:
    return client_of(manager)


def sheet_of(answer: Any) -> Any:
    return openpyxl.load_workbook(BytesIO(answer.content)).active


def test_the_print_is_a4_and_holds_every_stage_and_its_controls(client: Client, deal: Deal) -> None:
    answer = client.get(f"/deals/{deal.number}/process/print.pdf")

    assert answer["Content-Type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.content)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    text = "".join(text.split())  # lines are broken where the column ends
    width, height = document[0].get_size()
    assert (round(width), round(height)) == (595, 842)
    for part in ("业务流程表", deal.number, "14.结清与解押", "第四百一十六条", "10个自然日"):
        assert part in text
    assert AuditEvent.objects.get(action="process.export").detail == {"kind": "pdf", "rows": 1}


def test_without_fonts_the_page_says_what_to_do(
    client: Client, deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> bytes:
        raise FontsMissingError("缺少中文字体，请先运行 make assets")

    monkeypatch.setattr("chedai.applications.views.exports.print_table", refuse)

    answer = client.get(f"/deals/{deal.number}/process/print.pdf")

    assert answer.status_code == 503
    assert "make assets" in answer.content.decode()


def test_the_workbook_has_a_frozen_head_widths_and_real_moments(client: Client, deal: Deal) -> None:
    sheet = sheet_of(client.get(f"/deals/{deal.number}/process/table.xlsx"))

    heads = [cell.value for cell in sheet[3]]
    assert heads[:4] == ["序号", "阶段", "任务", "负责"]
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("D4", "$3:$3")
    assert sheet.column_dimensions["C"].width == 30
    assert sheet.max_row == 3 + 32
    due = sheet.cell(row=4, column=heads.index("期限") + 1)
    assert (due.value.isoformat(), due.number_format) == ("2026-11-23T11:00:00", "yyyy-mm-dd hh:mm")


def test_text_that_looks_like_a_formula_stays_text(client: Client, deal: Deal) -> None:
    task = TaskOccurrence.objects.get(deal=deal, state="open")
    TaskOccurrence.objects.filter(pk=task.pk).update(move="customer", waiting_reason="=1+1")

    table = sheet_of(client.get(f"/deals/{deal.number}/process/table.xlsx"))
    pipeline = sheet_of(client.get("/pipeline/list.xlsx"))

    for sheet in (table, pipeline):
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert "'=1+1" in [cell.value for cell in cells]
        assert all(cell.data_type != "f" for cell in cells)
    assert "'=1+2" in [cell.value for row in pipeline.iter_rows() for cell in row]


@pytest.mark.parametrize(
    ("text", "safe"),
    [("=1", "'=1"), ("+86", "'+86"), ("-1", "'-1"), ("@a", "'@a"), ("\tx", "'\tx"),
     ("王先生", "王先生"), ("", ""), ("a=1", "a=1")],
)  # fmt: skip
def test_only_what_a_program_would_calculate_is_marked(text: str, safe: str) -> None:
    assert safe_text(text) == safe


def test_an_advisor_takes_one_deal_out_but_not_the_whole_list(
    client_of: Callable[[User], Client], deal: Deal
) -> None:
    client = client_of(deal.advisor)

    assert client.get(f"/deals/{deal.number}/process/table.xlsx").status_code == 200
    assert client.get("/pipeline/list.xlsx").status_code == 403


def test_a_deal_without_a_process_has_nothing_to_take_out(
    client: Client, advisor: User, deal: Deal
) -> None:
    old = make_deal(advisor)

    assert client.get(f"/deals/{old.number}/process/print.pdf").status_code == 404


def test_what_is_open_stands_out_in_grey_as_well(deal: Deal, manager: User) -> None:
    table = process_table(deal, seen_by=manager, now=MOMENT)
    assert table is not None

    sheet = openpyxl.load_workbook(BytesIO(table_workbook(table, at=MOMENT))).active
    assert sheet is not None

    open_rows = [row for row in sheet.iter_rows(min_row=4) if row[6].value == "待办"]
    assert len(open_rows) == 1
    assert all(cell.font.bold for cell in open_rows[0])
