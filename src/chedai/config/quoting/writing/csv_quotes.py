"""CSV that a spreadsheet may open: no cell of somebody else's is taken for a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from typing import Final, TextIO

from chedai.config.quoting.pricing import Quote
from chedai.config.quoting.writing.figures import HEADINGS, rate_text, yuan_text

FORMULA_BEGINS: Final = tuple("=+-@\t\r\n|%\uff1d\uff0b\uff0d\uff20")
NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d+)?%?")


class CsvQuotes:
    """Writes quotes as they come."""

    def __init__(self, stream: TextIO) -> None:
        self._writer = csv.writer(stream, lineterminator="\n")

    def begin(self) -> None:
        self._writer.writerow(HEADINGS)

    def write(self, quotes: Iterable[Quote]) -> None:
        self._writer.writerows(map(_row_of, quotes))

    def end(self) -> None:
        """Nothing stands below the rows."""


def harmless(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run; numbers stay numbers."""
    begins = text.lstrip(" ").startswith(FORMULA_BEGINS)
    return f"'{text}" if begins and not NUMBER.fullmatch(text) else text


def _row_of(quote: Quote) -> Sequence[str | int]:
    """Spell the figures out in the order of ``HEADINGS``."""
    terms = quote.offer.terms
    return (
        harmless(quote.offer.id),
        quote.offer.line,
        terms.method,
        yuan_text(terms.principal_fen),
        terms.term_months,
        yuan_text(quote.first_payment_fen),
        yuan_text(quote.highest_payment_fen),
        yuan_text(quote.last_payment_fen),
        yuan_text(quote.paid_at_start_fen),
        yuan_text(quote.total_charge_fen),
        yuan_text(quote.total_paid_fen),
        yuan_text(quote.extra_over_cash_fen),
        rate_text(quote.apr_simple),
        rate_text(quote.apr_compound),
        quote.rate_state,
    )
