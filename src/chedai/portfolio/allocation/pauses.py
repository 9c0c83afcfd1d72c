"""Pauses cut into open items: days of a pause do not count towards days past due.

An item is cut where it stops and where it starts counting again, so that a close needs no calendar
of pauses: within each piece, the days past due grow by the day or stand still.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from chedai.portfolio.allocation.loan import AllocationRefusedError
from chedai.portfolio.columns import OPEN_ITEMS
from chedai.portfolio.kernel.arrays import ints, small_ints

if TYPE_CHECKING:
    from chedai.portfolio.kernel.shapes import Bools, Int32s, Int64s


class PauseRefusedError(AllocationRefusedError):
    """A pause ends before it begins, or overlaps or touches another of its contract."""


def split_by_pauses(items: pa.Table, pauses: pa.Table) -> pa.Table:
    """Return the items with the days of pauses left out of what counts.

    Parameters
    ----------
    items
        In order, none of them paused.
    pauses
        As in ``columns``; at least a day apart within a contract, else refused by name.
    """
    contract_id, starts_on, ends_on = _in_order(pauses)
    if not len(contract_id):
        return items
    item_ids = ints(items["contract_id"])
    is_paused = np.isin(item_ids, contract_id)
    if not is_paused.any():
        return items
    cut = _cut(items.filter(pa.array(is_paused)), contract_id, starts_on, ends_on)
    whole = pa.concat_tables([items.filter(pa.array(~is_paused)), cut]).combine_chunks()
    order = np.argsort(ints(whole["contract_id"]), kind="stable")
    return whole.take(pa.array(order)).combine_chunks()


def _in_order(pauses: pa.Table) -> tuple[Int64s, Int32s, Int32s]:
    contract_id = ints(pauses["contract_id"])
    starts_on, ends_on = small_ints(pauses["starts_on"]), small_ints(pauses["ends_on"])
    order = np.lexsort((starts_on, contract_id))
    contract_id, starts_on, ends_on = contract_id[order], starts_on[order], ends_on[order]
    wrong = ends_on < starts_on
    same = contract_id[1:] == contract_id[:-1]
    wrong[1:] |= same & (starts_on[1:] <= ends_on[:-1] + 1)
    if wrong.any():
        raise PauseRefusedError(
            f"合同 {contract_id[int(np.argmax(wrong))]} 的暂停期起止颠倒、重叠或相连，请合并后再试"
        )
    return contract_id, starts_on, ends_on


def _cut(items: pa.Table, contract_id: Int64s, starts_on: Int32s, ends_on: Int32s) -> pa.Table:
    ids, due_on = ints(items["contract_id"]), small_ints(items["due_on"])
    source = np.arange(len(ids))
    opened, until = small_ints(items["open_from"]), small_ints(items["open_until"])
    rounds = int(np.bincount(np.searchsorted(contract_id, contract_id)).max())
    for turn in range(rounds):
        for edges in (starts_on - 1, ends_on + 1):
            at, is_there = _nth(contract_id, ids[source], turn)
            inside = is_there & (opened < edges[at]) & (edges[at] < until)
            rest = np.flatnonzero(inside)
            edge = edges[at].astype(np.int32)
            source = np.concatenate([source, source[rest]])
            opened = np.concatenate([opened, edge[rest]])
            until = np.concatenate([np.where(inside, edge, until), until[rest]])
    paused, is_frozen = np.zeros(len(source), dtype=np.int32), np.zeros(len(source), dtype=np.bool_)
    due_on = due_on[source]
    seen = np.maximum(opened, due_on)
    for turn in range(rounds):
        at, is_there = _nth(contract_id, ids[source], turn)
        days = np.minimum(seen, ends_on[at]) - np.maximum(due_on, starts_on[at] - 1)
        paused += np.where(is_there, np.maximum(days, 0), 0).astype(np.int32)
        is_frozen |= is_there & (starts_on[at] - 1 <= opened) & (opened <= ends_on[at])
    return _rebuilt(items, source, opened, until, paused, ~is_frozen)


def _nth(contract_id: Int64s, ids: Int64s, turn: int) -> tuple[Int64s, Bools]:
    """Return the place of the n-th pause of each contract, and whether it has that many."""
    at = np.minimum(np.searchsorted(contract_id, ids) + turn, len(contract_id) - 1)
    return at, contract_id[at] == ids


def _rebuilt(
    items: pa.Table,
    source: Int64s,
    opened: Int32s,
    until: Int32s,
    paused: Int32s,
    is_counting: Bools,
) -> pa.Table:
    ids, number = ints(items["contract_id"])[source], small_ints(items["number"])[source]
    order = np.lexsort((number, opened, small_ints(items["due_on"])[source], ids))
    changed = {
        "open_from": pa.array(opened[order]).view(pa.date32()),
        "open_until": pa.array(until[order]).view(pa.date32()),
        "paused_days": pa.array(paused[order]),
        "is_counting": pa.array(is_counting[order]),
    }
    rows = items.take(pa.array(source[order])).combine_chunks()
    columns = [changed.get(name, rows[name]) for name in OPEN_ITEMS.names]
    return pa.Table.from_arrays(columns, schema=OPEN_ITEMS)
