"""Open items on disk such that those of a few contracts are read without the rest.

A folder of plain columns that are mapped, not loaded, with where each contract begins; and the
contracts that were replayed since, which stand before what the columns say.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from chedai.portfolio.columns import OPEN_ITEMS
from chedai.portfolio.kernel.arrays import item_columns
from chedai.portfolio.kernel.shapes import Int64s, Items, picked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KINDS: Final[Mapping[str, Any]] = {
    "contract_id": np.int64,
    "principal": np.int64,
    "interest": np.int64,
    "charges": np.int64,
    "is_counting": np.bool_,
}


class StoredItemsError(ValueError):
    """The folder does not hold stored items, or lacks the contract asked for."""


def store(folder: Path, tables: Iterable[pa.Table]) -> None:
    """Write the open items, piece by piece in order, as a folder of columns."""
    folder.mkdir(parents=True)
    files = {name: (folder / f"{name}.bin").open("wb") for name in Items._fields}
    try:
        for table in tables:
            items = item_columns(table)
            for name in Items._fields:
                np.ascontiguousarray(getattr(items, name)).tofile(files[name])
    finally:
        for file in files.values():
            file.close()
    ids, starts = np.unique(_mapped(folder, "contract_id"), return_index=True)
    ids.astype(np.int64).tofile(folder / "ids.bin")
    starts.astype(np.int64).tofile(folder / "starts.bin")


class StoredItems:
    """The items of a folder; call it with ascending ids."""

    def __init__(self, folder: Path) -> None:
        if not (folder / "starts.bin").is_file():
            raise StoredItemsError(f"{folder} 不是已存的未还明细，请先生成")
        self._folder = folder
        self._columns = Items(*(_mapped(folder, name) for name in Items._fields))
        self._ids = np.fromfile(folder / "ids.bin", dtype=np.int64)
        starts = np.fromfile(folder / "starts.bin", dtype=np.int64)
        self._edges = np.append(starts, len(self._columns.contract_id))
        self._replaced = OPEN_ITEMS.empty_table()
        if self._replacements.is_file():
            self._replaced = pq.read_table(self._replacements)

    @property
    def _replacements(self) -> Path:
        return self._folder / "replaced.parquet"

    def replace(self, items: pa.Table) -> None:
        """Let these items stand for their contracts from now on: replayed, or new."""
        gone = pa.array(np.unique(item_columns(items).contract_id))
        kept = self._replaced.filter(pa.compute.invert(_is_in(self._replaced, gone)))
        joined = pa.concat_tables([kept, items]).combine_chunks()
        order = np.argsort(item_columns(joined).contract_id, kind="stable")
        self._replaced = joined.take(pa.array(order)).combine_chunks()
        aside = self._replacements.with_suffix(".aside")
        pq.write_table(self._replaced, aside)
        aside.replace(self._replacements)

    def __call__(self, contract_ids: Int64s) -> Items:
        """Return the items of contracts; one that has none is refused by name."""
        new = item_columns(self._replaced)
        is_new = np.isin(contract_ids, new.contract_id)
        old = self._gathered(contract_ids[~is_new])
        if not is_new.any():
            return old
        some = np.flatnonzero(np.isin(new.contract_id, contract_ids))
        joined: list[Any] = [
            np.concatenate([a, b[some]])
            for a, b in zip(tuple[Any, ...](old), tuple[Any, ...](new), strict=True)
        ]
        order = np.argsort(joined[0], kind="stable")
        together: Items = picked(Items(*joined), order)
        return together

    def _gathered(self, contract_ids: Int64s) -> Items:
        places = np.searchsorted(self._ids, contract_ids)
        within = np.minimum(places, len(self._ids) - 1)
        if len(contract_ids) and (self._ids[within] != contract_ids).any():
            missing = contract_ids[self._ids[within] != contract_ids][0]
            raise StoredItemsError(f"合同 {missing} 没有未还明细，请先分摊它的还款")
        starts, counts = self._edges[places], self._edges[places + 1] - self._edges[places]
        offset = np.repeat(starts - (np.cumsum(counts) - counts), counts)
        rows = offset + np.arange(int(counts.sum()))
        found: Items = picked(self._columns, rows)
        return found


def _mapped(folder: Path, name: str) -> Any:
    kind = KINDS.get(name, np.int32)
    path = folder / f"{name}.bin"
    if path.stat().st_size == 0:
        return np.zeros(0, dtype=kind)
    return np.memmap(path, dtype=kind, mode="r")


def _is_in(table: pa.Table, ids: pa.Array) -> pa.ChunkedArray:
    return pa.compute.is_in(table["contract_id"], value_set=ids)
