"""A file to read twice: once to know its encoding and size, once for its rows."""

from __future__ import annotations

import codecs
import io
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from chedai.config.quoting.faults import QuoteRefusedError, shown

STANDARD_INPUT: Final = "-"
BLOCK_BYTES: Final = 1 << 20
LINE_LENGTH_MAX: Final = 1 << 20
ENCODINGS: Final = ("utf-8", "gb18030")
BEGINNINGS: Final = {
    b"PK\x03\x04": "这是 Excel 工作簿或压缩包，请在 Excel 里另存为“CSV UTF-8”再试",
    b"\xd0\xcf\x11\xe0": "这是旧版 Excel 工作簿，请在 Excel 里另存为“CSV UTF-8”再试",
    codecs.BOM_UTF16_LE: "这是 UTF-16 编码的文件，请另存为 UTF-8 再试",
    codecs.BOM_UTF16_BE: "这是 UTF-16 编码的文件，请另存为 UTF-8 再试",
}


class Source:
    """An open file of text; standard input and pipes are laid down in a temporary file first."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._binary = _opened(path)
        self.size_bytes = self._binary.seek(0, io.SEEK_END)
        try:
            self.encoding = encoding_of(self._binary)
        except QuoteRefusedError:
            self._binary.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._binary.close()

    @property
    def read_ratio(self) -> float:
        """How much of the file has been taken in."""
        return self._binary.tell() / self.size_bytes

    def first_char(self) -> str:
        """Return the first character that is not blank."""
        for line in self.lines():
            if line.strip():
                return line.lstrip()[0]
        raise QuoteRefusedError(f"{shown(self.path)} 里没有内容")

    def lines(self) -> Iterator[str]:
        """Read line by line from the start, line ends kept."""
        number = 0
        with self._from_start() as text:
            while line := text.readline(LINE_LENGTH_MAX):
                number += 1
                if len(line) == LINE_LENGTH_MAX and not line.endswith("\n"):
                    raise QuoteRefusedError(
                        f"第 {number} 行超过 {LINE_LENGTH_MAX:,} 个字，请看是不是少了引号或换行"
                    )
                yield line

    def blocks(self, length: int) -> Iterator[str]:
        """Read from the start in pieces."""
        with self._from_start() as text:
            while block := text.read(length):
                yield block

    @contextmanager
    def _from_start(self) -> Iterator[io.TextIOWrapper]:
        self._binary.seek(0)
        name = "utf-8-sig" if self.encoding == "utf-8" else self.encoding
        text = io.TextIOWrapper(self._binary, encoding=name, newline="")
        try:
            yield text
        finally:
            # A reader of text closes its file when it is forgotten; the file is read again.
            if not self._binary.closed:
                text.detach()


def encoding_of(binary: BinaryIO) -> str:
    """Find the encoding that the whole file is in, UTF-8 before GB18030.

    Raises
    ------
    QuoteRefusedError
        The file is empty, is a workbook, or is in neither encoding.
    """
    binary.seek(0)
    beginning = binary.read(4)
    if not beginning:
        raise QuoteRefusedError("文件是空的")
    for signature, advice in BEGINNINGS.items():
        if beginning.startswith(signature):
            raise QuoteRefusedError(advice)
    for name in ENCODINGS:
        if _is_in(binary, name):
            return name
    raise QuoteRefusedError(
        "文件既不是 UTF-8 也不是 GB18030 编码的文字，请用 Excel 另存为“CSV UTF-8”再试"
    )


def _is_in(binary: BinaryIO, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    binary.seek(0)
    try:
        while block := binary.read(BLOCK_BYTES):
            if "\0" in decoder.decode(block):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _opened(path: str) -> BinaryIO:
    if path == STANDARD_INPUT:
        return _laid_down(sys.stdin.buffer)
    try:
        binary = Path(path).open("rb")  # noqa: SIM115
    except FileNotFoundError:
        raise QuoteRefusedError(f"没有文件 {shown(path)}") from None
    except OSError as error:
        raise QuoteRefusedError(f"打不开 {shown(path)}：{error.strerror}") from error
    if binary.seekable():
        return binary
    with binary:
        return _laid_down(binary)


def _laid_down(stream: BinaryIO) -> BinaryIO:
    kept = tempfile.TemporaryFile()  # noqa: SIM115
    shutil.copyfileobj(stream, kept)
    return kept
