"""The bytes a hash covers, spelt exactly as ``audit_canonical`` in SQL spells them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def canonical(*fields: str | None) -> str:
    """Join fields as netstrings (bytes counted); None is a dash, unlike any text."""
    return ",".join("-" if field is None else f"{len(field.encode())}:{field}" for field in fields)


def microseconds(at: datetime) -> int:
    """Whole microseconds since 1970, exact."""
    return (at - EPOCH) // timedelta(microseconds=1)
