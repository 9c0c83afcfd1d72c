"""What the launcher says to the person at the terminal."""

from __future__ import annotations

import sys
from typing import Final

RECORD_END: Final = "\x1e"
"""Between the words of one command and those of the next (ASCII's record separator)."""


def say(line: str) -> None:
    """Write one line at once, so that nobody wonders whether anything happens."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
