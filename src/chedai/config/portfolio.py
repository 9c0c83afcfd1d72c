"""``chedai portfolio``: close the book from files, or share payments out into open items.

The command line imports this only when it is asked for: other commands start without Arrow and the
compiler.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow.parquet as pq

from chedai.config.launch.speech import complain, say
from chedai.policy.book import PolicyBook
from chedai.portfolio.allocation.batch import open_items_of
from chedai.portfolio.embedded import close_tables
from chedai.portfolio.streaming import BookFileError, close_files
from chedai.portfolio.terms_of_policy import terms_on
from chedai.portfolio.writing import SETTINGS, written_close, written_file

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from chedai.portfolio.expressions.engines import Engine
    from chedai.portfolio.terms import CloseTerms

EXIT_REFUSED: Final = 2

BUCKETS: Final = ("M0", "M1", "M2", "M3", "M4", "M5", "M6", "M7")


def portfolio(words: list[str]) -> int:
    """Run one command; what the book refuses is said in a line, without a trace."""
    told = _parser().parse_args(words)
    run: Callable[[argparse.Namespace], int] = told.run
    try:
        return run(told)
    except (ValueError, LookupError, OSError) as refusal:
        _end_progress()
        complain(f"{type(refusal).__name__}：{_sentence(refusal)}")
        return EXIT_REFUSED


def _sentence(refusal: BaseException) -> str:
    if isinstance(refusal, OSError) and refusal.strerror:
        return str(refusal.strerror)
    return str(refusal.args[0]) if refusal.args else str(refusal)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="chedai portfolio", description="全部贷款一次关账 Close the whole book"
    )
    commands = parser.add_subparsers(required=True)
    close = commands.add_parser("close", help="关账任意一天 Close the book as of any day")
    close.set_defaults(run=_close)
    _add_files(close)
    close.add_argument("--as-of", type=date.fromisoformat, required=True, help="关账日 2026-06-30")
    close.add_argument("--compared-on", type=date.fromisoformat, help="对比日，默认上月末")
    close.add_argument("--policy-on", type=date.fromisoformat, help="按哪天的政策，默认关账日")
    close.add_argument("--open-items", type=Path, help="已分摊的 open_items.parquet")
    close.add_argument("--loss-method", choices=("bucket", "pd_lgd"), default="bucket")
    close.add_argument("--engine", choices=tuple(ENGINES), default="embedded")
    close.add_argument("--master", help="Spark 集群地址 spark://…，与 --engine spark 同用")
    close.add_argument("--json", action="store_true", help="结果以 JSON 写到标准输出")
    allocate = commands.add_parser("allocate", help="分摊还款 Payments into open items")
    allocate.set_defaults(run=_allocate)
    _add_files(allocate)
    return parser


def _add_files(command: argparse.ArgumentParser) -> None:
    command.add_argument("--contracts", type=Path, required=True)
    command.add_argument("--instalments", type=Path)
    command.add_argument("--payments", type=Path)
    command.add_argument("--pauses", type=Path)
    command.add_argument("--known-until", type=date.fromisoformat, help="还款日最晚到哪天")
    command.add_argument("--accepts-twins", action="store_true", help="同日同额的付款已核对")
    command.add_argument("--out", type=Path, required=True)


def _allocate(told: argparse.Namespace) -> int:

    items = _open_items(told, known_until=told.known_until)
    with written_file(told.out) as aside:
        pq.write_table(items, aside, **SETTINGS)
    say(f"{told.out}：{items.num_rows:,} 行")
    return 0


def _open_items(told: argparse.Namespace, *, known_until: date | None) -> pa.Table:
    if told.instalments is None or told.payments is None or known_until is None:
        raise ValueError("请给出 --instalments、--payments 和 --known-until，或给出 --open-items")
    tables = [_read(path) for path in (told.contracts, told.instalments, told.payments)]
    return open_items_of(
        *tables,
        known_until=known_until,
        pauses=_read(told.pauses) if told.pauses else None,
        accepts_twins=told.accepts_twins,
    )


def _read(path: Path) -> pa.Table:

    try:
        return pq.read_table(path)
    except FileNotFoundError as error:
        raise BookFileError(f"没有文件 {path}，请核对路径") from error


def _close(told: argparse.Namespace) -> int:
    changed = {"compared_on": told.compared_on} if told.compared_on else {}
    terms = terms_on(
        told.as_of,
        book=PolicyBook.load(),
        policy_on=told.policy_on,
        loss_method=told.loss_method,
        **changed,
    )
    with written_close(told.out, terms=terms) as writer:
        figures = ENGINES[told.engine](told, terms, writer.add_state)
        manifest = writer.finish(figures)
    _end_progress()
    _show(manifest, figures, told)
    return 0


def _close_embedded(
    told: argparse.Namespace, terms: CloseTerms, sink: Callable[[pa.Table], None]
) -> dict[str, pa.Table]:
    if told.open_items:
        return close_files(
            told.contracts, told.open_items, terms=terms, sink=sink, progress=_progress, threads=2
        )
    items = _open_items(told, known_until=told.known_until or told.as_of)
    close = close_tables(_read(told.contracts), items, terms=terms, threads=2)
    sink(close.state)
    return dict(close.figures)


def _close_by_duckdb(
    told: argparse.Namespace, terms: CloseTerms, sink: Callable[[pa.Table], None]
) -> dict[str, pa.Table]:
    from chedai.portfolio.expressions.engines import DuckDB  # noqa: PLC0415  five seconds

    return _close_by(DuckDB(), told, terms, sink)


def _close_by_spark(
    told: argparse.Namespace, terms: CloseTerms, sink: Callable[[pa.Table], None]
) -> dict[str, pa.Table]:
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415  only where it is installed
    except ModuleNotFoundError as error:
        raise LookupError("没有安装 pyspark，请先安装，或改用 --engine embedded") from error
    from chedai.portfolio.expressions.engines import Spark  # noqa: PLC0415

    builder = SparkSession.builder.master(told.master or "local[*]").appName("chedai")
    session = builder.config("spark.ui.enabled", "false").getOrCreate()
    try:
        return _close_by(Spark(session), told, terms, sink)
    finally:
        session.stop()


def _close_by(
    engine: Engine, told: argparse.Namespace, terms: CloseTerms, sink: Callable[[pa.Table], None]
) -> dict[str, pa.Table]:
    from chedai.portfolio.expressions.engines import close_by  # noqa: PLC0415

    if not told.open_items:
        raise ValueError("此引擎只读 --open-items，请先用 chedai portfolio allocate 生成")
    close = close_by(engine, told.contracts, told.open_items, terms=terms)
    sink(close.state)
    return dict(close.figures)


ENGINES: Final[dict[str, Callable[..., dict[str, Any]]]] = {
    "embedded": _close_embedded,
    "duckdb": _close_by_duckdb,
    "spark": _close_by_spark,
}


def _progress(done: int, total: int) -> None:
    percent = done * 100 // total
    sys.stderr.write(f"\r{done:,}/{total:,} 份合同 {percent}%")
    sys.stderr.flush()


def _end_progress() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\n")


def _show(manifest: dict[str, Any], figures: dict[str, pa.Table], told: argparse.Namespace) -> None:
    if told.json:
        tables = {name: table.to_pylist() for name, table in figures.items()}
        say(json.dumps({**manifest, "figures": tables}, ensure_ascii=False, default=str))
        return
    say(f"{manifest['as_of']} 关账 {manifest['contracts']:,} 份合同 → {told.out}")
    say("账龄段        户数            剩余本金            逾期本金            预期损失")
    for row in figures["by_bucket"].to_pylist():
        amounts = (row["outstanding_fen"], row["overdue_principal_fen"], row["expected_loss_fen"])
        shown = "".join(f"{fen // 100:>20,}" for fen in amounts)
        say(f"{BUCKETS[row['bucket']]:<6}{row['contracts']:>12,}{shown}")
    say(f"金额单位：元（舍去分）；口径见 close.json，状态摘要 {manifest['digests']['state'][:16]}")
