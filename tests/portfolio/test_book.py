"""The book that benches and tests are made of."""

from __future__ import annotations

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from bench.portfolio import book
from bench.portfolio.book import KNOWN_UNTIL, make_chunk, write_book

from chedai.portfolio.allocation.soundness import check_instalments, check_payments
from chedai.portfolio.days import STILL_OPEN_ON

NAMES = ("contracts", "instalments", "payments", "pauses")


def test_a_book_is_the_same_for_the_same_seed_and_another_for_another():
    made, again, other = (make_chunk(1, contracts=200, seed=s) for s in (7, 7, 8))

    assert all(getattr(made, name).equals(getattr(again, name)) for name in NAMES)
    assert not made.contracts.equals(other.contracts)


def test_a_book_is_sound_and_has_every_kind_of_payer():
    chunk = make_chunk(0, contracts=4_000)
    check_instalments(chunk.instalments)
    check_payments(chunk.payments, known_until=KNOWN_UNTIL, accepts_twins=True)

    items = chunk.open_items()

    assert set(chunk.payments["kind"].to_pylist()) == {"ordinary", "settlement", "prepayment"}
    assert chunk.pauses.num_rows > 0
    assert pc.min(items["open_until"]).as_py() < STILL_OPEN_ON
    overdue = pc.and_(
        pc.less(items["due_on"], KNOWN_UNTIL), pc.equal(items["open_until"], STILL_OPEN_ON)
    )
    assert pc.sum(overdue).as_py() > 0


def test_a_book_is_written_piece_by_piece(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(book, "CHUNK", 60)

    write_book(tmp_path, contracts=150)

    ids = pq.read_table(tmp_path / "contracts.parquet")["contract_id"].to_pylist()
    assert ids == list(range(1, 151))
    assert pq.ParquetFile(tmp_path / "open_items.parquet").num_row_groups == 3
    assert "150 contracts" in capsys.readouterr().err


@pytest.mark.parametrize("name", NAMES)
def test_ids_of_the_next_piece_follow_those_of_the_one_before(name):
    ids = getattr(make_chunk(2, contracts=50), name)["contract_id"].to_pylist()

    assert all(2 * book.CHUNK < id_ <= 2 * book.CHUNK + 50 for id_ in ids)
