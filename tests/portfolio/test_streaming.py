from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bench.portfolio.book import make_book
from tests.portfolio.builders import contract, contracts_table, item, items_table, make_terms

from chedai.portfolio import streaming
from chedai.portfolio.columns import ColumnsRefusedError
from chedai.portfolio.embedded import close_tables
from chedai.portfolio.kernel.arrays import OpenItemsRefusedError
from chedai.portfolio.streaming import BookFileError, close_files

TERMS = make_terms(date(2025, 10, 31))


@pytest.fixture(scope="module")
def book():
    chunk = make_book(1_500)
    return chunk.contracts, chunk.open_items()


def stored(folder, contracts, items, *, rows):
    pq.write_table(contracts, folder / "contracts.parquet", row_group_size=rows)
    pq.write_table(items, folder / "open_items.parquet", row_group_size=rows)
    return folder / "contracts.parquet", folder / "open_items.parquet"


@pytest.mark.parametrize(("rows", "at_once"), [(10**6, 50_000), (777, 200), (100, 1_499), (1, 40)])
def test_a_book_in_any_pieces_closes_to_the_same(book, tmp_path, monkeypatch, rows, at_once):
    contracts, items = (t.slice(0, 3_000) for t in book) if rows == 1 else book
    if rows == 1:
        contracts = contracts.slice(0, 60)
        items = items.filter(pa.compute.less_equal(items["contract_id"], 60))
    monkeypatch.setattr(streaming, "CONTRACTS_AT_ONCE", at_once)
    states, told = [], []

    figures = close_files(
        *stored(tmp_path, contracts, items, rows=rows),
        terms=TERMS,
        sink=states.append,
        progress=lambda done, total: told.append((done, total)),
        threads=2,
    )

    whole = close_tables(contracts, items, terms=TERMS)
    assert pa.concat_tables(states).combine_chunks().equals(whole.state)
    assert figures == dict(whole.figures)
    assert told[-1] == (contracts.num_rows, contracts.num_rows)
    assert len(told) == -(-contracts.num_rows // at_once)


def test_a_row_group_too_large_for_memory_comes_in_parts(book, tmp_path, monkeypatch):
    monkeypatch.setattr(streaming, "ITEMS_AT_ONCE", 4_000)
    states = []

    close_files(*stored(tmp_path, *book, rows=10**6), terms=TERMS, sink=states.append)

    assert pa.concat_tables(states).num_rows == close_tables(*book, terms=TERMS).state.num_rows


def close_rows(folder, contracts, items):
    paths = stored(folder, contracts_table(*contracts), items_table(*items), rows=1)
    return close_files(*paths, terms=TERMS, sink=lambda _: None)


@pytest.mark.parametrize(
    "contracts", [[contract(2), contract(1)], [contract(1), contract(1), contract(2)]]
)
def test_contracts_out_of_order_are_refused_across_pieces(tmp_path, monkeypatch, contracts):
    monkeypatch.setattr(streaming, "CONTRACTS_AT_ONCE", 1)

    with pytest.raises((BookFileError, OpenItemsRefusedError), match=r"递增|合同表里没有"):
        close_rows(tmp_path, contracts, [item(1), item(2)])


def test_items_of_no_contract_are_refused_wherever_they_stand(tmp_path, monkeypatch):
    monkeypatch.setattr(streaming, "CONTRACTS_AT_ONCE", 1)

    for stray in ([item(1), item(2)], [item(0), item(1)], [item(1), item(3)]):
        with pytest.raises(OpenItemsRefusedError):
            close_rows(tmp_path, [contract(1)], stray)
    with pytest.raises(OpenItemsRefusedError):
        close_rows(tmp_path, [contract(1), contract(3)], [item(1), item(2), item(3)])


def test_files_that_are_no_book_are_refused(tmp_path):
    there, items = stored(tmp_path, contracts_table(contract()), items_table(item()), rows=1)
    text = tmp_path / "text.parquet"
    text.write_text("not Parquet")

    for wrong, error in [(tmp_path / "none", BookFileError), (text, BookFileError)]:
        with pytest.raises(error):
            close_files(wrong, items, terms=TERMS, sink=lambda _: None)
    with pytest.raises(ColumnsRefusedError, match="open_items 缺少列"):
        close_files(there, there, terms=TERMS, sink=lambda _: None)
