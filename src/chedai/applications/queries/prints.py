"""The process table on paper."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final

from chedai.applications.queries.tables import Line, ProcessTable
from chedai.documents.printing import render_pdf
from chedai.planning.queries.proposal_print import font_folder
from chedai.web.formats import moment

LAYOUT: Final = Path(__file__).parents[1] / "templates" / "applications" / "print" / "process.typ"


def print_table(table: ProcessTable, *, printed_at: datetime) -> bytes:
    """Typeset the table; ``FontsMissingError`` where there are no Chinese fonts."""
    return render_pdf(
        LAYOUT,
        printed_values(table, printed_at=printed_at),
        font_folder=font_folder(),
        created_at=printed_at,
    )


def printed_values(table: ProcessTable, *, printed_at: datetime) -> dict[str, Any]:
    """Give what is printed, as plain values."""
    return {
        "number": table.deal.number,
        "customer": table.deal.call_name or "未留称呼",
        "store": table.deal.store.name,
        "advisor": table.deal.advisor.display_name,
        "stage": table.where,
        "definition": f"{table.definition.label} 第 {table.definition.version} 版",
        "printed": moment(printed_at),
        "is_provisional": table.is_provisional,
        "stages": [
            {
                "label": block.stage.label,
                "is_now": block.is_now,
                "tasks": [_task(line) for line in block.lines],
            }
            for block in table.blocks
        ],
    }


def _task(line: Line) -> dict[str, Any]:
    row = line.row
    is_open = line.state in {"open", "to_approve"}
    return {
        "label": line.task.label,
        "state": line.state,
        "round": row.round if row else 0,
        "owner": line.owner_label,
        "move": line.move_label,
        "waiting": row.waiting_reason if row and is_open else "",
        "due": moment(row.due_at) if row else line.task.house.span.label,
        "is_provisional": bool(row and is_open and row.is_due_provisional),
        "statutory": _statutory(line),
        "said": f"{line.state_label}{'：' if line.outcome_label else ''}{line.outcome_label}",
        "settled": line.settled_label,
        "controls": line.control_labels,
    }


def _statutory(line: Line) -> str:
    if line.row is not None and line.row.statutory_due_at is not None:
        return moment(line.row.statutory_due_at)
    return line.task.statutory.span.label if line.task.statutory else ""
