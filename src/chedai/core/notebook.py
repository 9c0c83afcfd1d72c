"""Results as small HTML tables, for notebooks; every text is escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Final

EDGE_ROWS: Final = 30
"""Of a long table as many rows are shown from its start and from its end."""


def table_html(
    *,
    caption: str,
    headings: Sequence[str],
    row: Callable[[int], Sequence[object]],
    row_count: int,
) -> str:
    """Lay rows out under their headings; of a long table the middle is not even asked for."""
    shown: list[int | None] = list(range(row_count))
    left_out = row_count - 2 * EDGE_ROWS
    if left_out > 0:
        shown[EDGE_ROWS:-EDGE_ROWS] = [None]
    gap = f'<tr><td colspan="{len(headings)}">… 中间 {left_out:,} 行 …</td></tr>'
    body = "".join(gap if number is None else _row(row(number)) for number in shown)
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    return (
        f"<table><caption>{escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def tree_html(*, label: str, notes: Iterable[str], branches: Iterable[str]) -> str:
    """Lay one node of a tree out; ``branches`` are the HTML of its children."""
    told = "".join(f"<br><small>{escape(note)}</small>" for note in notes if note)
    return f"<ul><li>{escape(label)}{told}{''.join(branches)}</li></ul>"


def _row(cells: Sequence[object]) -> str:
    return f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in cells)}</tr>"
