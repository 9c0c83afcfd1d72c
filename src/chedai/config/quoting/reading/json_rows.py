"""Rows of JSON: one array of objects, or one object a line; numbers are taken as they stand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from chedai.config.quoting.columns import KNOWN, PASSED_OVER, heading
from chedai.config.quoting.faults import Fault, QuoteRefusedError, shown
from chedai.config.quoting.reading.row import Row
from chedai.config.quoting.reading.source import Source

BLOCK_LENGTH: Final = 1 << 16
OBJECT_LENGTH_MAX: Final = 1 << 20
BLANK: Final = " \t\r\n"
# Numbers stay text, so that 0.1 is a tenth and NaN is refused where amounts are read.
DECODER: Final = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


class JsonRows:
    """An iterable of rows."""

    headings: tuple[str, ...] | None = None

    def __init__(self, source: Source) -> None:
        self._source = source
        self._is_array = source.first_char() == "["

    def __iter__(self) -> Iterator[Row]:
        return self._elements() if self._is_array else self._lines()

    def _elements(self) -> Iterator[Row]:
        for number, value in enumerate(Array(self._source.blocks(BLOCK_LENGTH)), start=1):
            yield row_of(number, value)

    def _lines(self) -> Iterator[Row]:
        is_first = True
        for number, line in enumerate(self._source.lines(), start=1):
            if not line.strip():
                continue
            try:
                row = row_of(number, _whole(line))
            except (json.JSONDecodeError, RecursionError) as error:
                if is_first:
                    message = "JSON 要么整个文件是一个 [ … ] 数组，要么每行一个 { … }；第一行读不懂"
                    raise QuoteRefusedError(message) from error
                fault = Fault("json", "这一行不是完整的 JSON 对象")
                row = Row(number, {}, (fault,), {"json": line.strip()})
            is_first = False
            yield row


class Array:
    """The elements of an array, read piece by piece."""

    def __init__(self, blocks: Iterator[str]) -> None:
        self._blocks = blocks
        self._text = ""
        self._at = 0
        self._count = 0

    def __iter__(self) -> Iterator[Any]:
        self._take("[")
        if self._peek() == "]":
            self._take("]")
        else:
            yield self._value()
            while self._peek() == ",":
                self._take(",")
                yield self._value()
            self._take("]")
        if self._peek():
            raise QuoteRefusedError("数组结束以后还有别的内容")

    def _value(self) -> Any:
        self._peek()
        while True:
            try:
                value, self._at = DECODER.raw_decode(self._text, self._at)
            except (json.JSONDecodeError, RecursionError) as error:
                if len(self._text) - self._at > OBJECT_LENGTH_MAX or not self._more():
                    raise self._refusal() from error
            else:
                self._count += 1
                return value

    def _peek(self) -> str:
        while True:
            while self._at < len(self._text) and self._text[self._at] in BLANK:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _take(self, mark: str) -> None:
        if self._peek() != mark:
            raise self._refusal()
        self._at += 1

    def _more(self) -> bool:
        block = next(self._blocks, "")
        self._text, self._at = self._text[self._at :] + block, 0
        return bool(block)

    def _refusal(self) -> QuoteRefusedError:
        rest = self._text[self._at : self._at + 20]
        where = f"，从 {shown(rest)} 起" if rest else "，文件到这里就断了"
        return QuoteRefusedError(f"第 {self._count + 1} 个对象附近不合 JSON 的写法{where}")


def row_of(number: int, value: Any) -> Row:
    """Turn one element into a row; what is not an object of plain values is its fault."""
    if not isinstance(value, dict):
        return Row(number, {}, (Fault("json", "每一项须是 { … } 对象"),), {"json": value})
    cells, faults = _cells_of(value)
    return Row(number, cells, tuple(faults), value)


def _cells_of(entries: Mapping[str, Any]) -> tuple[dict[str, str], list[Fault]]:
    cells: dict[str, str] = {}
    faults = []
    for key, value in entries.items():
        column = KNOWN.get(heading(key))
        if column is None:
            if heading(key) not in PASSED_OVER:
                faults.append(Fault(shown(key), f"不认识 {shown(key)}"))
        elif column.name in cells:
            faults.append(Fault(column.name, f"“{column.labels[0]}”写了两次"))
        elif isinstance(value, str):
            if value.strip():
                cells[column.name] = value
        elif value is not None:
            faults.append(Fault(column.name, f"“{column.labels[0]}”须是数字或文字"))
    return cells, faults


def _whole(line: str) -> Any:
    return DECODER.decode(line.strip())
