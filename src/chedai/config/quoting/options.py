"""The words after ``chedai quote``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Final, NoReturn

from chedai.config.quoting.columns import COLUMNS
from chedai.config.quoting.faults import QuoteRefusedError, plain
from chedai.config.quoting.writing import WRITERS

THREADS_MAX: Final = 64
USAGE: Final = """\
chedai quote --principal 12万 --term 36 --rate 5.88% [--fees 2000] [--schedule]
       chedai quote 文件.csv --output 结果.csv"""
TOLD: Final = """\
算一笔贷款或一整个文件的真实成本，不用数据库。
Quote one offer, or a file of them, at its true cost; needs no database."""
AFTER: Final = """\
文件：CSV（第一行是标题）或 JSON，UTF-8 或 GB18030；“-” 是标准输入。标题用上面的长名字或中文名。
退出码：0 全部算好；1 有的行有误；2 文件或命令本身不行，什么都没有写。
说明见 docs/howto/quote_a_file.md"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise QuoteRefusedError(
            f"命令写得不对（{plain(message)}）。chedai quote --help 有用法和例子"
        )


def parsed(words: Sequence[str]) -> argparse.Namespace:
    """Read the options.

    Raises
    ------
    QuoteRefusedError
        An option is unknown, or one offer and a file are asked for together.
    """
    told = _parser().parse_args(words)
    offer = offer_row(told)
    if told.file and (offer or told.schedule):
        raise QuoteRefusedError("要么给文件，要么用选项给一笔贷款，不能一起给")
    if not told.file and not offer:
        raise QuoteRefusedError("请给一笔贷款（--principal、--term、--rate）或一个文件")
    if told.rejected and not told.file:
        raise QuoteRefusedError("--rejected 要和文件一起用")
    if not 1 <= told.threads <= THREADS_MAX:
        raise QuoteRefusedError(f"--threads 须在 1 与 {THREADS_MAX} 之间")
    return told


def offer_row(told: argparse.Namespace) -> dict[str, str]:
    """Collect the entries of one offer by column, as they were typed."""
    typed = {column.name: getattr(told, column.name) for column in COLUMNS}
    return {name: text for name, text in typed.items() if text and text.strip()}


def _parser() -> _Parser:
    parser = _Parser(
        prog="chedai quote",
        usage=USAGE.replace("%", "%%"),
        description=TOLD,
        epilog=AFTER,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("file", nargs="?", metavar="文件", help="要算的文件；“-” 是标准输入")
    parser.add_argument("--output", metavar="文件", help="结果写到哪里；不写就显示出来")
    parser.add_argument("--rejected", metavar="文件", help="有误的行写到哪里（默认在结果旁边）")
    parser.add_argument(
        "--format", choices=tuple(WRITERS), help="结果的格式；默认看 --output 的后缀，显示用 table"
    )
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="用几个线程，默认 1")
    parser.add_argument("--schedule", action="store_true", help="一笔贷款时，连同每一期")
    offer = parser.add_argument_group("一笔贷款（也是文件里的列）")
    for column in COLUMNS:
        offer.add_argument(
            column.option,
            dest=column.name,
            metavar=column.labels[0],
            help=f"{column.name}：{column.told}".replace("%", "%%"),
        )
    return parser
