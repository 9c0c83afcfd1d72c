"""One offer from the options: its figures, and every instalment when asked."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TextIO

from chedai.config.quoting.pricing import Quote
from chedai.config.quoting.writing import WRITERS
from chedai.config.quoting.writing.figures import HEADINGS, yuan_text
from chedai.config.quoting.writing.json_quotes import plain_of, text_of
from chedai.config.quoting.writing.table_quotes import padded, words_of
from chedai.core.loans.schedules import Schedule, build_schedule
from chedai.core.money import format_yuan

LABEL_WIDTH: Final = 16
CELL_WIDTH: Final = 16
MONTH_HEADINGS: Final[Mapping[str, str]] = {
    "month": "期",
    "instalment_yuan": "月供",
    "principal_yuan": "其中本金",
    "interest_yuan": "其中利息",
    "fee_yuan": "其中手续费",
    "outstanding_principal_yuan": "剩余本金",
}
PASSED_OVER: Final = frozenset({"line"})


def write_single(quote: Quote, stream: TextIO, *, kind: str, with_schedule: bool) -> None:
    """Write one quote; the schedule is the contract's own, fees beside it are in the figures."""
    schedule = build_schedule(quote.offer.terms) if with_schedule else None
    SINGLE_WRITERS[kind](quote, schedule, stream)


def months_of(schedule: Schedule) -> list[tuple[int, ...]]:
    """List the months in the order of ``MONTH_HEADINGS``; fen."""
    columns = (
        schedule.instalment_fen,
        schedule.principal_fen,
        schedule.interest_fen,
        schedule.fee_fen,
        schedule.outstanding_principal_fen,
    )
    return [(month, *row) for month, row in enumerate(zip(*columns, strict=True), start=1)]


def _write_table(quote: Quote, schedule: Schedule | None, stream: TextIO) -> None:
    for name, words in zip(HEADINGS, words_of(quote), strict=True):
        if words and name not in PASSED_OVER:
            stream.write(f"{padded(HEADINGS[name], LABEL_WIDTH, is_left=True)}{words}\n")
    if schedule is None:
        return
    stream.write("\n")
    stream.write(_cells(list(MONTH_HEADINGS.values())))
    for month, *amounts in months_of(schedule):
        stream.write(_cells([str(month), *(format_yuan(fen, always_fen=True) for fen in amounts)]))


def _write_json(quote: Quote, schedule: Schedule | None, stream: TextIO) -> None:
    told: dict[str, Any] = plain_of(quote)
    del told["line"]
    if schedule is not None:
        told["schedule"] = [
            dict(zip(MONTH_HEADINGS, (month, *(fen / 100 for fen in amounts)), strict=True))
            for month, *amounts in months_of(schedule)
        ]
    stream.write(f"{json.dumps(told, ensure_ascii=False, indent=2)}\n")


def _write_lines(quote: Quote, schedule: Schedule | None, stream: TextIO) -> None:
    if schedule is None:
        stream.write(f"{text_of(quote)}\n")
        return
    for month, *amounts in months_of(schedule):
        cells = (month, *(fen / 100 for fen in amounts))
        stream.write(f"{json.dumps(dict(zip(MONTH_HEADINGS, cells, strict=True)))}\n")


def _write_csv(quote: Quote, schedule: Schedule | None, stream: TextIO) -> None:
    """Write the figures, or the months alone: one file of CSV is one table."""
    if schedule is None:
        writer = WRITERS["csv"](stream)
        writer.begin()
        writer.write([quote])
        return
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(MONTH_HEADINGS)
    rows.writerows([month, *map(yuan_text, amounts)] for month, *amounts in months_of(schedule))


def _cells(words: Sequence[str]) -> str:
    filled = [padded(word, CELL_WIDTH, is_left=False) for word in words[1:]]
    return f"{padded(words[0], 4, is_left=False)}{''.join(filled)}\n"


SINGLE_WRITERS: Final[Mapping[str, Callable[[Quote, Schedule | None, TextIO], None]]] = {
    "csv": _write_csv,
    "json": _write_json,
    "jsonl": _write_lines,
    "table": _write_table,
}
