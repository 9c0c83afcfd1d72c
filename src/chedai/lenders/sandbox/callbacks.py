"""Telling Chedai what happened: signed, again until it is taken, and wrong when asked to be."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

import httpx

from chedai.lenders.port import signed_headers
from chedai.lenders.sandbox import faults
from chedai.lenders.sandbox.store import Store

BATCH: Final = 50
BACK_OFF_SECONDS_MAX: Final = 300.0
TRIES_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class Told:
    """One event on its way: whose, to which address, with which body."""

    lender: str
    ref: str
    sequence: int
    body: str
    tries: int


@dataclass(frozen=True)
class CallbackPump:
    """Sends what became visible. ``address_of`` gives the address of a lender's callbacks."""

    store: Store
    address_of: Callable[[str], str]
    secret_of: Callable[[str], bytes]
    clock: Callable[[], datetime]
    client: httpx.Client

    def turn(self) -> int:
        """Try everything that is due once; how many were taken."""
        with self.store.transaction() as rows:
            due = self._due(rows)
        return sum(self._tell(told) for told in due)

    def _due(self, rows: sqlite3.Connection) -> list[Told]:
        found = rows.execute(
            "SELECT lender, ref, sequence, body, tries FROM event"
            " WHERE delivered = 0 AND next_try_at <= ? AND tries < ?"
            " ORDER BY next_try_at, sequence LIMIT ?",
            (self.clock().timestamp(), TRIES_MAX, BATCH),
        )
        due = [Told(r["lender"], r["ref"], r["sequence"], r["body"], r["tries"]) for r in found]
        swapped = {told.lender for told in due} if len(due) > 1 else set()
        if any(faults.take(rows, lender, "out_of_order") for lender in sorted(swapped)):
            due.reverse()
        return due

    def _tell(self, told: Told) -> bool:
        with self.store.transaction() as rows:
            is_forged = faults.take(rows, told.lender, "wrong_signature")
            is_twice = faults.take(rows, told.lender, "duplicate_callback")
        taken = self._post(told, is_forged=is_forged)
        if taken and is_twice:
            self._post(told, is_forged=False)
        with self.store.transaction() as rows:
            wait = min(2.0**told.tries, BACK_OFF_SECONDS_MAX)
            rows.execute(
                "UPDATE event SET delivered = ?, tries = tries + 1, next_try_at = ?"
                " WHERE lender = ? AND ref = ? AND sequence = ?",
                (
                    int(taken),
                    self.clock().timestamp() + wait,
                    told.lender,
                    told.ref,
                    told.sequence,
                ),
            )
        return taken

    def _post(self, told: Told, *, is_forged: bool) -> bool:
        address = self.address_of(told.lender)
        body = json.dumps(json.loads(told.body), ensure_ascii=False).encode()
        secret = secrets.token_bytes(32) if is_forged else self.secret_of(told.lender)
        headers = signed_headers(
            secret,
            method="POST",
            path=urlsplit(address).path,
            body=body,
            at=self.clock(),
            nonce=secrets.token_hex(16),
        )
        try:
            answer = self.client.post(
                address, content=body, headers={**headers, "content-type": "application/json"}
            )
        except httpx.HTTPError:
            return False
        return answer.is_success
