"""A close: the state of every contract, the figures of the book, and their digests."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chedai.portfolio.terms import CloseTerms

ROWS_AT_ONCE: Final = 1 << 17
"""Rows of a row group, and of what is digested at once; part of what makes bytes the same."""


@dataclass(frozen=True, kw_only=True)
class Close:
    """What the close of one day says; equal inputs and terms give equal digests everywhere."""

    terms: CloseTerms
    state: pa.Table
    figures: Mapping[str, pa.Table]

    def digests(self) -> dict[str, str]:
        """Return the digest of the state and of each table."""
        return {
            "state": digest_of(self.state),
            **{name: digest_of(table) for name, table in self.figures.items()},
        }


class Digest:
    """SHA-256 over the values of a table in its order, whatever engine or chunks it came from."""

    def __init__(self, schema: pa.Schema) -> None:
        self.schema = schema
        self._hash = hashlib.sha256(repr([(f.name, str(f.type)) for f in schema]).encode())

    def add(self, table: pa.Table) -> None:
        """Add the rows of one row group."""
        for column in table.columns:
            array = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
            for part in _plain(array):
                self._hash.update(part)

    def hexdigest(self) -> str:
        """Return the digest of everything added."""
        return self._hash.hexdigest()


def digest_of(table: pa.Table) -> str:
    """Return the digest of a table."""
    digest = Digest(table.schema)
    for start in range(0, table.num_rows, ROWS_AT_ONCE):
        digest.add(table.slice(start, ROWS_AT_ONCE))
    return digest.hexdigest()


def _plain(array: pa.Array) -> list[bytes]:
    """Return which places are filled, and the values with zeros in empty places."""
    filled = array.is_valid()
    parts = [_bits(filled)] if array.null_count else []
    if pa.types.is_string(array.type):
        return [*parts, "\n".join(array.fill_null("").to_pylist()).encode()]
    if pa.types.is_boolean(array.type):
        return [*parts, _bits(array)]
    if pa.types.is_date32(array.type):
        array = array.view(pa.int32())
    whole = array.fill_null(0) if array.null_count else array
    return [*parts, whole.to_numpy(zero_copy_only=False).tobytes()]


def _bits(array: pa.Array) -> bytes:
    return bytes(array.to_numpy(zero_copy_only=False).tobytes())
