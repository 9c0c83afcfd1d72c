"""Where the expressions run: how each engine reads the book and keeps a result for later ones."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

from chedai.portfolio.closing import Close
from chedai.portfolio.columns import STATE
from chedai.portfolio.expressions.figures import EXPRESSIONS
from chedai.portfolio.expressions.state import state
from chedai.portfolio.figures import FIGURES

if TYPE_CHECKING:
    from pathlib import Path

    from ibis.expr.types import Table

    from chedai.portfolio.terms import CloseTerms


class Engine(ABC):
    """One Ibis backend with the little that Ibis does not do the same way everywhere."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    @abstractmethod
    def read(self, path: Path, name: str) -> Table:
        """Return a Parquet file as a table; nothing is computed yet."""

    @abstractmethod
    def keep(self, table: Table, name: str) -> Table:
        """Compute a table once, so that later expressions read the result."""

    def fetch(self, table: Table) -> pa.Table:
        """Return the result."""
        return table.to_pyarrow()


class DuckDB(Engine):
    """DuckDB in this process."""

    def __init__(self, *, threads: int = 2, memory: str | None = None) -> None:
        super().__init__(ibis.duckdb.connect(threads=threads))
        if memory:
            self.connection.raw_sql(f"SET memory_limit = '{memory}'")

    def read(self, path: Path, name: str) -> Table:
        """Read lazily, columns and row groups as needed."""
        return self.connection.read_parquet(path, table_name=name)

    def keep(self, table: Table, name: str) -> Table:
        """Keep as a temporary table."""
        return self.connection.create_table(name, table, temp=True, overwrite=True)


class Polars(Engine):
    """Polars in this process; an installation that wants it adds the package."""

    def __init__(self) -> None:
        super().__init__(ibis.polars.connect())

    def read(self, path: Path, name: str) -> Table:
        """Read lazily."""
        return self.connection.read_parquet(path, table_name=name)

    def keep(self, table: Table, name: str) -> Table:
        """Keep as a frame in memory."""
        return self.connection.create_table(name, table.to_polars(), overwrite=True)


class Spark(Engine):
    """A Spark session that somebody else made: local, or on a cluster."""

    def __init__(self, session: Any) -> None:
        super().__init__(ibis.pyspark.connect(session))
        self.session = session

    def read(self, path: Path, name: str) -> Table:
        """Read from wherever the workers see the path."""
        return self.connection.read_parquet(str(path), table_name=name)

    def keep(self, table: Table, name: str) -> Table:
        """Keep in the memory and on the disks of the workers."""
        frame = self.session.sql(self.connection.compile(table)).persist()
        frame.createOrReplaceTempView(name)
        return self.connection.table(name)

    def fetch(self, table: Table) -> pa.Table:
        """Return the result as Spark itself gives it: Ibis would go through pandas."""
        return self.session.sql(self.connection.compile(table)).toArrow()


def close_by(engine: Engine, contracts: Path, open_items: Path, *, terms: CloseTerms) -> Close:
    """Close the book of two Parquet files on an engine; the digests are those of every other."""
    told, opened = engine.read(contracts, "contracts"), engine.read(open_items, "open_items")
    kept = engine.keep(state(told, opened, terms=terms), "book_state")
    return Close(
        terms=terms,
        state=_fetched(engine, kept.order_by("contract_id"), STATE),
        figures={
            name: _fetched(engine, expression(kept, terms), FIGURES[name])
            for name, expression in EXPRESSIONS.items()
        },
    )


def _fetched(engine: Engine, table: Table, schema: pa.Schema) -> pa.Table:
    """Return the result in the types of the schema, in one piece."""
    result = engine.fetch(table.select(*schema.names))
    columns = [result[field.name].combine_chunks().cast(field.type) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)
