from __future__ import annotations

import errno
import json
from datetime import date

import pyarrow.parquet as pq
import pytest
from bench.portfolio.book import make_book
from tests.portfolio.builders import make_terms

from chedai.portfolio import writing
from chedai.portfolio.embedded import close_tables
from chedai.portfolio.writing import DiskFullError, written_close

TERMS = make_terms(date(2025, 10, 31))


@pytest.fixture(scope="module")
def close():
    chunk = make_book(400)
    return close_tables(chunk.contracts, chunk.open_items(), terms=TERMS)


def write(folder, close, *, piece=10**6):
    with written_close(folder, terms=close.terms) as writer:
        for start in range(0, close.state.num_rows, piece):
            writer.add_state(close.state.slice(start, piece))
        return writer.finish(close.figures)


def bytes_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_close_is_the_same_bytes_in_whatever_pieces_it_came(close, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "ROWS_AT_ONCE", 128)

    for number, piece in enumerate((10**6, 100, 1)):
        write(tmp_path / str(number), close, piece=piece)

    assert bytes_of(tmp_path / "0") == bytes_of(tmp_path / "1") == bytes_of(tmp_path / "2")


def test_what_was_written_reads_back_with_its_digests(close, tmp_path):
    manifest = write(tmp_path / "june", close)

    assert pq.read_table(tmp_path / "june" / "state.parquet").equals(close.state)
    for name, table in close.figures.items():
        assert pq.read_table(tmp_path / "june" / f"{name}.parquet").equals(table)
    assert manifest["digests"] == close.digests()
    assert json.loads((tmp_path / "june" / "close.json").read_text("utf-8")) == manifest


def test_the_manifest_says_day_definitions_and_policy(close, tmp_path):
    manifest = write(tmp_path / "june", close)

    assert (manifest["as_of"], manifest["compared_on"]) == ("2025-10-31", "2025-09-30")
    assert "expected_loss_bucket.1" in manifest["definitions"]
    assert "expected_loss_pd_lgd.1" not in manifest["definitions"]
    assert manifest["schemes"]["card"] == [0, 90, 120, 180]


def test_a_close_replaces_the_one_before_as_a_whole(close, tmp_path):
    folder = tmp_path / "june"
    folder.mkdir()
    (folder / "stale.parquet").touch()

    write(folder, close)

    assert not (folder / "stale.parquet").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["june"]


@pytest.mark.parametrize("has_earlier", [True, False])
def test_a_full_disk_is_named_and_leaves_what_was_there(close, tmp_path, monkeypatch, has_earlier):
    folder = tmp_path / "june"
    if has_earlier:
        write(folder, close)
    before = bytes_of(folder) if has_earlier else None

    def no_room(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pq.ParquetWriter, "write_table", no_room)
    with pytest.raises(DiskFullError, match="磁盘空间不足"):
        write(folder, close)

    assert (bytes_of(folder) if has_earlier else None) == before
    assert [path.name for path in tmp_path.iterdir()] == (["june"] if has_earlier else [])


def test_any_other_failure_keeps_its_name_and_leaves_nothing(close, tmp_path):
    def stop():
        with written_close(tmp_path / "june", terms=TERMS) as writer:
            writer.add_state(close.state)
            raise KeyError("stopped")

    with pytest.raises(KeyError):
        stop()

    assert list(tmp_path.iterdir()) == []
