"""One definition on every engine: equal to the last fen, on one machine and on a cluster."""

from __future__ import annotations

from datetime import date

import pyarrow.parquet as pq
import pytest
from bench.portfolio.book import make_book
from hypothesis import given, settings
from tests.portfolio.builders import make_terms
from tests.portfolio.expressions import cluster
from tests.portfolio.strategies import CLOSED_ON, books

from chedai.portfolio.embedded import close_tables
from chedai.portfolio.expressions.engines import DuckDB, Polars, Spark, close_by

# What Ibis, DuckDB and Spark say to one another.
pytestmark = [
    pytest.mark.filterwarnings("ignore:fetch_:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
]
CONTRACTS = 20_000
DAYS = [date(2026, 6, 30), date(2024, 2, 29)]


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder, chunk = tmp_path_factory.mktemp("book"), make_book(CONTRACTS)
    return stored(folder, chunk.contracts, chunk.open_items())


def stored(folder, contracts, items):
    pq.write_table(contracts, folder / "contracts.parquet")
    pq.write_table(items, folder / "open_items.parquet")
    return folder / "contracts.parquet", folder / "open_items.parquet"


@pytest.fixture(scope="module")
def digests(book):
    """Return what the embedded engine says of each day, by both methods of loss."""
    contracts, items = (pq.read_table(path) for path in book)
    terms = [make_terms(day, loss_method=m) for day in DAYS for m in ("bucket", "pd_lgd")]
    return [(t, close_tables(contracts, items, terms=t, threads=2).digests()) for t in terms]


@pytest.mark.parametrize("engine", [DuckDB, Polars])
def test_an_engine_in_this_process_says_what_the_kernel_says(engine, book, digests):
    for terms, expected in digests:
        assert close_by(engine(), *book, terms=terms).digests() == expected


@pytest.mark.slow
def test_a_cluster_of_two_workers_says_what_the_kernel_says(book, digests, tmp_path):
    with cluster.cluster(tmp_path) as url, cluster.session(url) as session:
        engine = Spark(session)

        for terms, expected in digests[:1]:
            assert close_by(engine, *book, terms=terms).digests() == expected
        assert cluster.executors(session) == cluster.WORKERS


@settings(max_examples=10, deadline=None)
@given(book=books(contracts_max=5), as_of=CLOSED_ON)
def test_drawn_troubles_are_the_same_by_sql(book, as_of, tmp_path_factory):
    terms = make_terms(as_of)
    paths = stored(tmp_path_factory.mktemp("drawn"), *book)

    close = close_by(DuckDB(), *paths, terms=terms)

    assert close.digests() == close_tables(*book, terms=terms).digests()


def test_duckdb_closes_within_a_limit_of_memory(book, digests):
    terms, expected = digests[0]

    assert close_by(DuckDB(memory="600MB"), *book, terms=terms).digests() == expected
