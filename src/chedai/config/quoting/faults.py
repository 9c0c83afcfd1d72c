"""Two ways of saying no: to one row, and to a whole file or command."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

SHOWN_MAX: Final = 40
UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})
"""Control characters, format characters, halves of a pair; not the private area of GB18030."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one entry of a row: the column's name and what to do."""

    field: str
    message: str


class CellError(ValueError):
    """The text of a cell is not what its column takes; the message says what it takes."""


class QuoteRefusedError(Exception):
    """A file or a command cannot be worked on at all; nothing has been written."""


def shown(text: str) -> str:
    """Quote somebody else's text: short, and without what would steer a terminal."""
    short = text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}…"
    return f"“{plain(short)}”"


def plain(text: str) -> str:
    """Replace control characters and the like by a visible mark."""
    return "".join("�" if unicodedata.category(char) in UNSEEN else char for char in text)


def has_unseen(text: str) -> bool:
    """Whether a text has characters that nobody sees."""
    return any(unicodedata.category(char) in UNSEEN for char in text)
