"""The menu of faults: each is ordered by count, and used up one by one."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Final

from chedai.lenders.sandbox.store import Store

FAULTS: Final[Mapping[str, str]] = {
    "slow": "答得很慢：等 SLOW_SECONDS 秒才处理",
    "server_error": "什么也没做就答 503",
    "lost_answer": "收下了，但回答丢在路上（502）",
    "duplicate_callback": "同一件事通知两遍",
    "out_of_order": "后发生的先通知",
    "wrong_signature": "通知的签名不对",
    "schema_drift": "回答里少了约定的字段",
}
COUNT_MAX: Final = 1_000_000


class UnknownFaultError(ValueError):
    """No fault has this name, or the count is no number."""


def order(store: Store, lender: str, wanted: Mapping[str, object]) -> None:
    """Put faults on the list of one lender; 0 takes one off.

    Raises
    ------
    UnknownFaultError
        No such fault, or no such count.
    """
    for kind, count in wanted.items():
        is_count = isinstance(count, int) and not isinstance(count, bool)
        if kind not in FAULTS or not is_count or not 0 <= count <= COUNT_MAX:  # type: ignore[operator]
            raise UnknownFaultError(f"没有“{kind}”这种故障，或次数不对；可选：{'、'.join(FAULTS)}")
    with store.transaction() as rows:
        for kind, count in wanted.items():
            rows.execute("INSERT OR REPLACE INTO fault VALUES (?, ?, ?)", (lender, kind, count))


def ordered(store: Store, lender: str) -> dict[str, int]:
    """List what is still to go wrong at one lender."""
    with store.transaction() as rows:
        found = rows.execute("SELECT kind, count FROM fault WHERE lender = ?", (lender,))
        return {row["kind"]: row["count"] for row in found if row["count"]}


def take(rows: sqlite3.Connection, lender: str, kind: str) -> bool:
    """Use up one fault of this kind, if one is ordered."""
    used = rows.execute(
        "UPDATE fault SET count = count - 1 WHERE lender = ? AND kind = ? AND count > 0",
        (lender, kind),
    )
    return used.rowcount == 1
