"""A close on disk: the same bytes from the same book, whole or not at all.

A folder with ``state.parquet``, one file for each table of figures, and ``close.json`` that says
what they are. It is written aside and renamed, so that nobody ever reads half a close.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from chedai.portfolio.closing import ROWS_AT_ONCE, Digest
from chedai.portfolio.columns import STATE
from chedai.portfolio.definitions import DEFINITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chedai.portfolio.terms import CloseTerms

SETTINGS: Final[Mapping[str, Any]] = {
    "compression": "zstd",
    "compression_level": 3,
    "version": "2.6",
    "data_page_version": "1.0",
    "use_dictionary": True,
    "write_statistics": True,
}
"""Fixed, because they are part of the bytes."""


class DiskFullError(OSError):
    """The disk has no room for the close; nothing was changed."""


class TableWriter:
    """A Parquet file in row groups of a fixed size, with its digest, from pieces of any size."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(path, schema, **SETTINGS)
        self._digest = Digest(schema)
        self._held: list[pa.Table] = []
        self.rows = 0

    def add(self, table: pa.Table) -> None:
        """Add rows; whole row groups are written at once."""
        self._held.append(table)
        self.rows += table.num_rows
        if sum(held.num_rows for held in self._held) >= ROWS_AT_ONCE:
            whole = pa.concat_tables(self._held)
            for start in range(0, whole.num_rows - ROWS_AT_ONCE + 1, ROWS_AT_ONCE):
                self._write(whole.slice(start, ROWS_AT_ONCE))
            self._held = [whole.slice(whole.num_rows - whole.num_rows % ROWS_AT_ONCE)]

    def close(self) -> str:
        """Write what is left; return the digest."""
        if self._held:
            rest = pa.concat_tables(self._held)
            if rest.num_rows:
                self._write(rest)
        self._writer.close()
        return self._digest.hexdigest()

    def _write(self, group: pa.Table) -> None:
        group = group.combine_chunks()
        self._writer.write_table(group, row_group_size=ROWS_AT_ONCE)
        self._digest.add(group)


class CloseWriter:
    """The folder of one close, being written aside."""

    def __init__(self, folder: Path, terms: CloseTerms) -> None:
        self._folder, self._terms = folder, terms
        self._state = TableWriter(folder / "state.parquet", STATE)

    def add_state(self, state: pa.Table) -> None:
        """Add the state of some contracts, in order."""
        self._state.add(state)

    def finish(self, figures: Mapping[str, pa.Table]) -> dict[str, Any]:
        """Write the figures and the manifest; return the manifest."""
        digests = {"state": self._state.close()}
        for name, table in figures.items():
            writer = TableWriter(self._folder / f"{name}.parquet", table.schema)
            writer.add(table)
            digests[name] = writer.close()
        manifest = manifest_of(self._terms, contracts=self._state.rows, digests=digests)
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        (self._folder / "close.json").write_text(text + "\n", encoding="utf-8")
        return manifest


def manifest_of(terms: CloseTerms, *, contracts: int, digests: Mapping[str, str]) -> dict[str, Any]:
    """Return what a close says about itself: days, policy, definitions, digests."""
    losses = {"bucket": "expected_loss_bucket.1", "pd_lgd": "expected_loss_pd_lgd.1"}
    unused = set(losses.values()) - {losses[terms.loss_method]}
    return {
        "as_of": terms.as_of.isoformat(),
        "compared_on": terms.compared_on.isoformat(),
        "contracts": contracts,
        "policy_book_version": terms.book_version,
        "loss_method": terms.loss_method,
        "loss_rates_ppm": list(terms.loss_rates_ppm),
        "schemes": {scheme.id: list(scheme.over_days) for scheme in terms.schemes},
        "definitions": [id_ for id_ in DEFINITIONS if id_ not in unused],
        "digests": dict(digests),
    }


@contextmanager
def written_file(path: Path) -> Iterator[Path]:
    """Give a path to write to; when the block ends well, the file stands at ``path``.

    Raises
    ------
    OSError
        What the disk said; where there is no room, a ``DiskFullError``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        yield aside / path.name
        os.replace(aside / path.name, path)
    except OSError as error:
        _name(error, path)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _name(error: OSError, path: Path) -> None:
    if error.errno == errno.ENOSPC or "No space left" in str(error):
        said = f"磁盘空间不足，未写入 {path}；请清理后再试"
        raise DiskFullError(errno.ENOSPC, said) from error


@contextmanager
def written_close(folder: Path, *, terms: CloseTerms) -> Iterator[CloseWriter]:
    """Give a writer; when the block ends well, the close stands at ``folder``, else nothing does.

    A close that already stands there is replaced as a whole.

    Raises
    ------
    OSError
        What the disk said; where there is no room, a ``DiskFullError``.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield CloseWriter(aside, terms)
        _put_in_place(aside, folder)
    except OSError as error:
        _name(error, folder)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _put_in_place(aside: Path, folder: Path) -> None:
    aside.chmod(0o755)
    if not folder.exists():
        aside.rename(folder)
        return
    replaced = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    os.replace(folder, replaced / folder.name)
    aside.rename(folder)
    shutil.rmtree(replaced, ignore_errors=True)
