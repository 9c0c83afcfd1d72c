"""``chedai portfolio`` as somebody types it."""

from __future__ import annotations

import json
from datetime import date

import pyarrow.parquet as pq
import pytest
from bench.portfolio.book import make_book
from tests.portfolio.builders import make_terms

from chedai.config.portfolio import portfolio
from chedai.portfolio.embedded import close_tables
from chedai.portfolio.writing import CloseWriter, DiskFullError

DAY = date(2025, 10, 31)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder, chunk = tmp_path_factory.mktemp("book"), make_book(500)
    for name in ("contracts", "instalments", "payments", "pauses"):
        pq.write_table(getattr(chunk, name), folder / f"{name}.parquet")
    pq.write_table(chunk.open_items(), folder / "open_items.parquet")
    return folder, close_tables(chunk.contracts, chunk.open_items(), terms=make_terms(DAY))


def command(folder, name, *words, files=("contracts",)):
    told = [word for file in files for word in option(folder, file)]
    return portfolio([name, *told, *map(str, words)])


def option(folder, file):
    return [f"--{file.replace('_', '-')}", str(folder / f"{file}.parquet")]


RAW = ("contracts", "instalments", "payments", "pauses")


def test_a_book_is_closed_from_its_open_items(book, tmp_path, capsys):
    folder, close = book
    files = ("contracts", "open_items")

    code = command(folder, "close", "--as-of", DAY, "--out", tmp_path / "out", files=files)

    told = capsys.readouterr()
    assert code == 0
    assert pq.read_table(tmp_path / "out" / "state.parquet").equals(close.state)
    assert f"2025-10-31 关账 {close.state.num_rows} 份合同" in told.out
    assert close.digests()["state"][:16] in told.out
    assert "500/500 份合同 100%" in told.err


def test_a_book_is_closed_from_instalments_and_payments_with_figures_as_json(
    book, tmp_path, capsys
):
    folder, close = book
    words = ("--as-of", DAY, "--known-until", "2026-06-30", "--accepts-twins", "--json")

    code = command(folder, "close", *words, "--out", tmp_path / "out", files=RAW)

    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert told["digests"] == close.digests()
    assert told["figures"]["by_bucket"] == close.figures["by_bucket"].to_pylist()


def test_payments_are_shared_out_into_a_file_that_closes_to_the_same(book, tmp_path):
    folder, close = book
    items = tmp_path / "made" / "open_items.parquet"
    words = ("--known-until", "2026-06-30", "--accepts-twins")

    command(folder, "allocate", *words, "--out", items, files=RAW)
    command(folder, "close", "--as-of", DAY, "--open-items", items, "--out", tmp_path / "out")

    assert pq.read_table(items).equals(pq.read_table(folder / "open_items.parquet"))
    assert pq.read_table(tmp_path / "out" / "state.parquet").equals(close.state)


@pytest.mark.filterwarnings("ignore:fetch_:DeprecationWarning")
def test_another_engine_writes_the_same_bytes(book, tmp_path):
    folder, _ = book
    files = ("contracts", "open_items")

    for engine in ("embedded", "duckdb"):
        words = ("--as-of", DAY, "--engine", engine, "--out", tmp_path / engine)
        assert command(folder, "close", *words, files=files) == 0

    embedded, duckdb = (
        {path.name: path.read_bytes() for path in (tmp_path / engine).iterdir()}
        for engine in ("embedded", "duckdb")
    )
    assert embedded == duckdb
    assert len(embedded) == 9


@pytest.mark.parametrize(
    ("words", "files", "said"),
    [
        (("--as-of", "2025-10-31"), ("contracts",), "请给出 --instalments"),
        (("--as-of", "2025-10-31"), RAW, "PaymentInTheFutureError"),
        (("--as-of", "2020-10-31"), ("contracts", "open_items"), "PolicyNumberAbsentError"),
        (("--as-of", "2025-10-31"), ("contracts", "nothing"), "gone.parquet"),
        (("--as-of", "2025-10-31", "--engine", "duckdb"), RAW, "此引擎只读 --open-items"),
    ],
)
def test_what_is_refused_is_named_and_nothing_is_written(
    book, tmp_path, capsys, words, files, said
):
    folder, _ = book
    told = ["--open-items", str(folder / "gone.parquet")] if "nothing" in files else []
    files = tuple(file for file in files if file != "nothing")

    code = command(folder, "close", *words, *told, "--out", tmp_path / "out", files=files)

    assert code == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_in_a_line(book, tmp_path, capsys, monkeypatch):
    folder, _ = book

    def no_room(*_args):
        raise DiskFullError(28, "磁盘空间不足")

    monkeypatch.setattr(CloseWriter, "add_state", no_room)
    files = ("contracts", "open_items")

    code = command(folder, "close", "--as-of", DAY, "--out", tmp_path / "out", files=files)

    assert code == 2
    assert "DiskFullError：磁盘空间不足" in capsys.readouterr().err
