"""Rows into tiles, tiles to threads, leftovers to the oracle.

Importing this loads the compiler's library; ``pricing`` does so only for large batches.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np

from chedai.core.plans.kernel.columns import Ints, LoanColumns, LoanQuotes, ScheduleColumns
from chedai.core.plans.kernel.pricing_tiles import price_tiles
from chedai.core.plans.kernel.scalar import price_rows
from chedai.core.plans.kernel.table import (
    INSTALMENT_MAX_OF_INT32,
    Table,
    growth_max,
    table_of,
)
from chedai.core.plans.kernel.tiles import LANES, Answers, Rows, Store, arrange

# A catalogue asks for the same conditions again and again.
_table_of = lru_cache(maxsize=16)(table_of)

PARTS_PER_THREAD: Final = 8
"""Long and short terms lie apart: smaller parts even out the threads."""


def price_batch(loans: LoanColumns, *, threads: int, with_schedules: bool) -> LoanQuotes:
    """Price every row by the kernel, and by the oracle where the kernel does not answer."""
    quotes = LoanQuotes.empty(len(loans))
    table = _table_of(loans.conditions)
    rows = _rows_of(loans)
    order = np.empty(len(loans), dtype=np.int32)
    starts = np.zeros(len(table.kind) + 1, dtype=np.int64)
    arrange(rows.condition, table.layout, starts, order)
    tiles, places = _tiles_of(starts, table)
    store = _store_of(loans, places) if with_schedules else _no_store()
    answers = _answers_of(quotes)

    def price(part: Ints) -> None:
        price_tiles(part, table, rows, order, answers, store)

    if threads == 1:
        price(tiles)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(price, np.array_split(tiles, threads * PARTS_PER_THREAD)))
    if with_schedules:
        quotes = replace(quotes, schedules=_schedules_of(store))
    price_rows(loans, np.flatnonzero(quotes.is_scalar).tolist(), quotes)
    return quotes


def _rows_of(loans: LoanColumns) -> Rows:
    beside = [
        loans.balloon_fen,
        loans.taken_at_start_fen,
        loans.added_first_fen,
        loans.added_each_fen,
        loans.added_last_fen,
    ]
    balloon, taken, first, each, last = (
        _plain(column if column.strides[0] else column[:1]) for column in beside
    )
    return Rows(
        condition=_plain(loans.condition_index),
        principal=_plain(loans.principal_fen),
        balloon=balloon,
        taken=taken,
        first=first,
        each=each,
        last=last,
        steps=np.array([int(column.strides[0] != 0) for column in beside], dtype=np.int64),
    )


def _plain(column: Ints) -> Ints:
    """Lay a column out as the kernel was compiled for; a copy only where it is not so already."""
    return np.require(column, dtype=np.int64, requirements=["C", "W"])


def _tiles_of(starts: Ints, table: Table) -> tuple[Ints, int]:
    """Cut every layout into tiles; say how many places their schedules need."""
    blocks = [np.zeros((0, 4), dtype=np.int64)]
    for layout, (begin, end) in enumerate(pairwise(starts)):
        begins = np.arange(begin, end, LANES)
        counts = np.minimum(end - begins, LANES)
        sizes = np.full(len(begins), table.term[layout] * LANES)
        blocks.append(np.stack([np.full(len(begins), layout), begins, counts, sizes], axis=1))
    tiles = np.concatenate(blocks)
    sizes = tiles[:, 3].copy()
    tiles[:, 3] = np.cumsum(sizes) - sizes
    return tiles, int(sizes.sum())


def _answers_of(quotes: LoanQuotes) -> Answers:
    return Answers(
        first=quotes.first_fen,
        lowest=quotes.lowest_fen,
        highest=quotes.highest_fen,
        last=quotes.last_fen,
        at_start=quotes.paid_at_start_fen,
        charge=quotes.total_charge_fen,
        irr_monthly=quotes.irr_monthly,
        state=quotes.rate_state,
        scalar=quotes.is_scalar,
    )


def _store_of(loans: LoanColumns, places: int) -> Store:
    highest = growth_max(loans.conditions) * int(loans.principal_fen.max(initial=0))
    dtype = np.int32 if highest < INSTALMENT_MAX_OF_INT32 else np.int64
    return Store(
        is_kept=True,
        instalment=np.empty(places, dtype=dtype),
        principal=np.empty(places, dtype=dtype),
        start=np.empty(len(loans), dtype=np.int64),
        term=np.empty(len(loans), dtype=np.int64),
    )


def _no_store() -> Store:
    nothing, nowhere = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int64)
    return Store(is_kept=False, instalment=nothing, principal=nothing, start=nowhere, term=nowhere)


def _schedules_of(store: Store) -> ScheduleColumns:
    return ScheduleColumns(
        start=store.start,
        term_months=store.term,
        stride=LANES,
        instalment_fen=store.instalment,
        principal_fen=store.principal,
    )
