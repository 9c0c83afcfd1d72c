"""What the launcher says to the person at the terminal."""

from __future__ import annotations

import sys


def say(line: str) -> None:
    """Write one line at once, so that nobody wonders whether anything happens."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
