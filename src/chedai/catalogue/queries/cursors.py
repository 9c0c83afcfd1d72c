"""Where a page of a list ends, as text for the address bar."""

from __future__ import annotations

import base64
import binascii
import json


class UnreadableCursorError(Exception):
    """The cursor was not made by us."""


def cursor_of(*values: str | int) -> str:
    """Pack the sort key of the row a page ends with."""
    packed = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def read_cursor(cursor: str, length: int) -> list[str]:
    """Unpack a cursor of ``length`` values, the last of which is a row's number.

    Raises
    ------
    UnreadableCursorError
        It was not made by us.
    """
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        values = [str(value) for value in json.loads(packed)]
        is_row = 0 <= int(values[-1]) < 2**63
    except (ValueError, TypeError, IndexError, binascii.Error) as error:
        raise UnreadableCursorError(cursor) from error
    if not is_row or len(values) != length or any("\x00" in value for value in values):
        raise UnreadableCursorError(cursor)
    return values
