"""A table for the terminal: columns of fixed width, a Chinese character counting two."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final, TextIO

from chedai.config.quoting.faults import plain
from chedai.config.quoting.pricing import Quote
from chedai.config.quoting.writing.figures import HEADINGS, RATES, figures_of
from chedai.core.loans.methods import METHOD_LABELS
from chedai.core.money import format_yuan

STATES: Final = {
    "solved": "",
    "negative": "比没借还省",
    "no_rate": "算不出年化",
    "several_rates": "年化不唯一",
}
WIDTHS: Final = {"id": 14, "line": 7, "method": 22, "term_months": 6, "rate_state": 10}
WIDTH_USUAL: Final = 14
LEFT: Final = frozenset({"id", "method", "rate_state"})


class TableQuotes:
    """Writes quotes as they come."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def begin(self) -> None:
        self._stream.write(_line(list(HEADINGS.values())))

    def write(self, quotes: Iterable[Quote]) -> None:
        self._stream.writelines(_line(words_of(quote)) for quote in quotes)

    def end(self) -> None:
        """Nothing stands below the rows."""


def words_of(quote: Quote) -> list[str]:
    """Write every figure as people read it."""
    return [_words(name, figure) for name, figure in zip(HEADINGS, figures_of(quote), strict=True)]


def padded(text: str, width: int, *, is_left: bool) -> str:
    """Fill up to a width on the screen; a longer text stands as it is."""
    blanks = " " * (width - width_of(text))
    return f"{text}{blanks}" if is_left else f"{blanks}{text}"


def width_of(text: str) -> int:
    """Count columns on the screen."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _line(words: Sequence[str]) -> str:
    filled = [
        padded(word, WIDTHS.get(name, WIDTH_USUAL), is_left=name in LEFT)
        for name, word in zip(HEADINGS, words, strict=True)
    ]
    return f"{'  '.join(filled).rstrip()}\n"


def _words(name: str, figure: str | int | float | None) -> str:
    if name.endswith("_yuan"):
        assert isinstance(figure, int)
        return format_yuan(figure, always_fen=True)
    if name in RATES:
        return "--" if figure is None else f"{float(figure):.2%}"
    known = {"method": METHOD_LABELS, "rate_state": STATES}.get(name, {})
    return known.get(str(figure), plain(str(figure)))
