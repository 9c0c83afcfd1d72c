"""``chedai quote``: what is asked, where it goes, how it ends."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final, TextIO

from chedai.config.launch.refusal import EXIT_INTERRUPTED, EXIT_REFUSED
from chedai.config.launch.speech import complain
from chedai.config.quoting.batch import Count, quote_rows
from chedai.config.quoting.faults import Fault, QuoteRefusedError, plain, shown
from chedai.config.quoting.offers import Offer, offer_of
from chedai.config.quoting.options import offer_row, parsed
from chedai.config.quoting.pricing import Quote, price_offers
from chedai.config.quoting.progress import Progress
from chedai.config.quoting.reading import Row, Source, rows_of
from chedai.config.quoting.reading.csv_rows import CsvRows
from chedai.config.quoting.single import write_single
from chedai.config.quoting.writing import WRITERS
from chedai.config.quoting.writing.rejected import RejectedCsv, RejectedJson
from chedai.config.quoting.writing.whole_file import WholeFile

EXIT_DONE: Final = 0
EXIT_ROWS_REJECTED: Final = 1
SUFFIXES: Final = {".csv": "csv", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl"}
# A spreadsheet takes CSV for UTF-8 only when it begins like this.
ENCODINGS: Final = {"csv": "utf-8-sig"}


def quote(words: Sequence[str]) -> int:
    """Run the command; the return value is its exit code."""
    try:
        told = parsed(words)
        return _quote_file(told) if told.file else _quote_one(told)
    except QuoteRefusedError as refusal:
        complain(str(refusal))
        return EXIT_REFUSED
    except BrokenPipeError:
        # Whoever read the output has gone; nothing more is to be said, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_ROWS_REJECTED
    except OSError as error:
        complain(f"写到一半写不下去了（{error.strerror}），没有留下半个文件")
        return EXIT_REFUSED
    except KeyboardInterrupt:
        complain("停下了，没有留下半个文件")
        return EXIT_INTERRUPTED


def _quote_one(told: argparse.Namespace) -> int:
    offer = offer_of(1, offer_row(told))
    answer = price_offers([offer])[0] if isinstance(offer, Offer) else offer
    if not isinstance(answer, Quote):
        for fault in answer:
            complain(f"{fault.field}：{fault.message}")
        return EXIT_ROWS_REJECTED
    with _output(told) as (stream, kind):
        write_single(answer, stream, kind=kind, with_schedule=told.schedule)
    return EXIT_DONE


def _quote_file(told: argparse.Namespace) -> int:
    with ExitStack() as stack:
        source = stack.enter_context(Source(told.file))
        rows = rows_of(source)
        rejected_file = stack.enter_context(_Rejected(told, rows))
        stream, kind = stack.enter_context(_output(told))
        writer = WRITERS[kind](stream)
        progress = Progress(sys.stderr)

        def tell(count: Count) -> None:
            progress.tell(done=count.done, rejected=count.rejected, read_ratio=source.read_ratio)

        writer.begin()
        count = quote_rows(rows, writer, rejected_file, threads=told.threads, tell=tell)
        writer.end()
        rejected_file.keep()
    progress.end(_ending(count, told, rejected_file.path))
    return EXIT_ROWS_REJECTED if count.rejected else EXIT_DONE


def _ending(count: Count, told: argparse.Namespace, rejected: Path | None) -> str:
    ending = f"算好 {count.done:,} 行" + (f"，写在 {told.output}" if told.output else "")
    if not count.rejected:
        return f"{ending}，没有出错的行。"
    place = f"，改好 {rejected} 里的再算一次" if rejected else "，见上面"
    return f"{ending}；{count.rejected:,} 行有误{place}。"


@contextmanager
def _output(told: argparse.Namespace) -> Iterator[tuple[TextIO, str]]:
    """Open where the quotes go; a file appears only when everything is in it."""
    if not told.output:
        yield sys.stdout, told.format or "table"
        sys.stdout.flush()
        return
    path = Path(told.output)
    kind = told.format or SUFFIXES.get(path.suffix.lower(), "csv")
    _refuse_same(told.file, path)
    with WholeFile(path, encoding=ENCODINGS.get(kind, "utf-8")) as whole:
        yield whole.stream, kind
        whole.keep()


class _Rejected:
    """Rejected rows: a file beside the output, or standard error when there is none."""

    def __init__(self, told: argparse.Namespace, rows: object) -> None:
        is_csv = isinstance(rows, CsvRows)
        self.path = _rejected_path(told, is_csv=is_csv)
        self._is_any = False
        self._file = None
        if self.path is None:
            return
        for taken in (told.file, told.output):
            _refuse_same(taken, self.path)
        encoding = "utf-8-sig" if is_csv else "utf-8"
        self._file = WholeFile(self.path, encoding=encoding)
        make = RejectedCsv if is_csv else RejectedJson
        self._writer = make(self._file.stream, rows.headings if isinstance(rows, CsvRows) else ())
        self._writer.begin()

    def __enter__(self) -> _Rejected:
        return self

    def __exit__(self, *_told: object) -> None:
        if self._file is not None:
            self._file.__exit__(None, None, None)

    def write(self, row: Row, faults: Sequence[Fault]) -> None:
        self._is_any = True
        if self._file is None:
            for fault in faults:
                complain(f"第 {row.line} 行 {fault.field}：{plain(fault.message)}")
        else:
            self._writer.write(row, faults)

    def keep(self) -> None:
        """Let the file appear if it says anything, or if an older one would be taken for it."""
        if (
            self._file is not None
            and self.path is not None
            and (self._is_any or self.path.exists())
        ):
            self._file.keep()


def _rejected_path(told: argparse.Namespace, *, is_csv: bool) -> Path | None:
    if told.rejected:
        return Path(told.rejected)
    if not told.output:
        return None
    suffix = ".csv" if is_csv else ".jsonl"
    output = Path(told.output)
    _refuse_folder(output)
    return output.with_name(f"{output.stem}.rejected{suffix}")


def _refuse_same(taken: str | None, path: Path) -> None:
    """Refuse to write over what is being read, or two results into one file.

    Raises
    ------
    QuoteRefusedError
        Both are the same file.
    """
    _refuse_folder(path)
    if taken and taken != "-" and Path(taken).resolve() == path.resolve():
        raise QuoteRefusedError(f"{shown(str(path))} 不能同时是另一个文件，请换一个名字")


def _refuse_folder(path: Path) -> None:
    if path.is_dir():
        raise QuoteRefusedError(f"{shown(str(path))} 是文件夹，请写文件名")
