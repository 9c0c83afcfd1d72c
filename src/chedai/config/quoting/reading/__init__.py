"""Files of offers as rows of text: CSV or JSON, UTF-8 or GB18030, however large."""

from __future__ import annotations

from typing import Final

from chedai.config.quoting.reading.csv_rows import CsvRows
from chedai.config.quoting.reading.json_rows import JsonRows
from chedai.config.quoting.reading.row import Row
from chedai.config.quoting.reading.source import Source

Rows = CsvRows | JsonRows
JSON_BEGINS: Final = ("[", "{")

__all__ = ["Row", "Rows", "Source", "rows_of"]


def rows_of(source: Source) -> Rows:
    """Read a file as what it is: JSON begins with a bracket or a brace, no heading does."""
    return JsonRows(source) if source.first_char() in JSON_BEGINS else CsvRows(source)
