"""Rows that could not be quoted, as they came, with what to correct: correct and run again."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from typing import Final, TextIO

from chedai.config.quoting.faults import Fault
from chedai.config.quoting.reading import Row
from chedai.config.quoting.writing.csv_quotes import harmless

ADDED: Final = ("line", "field", "message")


class RejectedCsv:
    """Writes rows of a CSV file; the cells stand behind what is added."""

    def __init__(self, stream: TextIO, headings: Sequence[str]) -> None:
        self._writer = csv.writer(stream, lineterminator="\n")
        self._headings = headings
        self._kept = [
            number for number, told in enumerate(headings) if told.strip().lower() not in ADDED
        ]

    def begin(self) -> None:
        kept = [harmless(self._headings[number]) for number in self._kept]
        self._writer.writerow([*ADDED, *kept])

    def write(self, row: Row, faults: Sequence[Fault]) -> None:
        cells = list(row.original)
        beyond = cells[len(self._headings) :]
        kept = [cells[number] for number in self._kept if number < len(cells)]
        self._writer.writerow([row.line, *_joined(faults), *map(harmless, [*kept, *beyond])])


class RejectedJson:
    """Writes rows of a JSON file, one a line."""

    def __init__(self, stream: TextIO, _headings: object) -> None:
        self._stream = stream

    def begin(self) -> None:
        """Nothing stands above the lines."""

    def write(self, row: Row, faults: Sequence[Fault]) -> None:
        field, message = _joined(faults)
        told = {**row.original, "line": row.line, "field": field, "message": message}
        self._stream.write(f"{json.dumps(told, ensure_ascii=False)}\n")


def _joined(faults: Sequence[Fault]) -> tuple[str, str]:
    return " ".join(fault.field for fault in faults), "；".join(one.message for one in faults)
