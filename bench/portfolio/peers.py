"""The core of a close written plainly for each peer: what its users would write.

Peers compute the balances, days past due, buckets at both closes and lateness of every contract,
and nothing else: no observation before an upgrade, no vintages, no expected loss. Ours computes
everything, so that ratios are on the safe side. All of them give the same digest of the core.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

AS_OF = date(2026, 6, 15)
BEFORE = date(2026, 5, 31)
CORE = (
    *("contract_id", "outstanding_principal_fen", "overdue_principal_fen", "overdue_interest_fen"),
    *("overdue_charges_fen", "oldest_unpaid_due_on", "days_past_due", "bucket"),
    *("outstanding_before_fen", "bucket_before", "worst_days_past_due", "first_late_days"),
)


def by_pandas(folder: Path) -> pa.Table:
    import numpy as np
    import pandas as pd

    contracts = pd.read_parquet(folder / "contracts.parquet", dtype_backend="pyarrow")
    items = pq.read_table(folder / "open_items.parquet").to_pandas(date_as_object=False)
    for name in ("due_on", "open_from", "open_until"):
        items[name] = items[name].to_numpy("datetime64[D]").astype("int64")
    now, before = (np.datetime64(day).astype("int64") for day in (AS_OF, BEFORE))
    items = items[items["open_from"] <= now]

    def past_due(end):
        counted = np.where(items["is_counting"], end, items["open_from"])
        return counted - items["due_on"] - items["paused_days"]

    is_open = items["open_until"] > now
    overdue = is_open & (items["due_on"] < now)
    was_open = (items["open_from"] <= before) & (items["open_until"] > before)
    frame = pd.DataFrame(
        {
            "contract_id": items["contract_id"],
            "outstanding_principal_fen": items["principal_fen"].where(is_open, 0),
            "overdue_principal_fen": items["principal_fen"].where(overdue, 0),
            "overdue_interest_fen": items["interest_fen"].where(overdue, 0),
            "overdue_charges_fen": items["charges_fen"].where(overdue, 0),
            "outstanding_before_fen": items["principal_fen"].where(was_open, 0),
        }
    )
    sums = frame.groupby("contract_id").sum()
    late = np.where(items["due_on"] < now, past_due(np.minimum(now, items["open_until"])), 0)
    frame = pd.DataFrame(
        {
            "contract_id": items["contract_id"],
            "days": np.where(overdue, past_due(now), 0),
            "before": np.where(was_open & (items["due_on"] < before), past_due(before), 0),
            "worst": np.maximum(late, 0),
            "first": np.where(items["number"] == 1, np.maximum(late, 0), 0),
        }
    )
    most = frame.groupby("contract_id").max()
    oldest = items["due_on"][overdue].groupby(items["contract_id"][overdue]).min()
    told = contracts.set_index("contract_id")
    told = told[told["disbursed_on"] <= AS_OF]
    grace = told["grace_days"].astype("int64")
    days, days_before, worst, first = (
        most[name].reindex(told.index).where(most[name].reindex(told.index) > grace, 0)
        for name in ("days", "before", "worst", "first")
    )
    was_there = (told["disbursed_on"] <= BEFORE).to_numpy(bool)
    columns = {name: sums[name].reindex(told.index).to_numpy() for name in sums.columns}
    due = oldest.reindex(told.index)
    return plain(
        {
            **columns,
            "contract_id": told.index.to_numpy("int64"),
            "oldest_unpaid_due_on": pa.array(
                due.fillna(0).to_numpy("int32"), mask=due.isna().to_numpy()
            ),
            "days_past_due": days.to_numpy("int64"),
            "bucket": np.minimum(7, (days.to_numpy("int64") + 29) // 30),
            "bucket_before": pa.array(
                np.minimum(7, (days_before.to_numpy("int64") + 29) // 30), mask=~was_there
            ),
            "worst_days_past_due": worst.to_numpy("int64"),
            "first_late_days": first.to_numpy("int64"),
        }
    )


def by_polars(folder: Path) -> pa.Table:
    import polars as pl

    items = pl.scan_parquet(folder / "open_items.parquet").filter(pl.col("open_from") <= AS_OF)
    contracts = pl.scan_parquet(folder / "contracts.parquet")

    def past_due(end):
        counted = pl.when("is_counting").then(end).otherwise(pl.col("open_from"))
        return (counted - pl.col("due_on")).dt.total_days().cast(pl.Int32) - pl.col("paused_days")

    now, before = pl.lit(AS_OF), pl.lit(BEFORE)
    is_open = pl.col("open_until") > now
    overdue = is_open & (pl.col("due_on") < now)
    was_open = (pl.col("open_from") <= before) & (pl.col("open_until") > before)
    late = pl.when(pl.col("due_on") < now).then(past_due(pl.min_horizontal(now, "open_until")))
    fen = {
        "outstanding_principal_fen": ("principal_fen", is_open),
        "overdue_principal_fen": ("principal_fen", overdue),
        "overdue_interest_fen": ("interest_fen", overdue),
        "overdue_charges_fen": ("charges_fen", overdue),
        "outstanding_before_fen": ("principal_fen", was_open),
    }
    facts = items.group_by("contract_id").agg(
        *(pl.col(column).filter(where).sum().alias(name) for name, (column, where) in fen.items()),
        pl.col("due_on").filter(overdue).min().alias("oldest_unpaid_due_on"),
        past_due(now).filter(overdue).max().fill_null(0).alias("days"),
        past_due(before).filter(was_open & (pl.col("due_on") < before)).max().alias("before"),
        late.max().fill_null(0).alias("worst"),
        late.filter(pl.col("number") == 1).max().fill_null(0).alias("first"),
    )
    joined = contracts.filter(pl.col("disbursed_on") <= now).join(facts, on="contract_id")

    def graced(name):
        return pl.when(pl.col(name) > pl.col("grace_days")).then(pl.col(name)).otherwise(0)

    def bucket(days):
        return pl.min_horizontal(7, (days + 29) // 30)

    was_there = pl.col("disbursed_on") <= before
    result = joined.with_columns(
        days_past_due=graced("days"),
        bucket=bucket(graced("days")),
        bucket_before=pl.when(was_there).then(bucket(graced("before"))),
        worst_days_past_due=graced("worst"),
        first_late_days=graced("first"),
    ).sort("contract_id")
    return plain(result.select(CORE).collect(engine="streaming").to_arrow())


SQL = """
WITH days AS (
  SELECT *, date_diff('day', due_on,
      CASE WHEN is_counting THEN DATE '{now}' ELSE open_from END) - paused_days AS d,
    date_diff('day', due_on,
      CASE WHEN is_counting THEN DATE '{before}' ELSE open_from END) - paused_days AS b,
    CASE WHEN due_on < DATE '{now}' THEN date_diff('day', due_on,
      CASE WHEN is_counting THEN least(DATE '{now}', open_until) ELSE open_from END)
        - paused_days ELSE 0 END AS late,
    open_until > DATE '{now}' AS is_open,
    open_until > DATE '{now}' AND due_on < DATE '{now}' AS overdue,
    open_from <= DATE '{before}' AND open_until > DATE '{before}' AS was_open
  FROM {items} WHERE open_from <= DATE '{now}'
), facts AS (
  SELECT contract_id, sum(principal_fen) FILTER (WHERE is_open) AS o,
    sum(principal_fen) FILTER (WHERE overdue) AS p, sum(interest_fen) FILTER (WHERE overdue) AS i,
    sum(charges_fen) FILTER (WHERE overdue) AS c, sum(principal_fen) FILTER (WHERE was_open) AS ob,
    min(due_on) FILTER (WHERE overdue) AS oldest, max(d) FILTER (WHERE overdue) AS days,
    max(b) FILTER (WHERE was_open AND due_on < DATE '{before}') AS before, max(late) AS worst,
    max(late) FILTER (WHERE number = 1) AS first
  FROM days GROUP BY contract_id
), graced AS (
  SELECT *, CASE WHEN days > grace_days THEN days ELSE 0 END AS dpd,
    CASE WHEN before > grace_days THEN before ELSE 0 END AS dpd_before
  FROM {contracts} JOIN facts USING (contract_id) WHERE disbursed_on <= DATE '{now}'
)
SELECT contract_id, coalesce(o, 0) AS outstanding_principal_fen,
  coalesce(p, 0) AS overdue_principal_fen, coalesce(i, 0) AS overdue_interest_fen,
  coalesce(c, 0) AS overdue_charges_fen, oldest AS oldest_unpaid_due_on, dpd AS days_past_due,
  least(7, (dpd + 29) // 30) AS bucket, coalesce(ob, 0) AS outstanding_before_fen,
  CASE WHEN disbursed_on <= DATE '{before}' THEN least(7, (dpd_before + 29) // 30) END
    AS bucket_before,
  CASE WHEN worst > grace_days THEN worst ELSE 0 END AS worst_days_past_due,
  CASE WHEN first > grace_days THEN first ELSE 0 END AS first_late_days
FROM graced ORDER BY contract_id
"""


def statement(items: str, contracts: str) -> str:
    return SQL.format(now=AS_OF, before=BEFORE, items=items, contracts=contracts)


def by_duckdb(folder: Path) -> pa.Table:
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        paths = (f"'{folder / name}.parquet'" for name in ("open_items", "contracts"))
        return plain(connection.sql(statement(*paths)).to_arrow_table())


def by_spark(folder: Path) -> pa.Table:
    from tests.portfolio.expressions.cluster import java_home

    os.environ.setdefault("JAVA_HOME", java_home())
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.memory", "4g").config("spark.sql.ansi.enabled", "true")
    session = builder.config("spark.sql.shuffle.partitions", "4").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    for name in ("open_items", "contracts"):
        session.read.parquet(str(folder / f"{name}.parquet")).createOrReplaceTempView(name)
    sql = statement("open_items", "contracts").replace("//", "DIV")
    result = plain(session.sql(sql.replace("date_diff('day'", "date_diff(DAY")).toArrow())
    session.stop()
    return result


def touch_all(folder: Path) -> None:
    """Decode every column of every open item, and do nothing with it: the floor."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        path = folder / "open_items.parquet"
        connection.execute(
            f"SELECT sum(contract_id), sum(number), max(due_on), max(open_from), max(open_until), "
            f"sum(paused_days), sum(is_counting::INT), sum(principal_fen), sum(interest_fen), "
            f"sum(charges_fen) FROM '{path}'"
        ).fetchall()


def plain(columns) -> pa.Table:
    """Return the core columns in the types of the state."""
    from chedai.portfolio.columns import STATE

    arrays = []
    for name in CORE:
        values = columns[name]
        array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else pa.array(values)
        kind = STATE.field(name).type
        is_days = pa.types.is_date32(kind) and pa.types.is_integer(array.type)
        arrays.append(array.cast(pa.int32()).view(kind) if is_days else array.cast(kind))
    return pa.Table.from_arrays(arrays, names=list(CORE))
