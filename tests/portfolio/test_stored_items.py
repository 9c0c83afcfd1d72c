from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from bench.portfolio.book import make_book
from tests.portfolio.builders import item, items_table

from chedai.portfolio.kernel.arrays import item_columns
from chedai.portfolio.stored_items import StoredItems, StoredItemsError, store


def rows(items, ids):
    kept = np.isin(items.contract_id, ids)
    return [column[kept].tolist() for column in items]


def columns_of(items):
    return [column.tolist() for column in items]


def test_the_items_of_a_few_contracts_are_those_of_the_whole(tmp_path):
    table = make_book(200).open_items()
    store(tmp_path / "items", [table.slice(0, 1_000), table.slice(1_000)])
    ids = np.array([1, 7, 8, 199, 200])

    got = StoredItems(tmp_path / "items")(ids)

    assert columns_of(got) == rows(item_columns(table), ids)


def test_replayed_and_new_contracts_stand_before_what_was_stored(tmp_path):
    store(tmp_path / "items", [items_table(item(1), item(2), item(3))])
    stored = StoredItems(tmp_path / "items")
    changed = [item(2, principal_fen=5), item(2, number=2), item(9)]

    stored.replace(items_table(item(2, principal_fen=1)))
    stored.replace(items_table(*changed))

    expected = items_table(item(1), *changed)
    ids = np.array([1, 2, 9])
    assert columns_of(stored(ids)) == columns_of(item_columns(expected))
    again = StoredItems(tmp_path / "items")
    assert columns_of(again(ids)) == columns_of(item_columns(expected))
    assert columns_of(again(np.array([3]))) == columns_of(item_columns(items_table(item(3))))


def test_an_unknown_contract_and_a_strange_folder_are_refused(tmp_path):
    store(tmp_path / "items", [items_table(item(1))])

    with pytest.raises(StoredItemsError, match="合同 5"):
        StoredItems(tmp_path / "items")(np.array([5]))
    with pytest.raises(StoredItemsError, match="不是已存的未还明细"):
        StoredItems(tmp_path / "elsewhere")


def test_no_contracts_have_no_items(tmp_path):
    store(tmp_path / "items", [items_table(item(1))])

    assert len(StoredItems(tmp_path / "items")(np.zeros(0, dtype=np.int64)).contract_id) == 0
    assert isinstance(items_table(), pa.Table)
