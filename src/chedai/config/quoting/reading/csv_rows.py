"""Rows of a CSV file: comma, semicolon or tab; the headings say what stands where."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import Final

from chedai.config.quoting.columns import COLUMNS, KNOWN, PASSED_OVER, Column, heading
from chedai.config.quoting.faults import Fault, QuoteRefusedError, shown
from chedai.config.quoting.reading.row import Row
from chedai.config.quoting.reading.source import Source

DELIMITERS: Final = ",;\t"
NEEDED: Final = ("principal_yuan", "term_months")


class CsvRows:
    """An iterable of rows; ``headings`` are as they came."""

    def __init__(self, source: Source) -> None:
        self._source = source
        first = next(line for line in source.lines() if line.strip())
        self._delimiter = max(DELIMITERS, key=first.count)
        _, self.headings = next(self._records())
        self._columns = columns_of(self.headings)

    def __iter__(self) -> Iterator[Row]:
        records = self._records()
        next(records)
        for line, record in records:
            yield self._row(line, record)

    def _row(self, line: int, record: list[str]) -> Row:
        faults: tuple[Fault, ...] = ()
        if len(record) > len(self._columns):
            message = (
                f"这一行有 {len(record)} 格，标题只有 {len(self._columns)} 格，请看是不是多了逗号"
            )
            faults = (Fault("cells", message),)
        cells = {
            column.name: cell
            for column, cell in zip(self._columns, record, strict=False)
            if column is not None and cell.strip()
        }
        return Row(line, cells, faults, record)

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(self._source.lines(), delimiter=self._delimiter, strict=True)
        try:
            for record in reader:
                if any(cell.strip() for cell in record):
                    yield reader.line_num, record
        except csv.Error as error:
            raise QuoteRefusedError(
                f"第 {reader.line_num} 行不合 CSV 的写法，请看引号是不是成对（{error}）"
            ) from error


def columns_of(headings: Sequence[str]) -> tuple[Column | None, ...]:
    """Find the column each heading means; None for those to be passed over.

    Raises
    ------
    QuoteRefusedError
        A heading is unknown or stands twice, or a needed one is missing.
    """
    columns = tuple(KNOWN.get(heading(told)) for told in headings)
    unknown = [
        told
        for told, column in zip(headings, columns, strict=True)
        if column is None and told.strip() and heading(told) not in PASSED_OVER
    ]
    if unknown:
        known = "、".join(f"{column.labels[0]}（{column.name}）" for column in COLUMNS)
        raise QuoteRefusedError(
            f"第一行应该是标题。不认识{'、'.join(map(shown, unknown[:5]))}；可以用：{known}"
        )
    names = [column.name for column in columns if column]
    twice = [column for column in COLUMNS if names.count(column.name) > 1]
    if twice:
        raise QuoteRefusedError(f"“{twice[0].labels[0]}”有两列，请留一列")
    missing = [column.labels[0] for column in COLUMNS if column.name in {*NEEDED} - {*names}]
    if missing:
        raise QuoteRefusedError(f"缺少列：{'、'.join(missing)}")
    return columns
