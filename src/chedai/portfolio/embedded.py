"""The book closed on this machine: compiled, from memory or streamed from Parquet."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from chedai.portfolio.closing import Close
from chedai.portfolio.figures import add, sums_for, tables_of
from chedai.portfolio.kernel.arrays import (
    contract_columns,
    days_of,
    item_columns,
    ladder,
    refuse,
    state_table,
    substandard_over,
)
from chedai.portfolio.kernel.deriving import derive
from chedai.portfolio.kernel.facts import gather
from chedai.portfolio.kernel.shapes import (
    Contracts,
    Facts,
    Items,
    State,
    empty_facts,
    empty_state,
    rows_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from chedai.portfolio.terms import CloseTerms


def close_tables(
    contracts: pa.Table, open_items: pa.Table, *, terms: CloseTerms, threads: int = 1
) -> Close:
    """Close the book of ``terms.as_of`` in memory.

    Parameters
    ----------
    contracts, open_items
        As in ``columns``, in their order; refused by name where they contradict themselves.
    """
    columns, items = contract_columns(contracts, terms), item_columns(open_items)
    facts = facts_of(columns, items, terms=terms, threads=threads)
    return close_of(columns, facts, terms=terms)


def close_of(contracts: Contracts, facts: Facts, *, terms: CloseTerms) -> Close:
    """Return the close the facts of all contracts make."""
    state = derived(contracts, facts, terms=terms)
    sums = sums_for(terms)
    add(sums, contracts, facts, state, terms=terms)
    return Close(
        terms=terms,
        state=state_table(contracts, facts, state, terms=terms),
        figures=tables_of(sums, terms=terms),
    )


def facts_of(contracts: Contracts, items: Items, *, terms: CloseTerms, threads: int = 1) -> Facts:
    """Read all items once; the contracts are shared out where there is more than one thread."""
    facts = empty_facts(len(contracts.contract_id))
    parts = list(_parts(contracts, items, count=threads))

    def run(part: tuple[int, int, int, int]) -> None:
        start, stop, row_start, row_stop = part
        part_contracts: Contracts = rows_of(contracts, start, stop)
        part_items: Items = rows_of(items, row_start, row_stop)
        part_facts: Facts = rows_of(facts, start, stop)
        fault, row = gather(
            part_contracts, part_items, days_of(terms), substandard_over(terms), part_facts
        )
        refuse(fault, row, contracts=part_contracts, items=part_items)

    if len(parts) == 1:
        run(parts[0])
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(run, parts))
    return facts


def derived(contracts: Contracts, facts: Facts, *, terms: CloseTerms) -> State:
    """Return what the day makes of the facts."""
    state = empty_state(len(contracts.contract_id))
    rates = np.array(terms.loss_rates_ppm, dtype=np.int64)
    is_by_default = terms.loss_method == "pd_lgd"
    derive(contracts, facts, days_of(terms), ladder(terms), rates, is_by_default, state)
    return state


def _parts(
    contracts: Contracts, items: Items, *, count: int
) -> Iterator[tuple[int, int, int, int]]:
    """Yield rows of contracts with the rows of their items."""
    total = len(contracts.contract_id)
    edges = [total * part // count for part in range(count + 1)] if total else [0, 0]
    starts = [
        int(np.searchsorted(items.contract_id, contracts.contract_id[e])) for e in edges[1:-1]
    ]
    rows = [0, *starts, len(items.contract_id)]
    for part, (start, stop) in enumerate(pairwise(edges)):
        yield start, stop, rows[part], rows[part + 1]
