"""Quotes as a table for people, as CSV for spreadsheets, as JSON for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TextIO

from chedai.config.quoting.writing.csv_quotes import CsvQuotes
from chedai.config.quoting.writing.json_quotes import JsonLines, JsonQuotes
from chedai.config.quoting.writing.table_quotes import TableQuotes

QuoteWriter = CsvQuotes | JsonQuotes | JsonLines | TableQuotes
WRITERS: Final[Mapping[str, Callable[[TextIO], QuoteWriter]]] = {
    "csv": CsvQuotes,
    "json": JsonQuotes,
    "jsonl": JsonLines,
    "table": TableQuotes,
}
