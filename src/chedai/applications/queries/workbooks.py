"""Tables as workbooks somebody is glad to open: widths, frozen heads, print set-up, no traps.

Grey tells the same as colour does: states are words, open rows are bold. Text that a spreadsheet
program would take for a formula is written as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from chedai.applications.queries.tables import Line, ProcessTable
from chedai.core.process.definition import MOVE_LABELS
from chedai.deals.models import TaskOccurrence
from chedai.staff.roles import ROLE_LABELS
from chedai.web.formats import SHANGHAI, moment

FONT: Final = "微软雅黑"
HEAD_FILL: Final = PatternFill("solid", fgColor="D5DEDF")
STAGE_FILL: Final = PatternFill("solid", fgColor="EEF1ED")
NOW_FILL: Final = PatternFill("solid", fgColor="FFF6DC")
LINE: Final = Border(bottom=Side("thin", color="B9C1BB"))
MOMENT_FORMAT: Final = "yyyy-mm-dd hh:mm"
# A cell beginning with one of these would be calculated by some program.
TRAPS: Final = ("=", "+", "-", "@", "\t", "\r")
A4: Final = 9


@dataclass(frozen=True, slots=True)
class Column:
    """One column: heading, and width in characters."""

    heading: str
    width: float


TABLE_COLUMNS: Final = (
    Column("序号", 6),
    Column("阶段", 16),
    Column("任务", 30),
    Column("负责", 19),
    Column("等谁", 12),
    Column("等什么", 20),
    Column("状态", 16),
    Column("轮次", 6),
    Column("打开时间", 17),
    Column("期限", 17),
    Column("法定期限", 17),
    Column("办结时间", 17),
    Column("办结人", 10),
    Column("营业用时（分）", 14),
    Column("输入", 28),
    Column("输出", 28),
    Column("控制点", 46),
)
LIST_COLUMNS: Final = (
    Column("任务", 30),
    Column("单号", 12),
    Column("客户", 12),
    Column("门店", 18),
    Column("阶段", 16),
    Column("等谁", 12),
    Column("等什么", 24),
    Column("负责", 14),
    Column("期限", 17),
    Column("是否超期", 10),
    Column("轮次", 6),
)


def table_workbook(table: ProcessTable, *, at: datetime) -> bytes:
    """Write one deal's process table."""
    book, sheet = _begun("业务流程表")
    customer = table.deal.call_name or "未留称呼"
    _title(
        sheet,
        f"业务流程表　{table.deal.number}　{customer}",
        f"{table.deal.store.name} · {table.deal.advisor.display_name} · {table.definition.label}"
        f"第 {table.definition.version} 版 · 导出于 {moment(at)}",
    )
    _head(sheet, TABLE_COLUMNS)
    number = 0
    for block in table.blocks:
        for line in block.lines:
            number += 1
            is_now = line.state in {"open", "to_approve"}
            fill = NOW_FILL if is_now else STAGE_FILL if block.is_done else None
            _row(sheet, _cells(number, block.stage.label, line), fill=fill, is_bold=is_now)
    return _closed(book, sheet, TABLE_COLUMNS, landscape=True)


def actions_workbook(
    tasks: Iterable[TaskOccurrence], *, stages: dict[str, str], at: datetime
) -> bytes:
    """Write a list of next actions."""
    book, sheet = _begun("待办")
    _title(sheet, "流程待办", f"按要动手的时间排 · 导出于 {moment(at)}")
    _head(sheet, LIST_COLUMNS)
    for task in tasks:
        is_over = task.due_at < at
        _row(
            sheet,
            (
                task.label,
                task.deal.number,
                task.deal.call_name or "未留称呼",
                task.store.name,
                stages.get(task.stage_code, task.stage_code),
                MOVE_LABELS[task.move],
                task.waiting_reason,
                task.owner.display_name if task.owner else ROLE_LABELS[task.owner_role],
                task.due_at,
                "已超期" if is_over else "",
                task.round,
            ),
            fill=NOW_FILL if is_over else None,
            is_bold=is_over,
        )
    return _closed(book, sheet, LIST_COLUMNS, landscape=True)


def safe_text(text: str) -> str:
    """Neutralise text some program would calculate; numbers and dates never pass here."""
    return f"'{text}" if text.startswith(TRAPS) else text


def _cells(number: int, stage: str, line: Line) -> Sequence[Any]:
    row = line.row
    settled_by = row.settled_by.display_name if row and row.settled_by else ""
    said = f"{line.state_label}：{line.outcome_label}" if line.outcome_label else line.state_label
    return (
        number,
        stage,
        line.task.label,
        line.owner_label,
        line.move_label,
        row.waiting_reason if row else "",
        said,
        row.round if row else None,
        row.opened_at if row else None,
        row.due_at if row else None,
        row.statutory_due_at if row else None,
        row.settled_at if row else None,
        settled_by,
        line.spent_minutes,
        "、".join(line.task.inputs),
        "、".join(line.task.outputs),
        "；".join(line.control_labels),
    )


def _begun(title: str) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    sheet.sheet_view.showGridLines = False
    return book, sheet


def _title(sheet: Worksheet, title: str, subtitle: str) -> None:
    sheet.append([safe_text(title)])
    sheet.append([safe_text(subtitle)])
    sheet["A1"].font = Font(name=FONT, size=15, bold=True)
    sheet["A2"].font = Font(name=FONT, size=9, color="5D6B72")
    sheet.row_dimensions[1].height = 26


def _head(sheet: Worksheet, columns: Sequence[Column]) -> None:
    sheet.append([column.heading for column in columns])
    for cell in sheet[sheet.max_row]:
        cell.font = Font(name=FONT, size=10, bold=True)
        cell.fill, cell.border = HEAD_FILL, LINE
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    sheet.row_dimensions[sheet.max_row].height = 24
    for place, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width


def _row(
    sheet: Worksheet, values: Sequence[Any], *, fill: PatternFill | None, is_bold: bool
) -> None:
    sheet.append([_value(value) for value in values])
    for cell in sheet[sheet.max_row]:
        assert isinstance(cell, Cell)
        cell.font = Font(name=FONT, size=10, bold=is_bold)
        cell.border = LINE
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        if fill is not None:
            cell.fill = fill
        if isinstance(cell.value, datetime):
            cell.number_format = MOMENT_FORMAT
        elif isinstance(cell.value, str):
            cell.data_type = "s"


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).replace(tzinfo=None)
    return safe_text(value) if isinstance(value, str) else value


def _closed(
    book: Workbook, sheet: Worksheet, columns: Sequence[Column], *, landscape: bool
) -> bytes:
    sheet.freeze_panes = "D4" if columns is TABLE_COLUMNS else "B4"
    sheet.auto_filter.ref = f"A3:{get_column_letter(len(columns))}{max(sheet.max_row, 4)}"
    sheet.print_title_rows = "3:3"
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    written = BytesIO()
    book.save(written)
    return written.getvalue()
