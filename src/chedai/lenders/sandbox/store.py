"""What the sandbox remembers, in one SQLite file that survives being killed."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS application (
  lender TEXT NOT NULL, ref TEXT NOT NULL, lender_ref TEXT NOT NULL, sha256 TEXT NOT NULL,
  body TEXT NOT NULL, received_at TEXT NOT NULL, PRIMARY KEY (lender, ref));
CREATE TABLE IF NOT EXISTS act (
  lender TEXT NOT NULL, key TEXT NOT NULL, ref TEXT NOT NULL, act TEXT NOT NULL,
  PRIMARY KEY (lender, key));
CREATE TABLE IF NOT EXISTS event (
  lender TEXT NOT NULL, ref TEXT NOT NULL, sequence INTEGER NOT NULL, event_id TEXT NOT NULL,
  kind TEXT NOT NULL, body TEXT NOT NULL, visible_at REAL NOT NULL,
  delivered INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0,
  next_try_at REAL NOT NULL, PRIMARY KEY (lender, ref, sequence));
CREATE INDEX IF NOT EXISTS event_due ON event (delivered, next_try_at);
CREATE TABLE IF NOT EXISTS fault (
  lender TEXT NOT NULL, kind TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (lender, kind));
CREATE TABLE IF NOT EXISTS nonce (lender TEXT NOT NULL, nonce TEXT NOT NULL, seen_at REAL NOT NULL,
  PRIMARY KEY (lender, nonce));
"""


class Store:
    """One connection, one lock: what is answered was written to the disk before."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.executescript(SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything inside happens, or nothing."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()
