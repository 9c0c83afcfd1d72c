"""One engine in a process of its own: ``python -m bench.portfolio.engines NAME FOLDER``.

Prints wall and processor seconds, the highest memory, and a digest of the core of the state. What
is compiled at first use is compiled on a book of nobody before the clock starts, libraries are
imported, and a Spark session counts from its start: its users wait for it, too.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.portfolio import peers
from chedai.policy.book import PolicyBook
from chedai.portfolio.closing import digest_of
from chedai.portfolio.columns import CONTRACTS, OPEN_ITEMS
from chedai.portfolio.embedded import close_tables, derived, facts_of
from chedai.portfolio.incremental import later, standing_of
from chedai.portfolio.kernel.arrays import contract_columns, item_columns
from chedai.portfolio.streaming import close_files
from chedai.portfolio.terms_of_policy import terms_on

BOOK = PolicyBook.load()


def terms(day: date = peers.AS_OF) -> Any:
    return terms_on(day, book=BOOK)


def warm() -> None:
    close_tables(CONTRACTS.empty_table(), OPEN_ITEMS.empty_table(), terms=terms(), threads=2)


def embedded(folder: Path) -> pa.Table:
    states: list[pa.Table] = []
    close_files(
        folder / "contracts.parquet",
        folder / "open_items.parquet",
        terms=terms(),
        sink=states.append,
        threads=2,
    )
    return pa.concat_tables(states)


def ibis_duckdb(folder: Path) -> pa.Table:
    from chedai.portfolio.expressions.engines import DuckDB, close_by

    paths = (folder / "contracts.parquet", folder / "open_items.parquet")
    return close_by(DuckDB(), *paths, terms=terms()).state


def loaded(folder: Path) -> tuple[pa.Table, pa.Table]:
    return tuple(
        pq.read_table(folder / f"{name}.parquet").combine_chunks()
        for name in ("contracts", "open_items")
    )


def in_ram(folder: Path) -> dict[str, float]:
    """Time the kernel on columns in memory, and a bare read of six of them, on both threads."""
    from concurrent.futures import ThreadPoolExecutor

    told, opened = loaded(folder)
    columns, items = contract_columns(told, terms()), item_columns(opened)
    six = [items.due_on, items.open_from, items.open_until, items.principal]
    six += [items.interest, items.charges]

    def stream() -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda column: column.sum(), six))

    def close() -> None:
        derived(columns, facts_of(columns, items, terms=terms(), threads=2), terms=terms())

    return {"stream": best(stream), "kernel": best(close)}


def incremental(folder: Path) -> dict[str, Any]:
    """Time the next day from the day before, in memory, and the full close of that day."""
    told, opened = loaded(folder)
    items = item_columns(opened)
    edges = np.searchsorted(items.contract_id, np.asarray(told["contract_id"]))
    edges = np.append(edges, len(items.contract_id))
    first = int(told["contract_id"][0].as_py())
    paid = items.open_until == (peers.AS_OF + timedelta(days=1) - date(1970, 1, 1)).days
    changed = np.unique(items.contract_id[paid])

    def items_of(ids: Any) -> Any:
        starts, stops = edges[ids - first], edges[ids - first + 1]
        counts = stops - starts
        rows = np.repeat(starts - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
        return type(items)(*(column[rows] for column in items))

    standing = standing_of(told, opened, terms=terms(), threads=2)
    tomorrow = terms(peers.AS_OF + timedelta(days=1))

    def step() -> Any:
        return later(standing, terms=tomorrow, items_of=items_of, changed=changed)

    seconds = best(lambda: step().close())
    full = close_tables(told, opened, terms=tomorrow)
    assert step().close().digests() == full.digests()
    return {"seconds": seconds, "read": step().read, "contracts": told.num_rows}


def best(run: Any, *, rounds: int = 5) -> float:
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        run()
        taken.append(time.perf_counter() - begun)
    return min(taken)


ENGINES = {
    "chedai, Parquet row groups": embedded,
    "chedai, Ibis on DuckDB": ibis_duckdb,
    "pandas": peers.by_pandas,
    "Polars, streaming": peers.by_polars,
    "DuckDB SQL": peers.by_duckdb,
    "PySpark local[2]": peers.by_spark,
    "DuckDB touching all columns": peers.touch_all,
    "in memory": in_ram,
    "incremental": incremental,
}


def used() -> float:
    """Return processor seconds of this process and of those it waited for."""
    own, waited = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + waited.ru_utime + waited.ru_stime


def main() -> None:
    name, folder = sys.argv[1], Path(sys.argv[2])
    warm()
    begun, begun_cpu = time.perf_counter(), used()
    result = ENGINES[name](folder)
    told: dict[str, Any] = {
        "seconds": time.perf_counter() - begun,
        "cpu_seconds": used() - begun_cpu,
        "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    }
    if isinstance(result, dict):
        told |= result
    elif result is not None:
        told["digest"] = digest_of(peers.plain(result.select(peers.CORE)))[:12]
    print(json.dumps(told))


if __name__ == "__main__":
    main()
