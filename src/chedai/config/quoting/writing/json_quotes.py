"""JSON: an array, or an object a line; amounts in yuan, rates as ratios, null where none fits."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TextIO

from chedai.config.quoting.pricing import Quote
from chedai.config.quoting.writing.figures import HEADINGS, RATE_DECIMALS, RATES, figures_of


class JsonLines:
    """Writes quotes as they come, one a line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def begin(self) -> None:
        """Nothing stands above the lines."""

    def write(self, quotes: Iterable[Quote]) -> None:
        self._stream.writelines(f"{text_of(quote)}\n" for quote in quotes)

    def end(self) -> None:
        """Nothing stands below the lines."""


class JsonQuotes:
    """Writes quotes as they come, as one array."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._before = "\n"

    def begin(self) -> None:
        self._stream.write("[")

    def write(self, quotes: Iterable[Quote]) -> None:
        for quote in quotes:
            self._stream.write(f"{self._before}{text_of(quote)}")
            self._before = ",\n"

    def end(self) -> None:
        self._stream.write("\n]\n")


def plain_of(quote: Quote) -> dict[str, Any]:
    """Name the figures; a float of yuan and fen is written as the fen are."""
    plain: dict[str, Any] = {}
    for name, figure in zip(HEADINGS, figures_of(quote), strict=True):
        if name in RATES:
            plain[name] = None if figure is None else round(float(figure), RATE_DECIMALS)
        elif name.endswith("_yuan"):
            assert isinstance(figure, int)
            plain[name] = figure / 100
        else:
            plain[name] = figure
    return plain


def text_of(quote: Quote) -> str:
    return json.dumps(plain_of(quote), ensure_ascii=False)
