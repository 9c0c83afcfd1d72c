"""A file that is there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from chedai.config.quoting.faults import QuoteRefusedError, shown


class WholeFile:
    """Written beside its place under another name; ``keep`` puts it there, leaving discards it."""

    def __init__(self, path: Path, *, encoding: str) -> None:
        self.path = path
        self._partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
        try:
            self.stream: TextIO = self._partial.open(
                "x", encoding=encoding, errors="replace", newline=""
            )
        except OSError as error:
            raise QuoteRefusedError(f"写不了 {shown(str(path))}：{error.strerror}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if not self.stream.closed:
            self._discard()

    def keep(self) -> None:
        """Make the file appear, replacing what stood there."""
        self.stream.flush()
        os.fsync(self.stream.fileno())
        self.stream.close()
        try:
            self._partial.replace(self.path)
        except OSError:
            self._partial.unlink(missing_ok=True)
            raise

    def _discard(self) -> None:
        # What could not be written once (a full disk) is not tried again.
        with contextlib.suppress(OSError):
            self.stream.close()
        self._partial.unlink(missing_ok=True)
