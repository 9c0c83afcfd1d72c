"""A file of offers in, a file of quotes out, chunk by chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Protocol

from chedai.config.quoting.faults import Fault
from chedai.config.quoting.offers import Offer, offer_of
from chedai.config.quoting.pricing import Quote, price_offers
from chedai.config.quoting.reading import Row, Rows
from chedai.config.quoting.writing import QuoteWriter

CHUNK_ROWS: Final = 8_192
"""Enough for the batched kernel; memory holds a few chunks, whatever the file's length."""


class Rejected(Protocol):
    """Where rows go that cannot be quoted."""

    def write(self, row: Row, faults: Sequence[Fault]) -> None: ...


@dataclass(frozen=True, slots=True)
class Count:
    """Rows quoted and rows rejected so far."""

    done: int = 0
    rejected: int = 0


def quote_rows(
    rows: Rows,
    writer: QuoteWriter,
    rejected: Rejected,
    *,
    threads: int,
    tell: Callable[[Count], None],
) -> Count:
    """Quote every row, in its order; ``tell`` hears of every chunk that has been written."""
    count = Count()
    incoming = iter(rows)
    while chunk := list(islice(incoming, CHUNK_ROWS)):
        quotes: list[Quote] = []
        for row, answer in _answers(chunk, threads=threads):
            if isinstance(answer, Quote):
                quotes.append(answer)
            else:
                rejected.write(row, answer)
        writer.write(quotes)
        count = Count(count.done + len(quotes), count.rejected + len(chunk) - len(quotes))
        tell(count)
    return count


def _answers(
    chunk: Sequence[Row], *, threads: int
) -> Iterator[tuple[Row, Quote | tuple[Fault, ...]]]:
    read = [row.faults or offer_of(row.line, row.cells) for row in chunk]
    offers = [offer for offer in read if isinstance(offer, Offer)]
    priced = iter(price_offers(offers, threads=threads))
    for row, offer in zip(chunk, read, strict=True):
        yield row, next(priced) if isinstance(offer, Offer) else offer
