"""How far a file has come, on standard error: rows that are done, the part of the file read."""

from __future__ import annotations

from typing import Final, TextIO

TENTHS: Final = 10


class Progress:
    """One line that is written over at a terminal; elsewhere a line for every tenth."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_terminal = stream.isatty()
        self._tenth = 0

    def tell(self, *, done: int, rejected: int, read_ratio: float) -> None:
        """Say how many rows are done; nothing is estimated."""
        line = f"已读 {read_ratio:.0%}，算好 {done:,} 行，有误 {rejected:,} 行"
        if self._is_terminal:
            self._stream.write(f"\r\x1b[K{line}")
        elif int(read_ratio * TENTHS) > self._tenth:
            self._tenth = int(read_ratio * TENTHS)
            self._stream.write(f"{line}\n")
        self._stream.flush()

    def end(self, line: str) -> None:
        """Say how it ended, on a line of its own."""
        self._stream.write(f"\r\x1b[K{line}\n" if self._is_terminal else f"{line}\n")
        self._stream.flush()
