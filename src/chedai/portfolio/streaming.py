"""A book on disk closed piece by piece: memory holds a few row groups, however large the book."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from chedai.portfolio.columns import CONTRACTS, OPEN_ITEMS, ColumnsRefusedError, checked
from chedai.portfolio.embedded import derived, facts_of
from chedai.portfolio.figures import add, sums_for, tables_of
from chedai.portfolio.kernel.arrays import contract_columns, ints, item_columns, state_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chedai.portfolio.terms import CloseTerms

CONTRACTS_AT_ONCE: Final = 50_000
ITEMS_AT_ONCE: Final = 4_000_000

Sink = Callable[[pa.Table], None]
Progress = Callable[[int, int], None]
"""Told how many contracts are done, and of how many."""


class BookFileError(ValueError):
    """A file of the book is missing, or is not Parquet."""


def close_files(
    contracts: Path,
    open_items: Path,
    *,
    terms: CloseTerms,
    sink: Sink,
    progress: Progress | None = None,
    threads: int = 1,
) -> dict[str, pa.Table]:
    """Close the book of two Parquet files, both in order of ``contract_id``.

    Parameters
    ----------
    sink
        Gets the state of each piece of the book, in order.
    threads
        Over how many threads each piece is computed; the next is read meanwhile.

    Returns
    -------
    dict
        The figures of the whole book.

    Raises
    ------
    BookFileError
        A file is missing or no Parquet, or the contracts are not in order.
    """
    told = _opened(contracts, "contracts")
    total, done, latest = told.metadata.num_rows, 0, None
    sums = sums_for(terms)
    pieces = Pieces(_opened(open_items, "open_items"))
    for batch in told.iter_batches(batch_size=CONTRACTS_AT_ONCE, columns=CONTRACTS.names):
        columns = contract_columns(pa.Table.from_batches([batch]), terms)
        if latest is not None and columns.contract_id[0] <= latest:
            raise BookFileError("合同表须按 contract_id 递增且不重复，请排序去重后再试")
        latest = columns.contract_id[-1]
        is_last = done + len(columns.contract_id) == total
        items = item_columns(pieces.rest() if is_last else pieces.up_to(int(latest)))
        facts = facts_of(columns, items, terms=terms, threads=threads)
        state = derived(columns, facts, terms=terms)
        add(sums, columns, facts, state, terms=terms)
        sink(state_table(columns, facts, state, terms=terms))
        done += len(columns.contract_id)
        if progress is not None:
            progress(done, total)
    return tables_of(sums, terms=terms)


class Pieces:
    """The open items of a file, handed out contract by contract; the next piece is read ahead."""

    def __init__(self, file: pq.ParquetFile) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._groups = _groups(file)
        self._next = self._pool.submit(next, self._groups, None)
        self._held: list[pa.Table] = []

    def up_to(self, contract_id: int) -> pa.Table:
        """Return the items of all contracts not handed out yet, up to and including this one."""
        while not self._held or _latest(self._held[-1]) <= contract_id:
            group = self._read()
            if group is None:
                return self._hand_out(len(self._held), 0)
            self._held.append(group)
        ids = ints(self._held[-1]["contract_id"])
        return self._hand_out(len(self._held) - 1, int(np.searchsorted(ids, contract_id, "right")))

    def rest(self) -> pa.Table:
        """Return everything not handed out yet."""
        while (group := self._read()) is not None:
            self._held.append(group)
        return self._hand_out(len(self._held), 0)

    def _read(self) -> pa.Table | None:
        group = self._next.result()
        if group is not None:
            self._next = self._pool.submit(next, self._groups, None)
        return group

    def _hand_out(self, whole: int, rows: int) -> pa.Table:
        handed = self._held[:whole]
        kept = self._held[whole:]
        if kept and rows:
            handed.append(kept[0].slice(0, rows))
            kept = [kept[0].slice(rows)]
        self._held = [group for group in kept if group.num_rows]
        if not handed:
            return OPEN_ITEMS.empty_table()
        return handed[0] if len(handed) == 1 else pa.concat_tables(handed)


def _latest(group: pa.Table) -> int:
    latest: int = group["contract_id"][-1].as_py()
    return latest


def _groups(file: pq.ParquetFile) -> Iterator[pa.Table]:
    """Yield the row groups; one that is too large for memory comes in parts."""
    for number in range(file.num_row_groups):
        rows = file.metadata.row_group(number).num_rows
        if 0 < rows <= ITEMS_AT_ONCE:
            group = file.read_row_group(number, columns=OPEN_ITEMS.names)
            yield checked(group, OPEN_ITEMS, name="open_items")
        elif rows:
            for batch in file.iter_batches(
                batch_size=ITEMS_AT_ONCE // 4, row_groups=[number], columns=OPEN_ITEMS.names
            ):
                group = pa.Table.from_batches([batch])
                yield checked(group, OPEN_ITEMS, name="open_items")


def _opened(path: Path, name: str) -> pq.ParquetFile:
    schema = CONTRACTS if name == "contracts" else OPEN_ITEMS
    try:
        file = pq.ParquetFile(path)
    except FileNotFoundError as error:
        raise BookFileError(f"没有文件 {path}，请核对路径") from error
    except pa.ArrowInvalid as error:
        raise BookFileError(f"{path} 不是 Parquet 文件，请核对格式") from error
    missing = [field for field in schema.names if field not in file.schema_arrow.names]
    if missing:
        raise ColumnsRefusedError(f"{name} 缺少列 {'、'.join(missing)}，请按列名补齐后再试")
    return file
