"""The close of a later day from the one before: only contracts with an event are read again.

What stands between two closes are facts, not days past due: the oldest unpaid due day, sums, and
the next day on which anything but the count of days will change. Money that arrives, is reversed or
is dated back makes its contract an event, too. The result is that of the full close, to the byte.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chedai.portfolio.days import day_number
from chedai.portfolio.embedded import close_of, facts_of
from chedai.portfolio.kernel.arrays import contract_columns, item_columns, substandard_over
from chedai.portfolio.kernel.deriving import advance
from chedai.portfolio.kernel.shapes import (
    Bools,
    Contracts,
    Facts,
    Int64s,
    Items,
    empty_facts,
    picked,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from chedai.portfolio.closing import Close
    from chedai.portfolio.terms import CloseTerms

ItemsOf = Callable[[Int64s], Items]
"""Returns the open items of contracts, given by ascending id, in order."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The facts of every contract as of a day; ``read`` is how many were read to get there."""

    terms: CloseTerms
    contracts: Contracts
    facts: Facts
    read: int

    def close(self) -> Close:
        """Return the close of the day."""
        return close_of(self.contracts, self.facts, terms=self.terms)


def standing_of(
    contracts: pa.Table, open_items: pa.Table, *, terms: CloseTerms, threads: int = 1
) -> Standing:
    """Read the whole book once."""
    columns = contract_columns(contracts, terms)
    facts = facts_of(columns, item_columns(open_items), terms=terms, threads=threads)
    return Standing(terms=terms, contracts=columns, facts=facts, read=len(columns.contract_id))


def later(
    standing: Standing,
    *,
    terms: CloseTerms,
    items_of: ItemsOf,
    changed: Int64s,
    contracts: pa.Table | None = None,
) -> Standing:
    """Return the standing of a later day.

    Parameters
    ----------
    terms
        Of the later day. Where anything but the day differs, or a month has ended, every contract
        is read again: what moves are measured from has changed.
    items_of
        Gives the open items, as they are known now, of the contracts asked for.
    changed
        Ids of the contracts whose payments, schedules or conditions changed since.
    contracts
        The contracts as they are now, where some are new or changed.
    """
    columns = standing.contracts if contracts is None else contract_columns(contracts, terms)
    facts, is_known = _carried(standing, columns)
    touched = ~is_known | np.isin(columns.contract_id, changed)
    if _is_same_month(standing.terms, terms):
        touched |= facts.next_event <= day_number(terms.as_of)
    else:
        touched[:] = True
    # Closed again on its own day nothing grows: a paused contract's days stand still all day.
    if terms.as_of > standing.terms.as_of:
        advance(columns, facts, day_number(terms.as_of), substandard_over(terms))
    places = np.flatnonzero(touched)
    if len(places):
        some: Contracts = picked(columns, places)
        fresh = facts_of(some, items_of(some.contract_id), terms=terms)
        for name in Facts._fields:
            getattr(facts, name)[places] = getattr(fresh, name)
    return Standing(terms=terms, contracts=columns, facts=facts, read=len(places))


def _carried(standing: Standing, columns: Contracts) -> tuple[Facts, Bools]:
    """Return a copy of the facts in the order of the contracts, and which were known."""
    before = standing.contracts.contract_id
    if columns is standing.contracts:
        known: Bools = np.ones(len(before), dtype=np.bool_)
        return picked(standing.facts, known), known
    places = np.searchsorted(before, columns.contract_id)
    places = np.minimum(places, max(len(before) - 1, 0))
    if not len(before):
        return empty_facts(len(columns.contract_id)), np.zeros(len(places), dtype=np.bool_)
    is_known = before[places] == columns.contract_id
    return picked(standing.facts, places), is_known


def _is_same_month(before: CloseTerms, after: CloseTerms) -> bool:
    """Tell whether facts of one day can become those of the other."""
    return (
        before.as_of <= after.as_of
        and before.month_ends_on == after.month_ends_on
        and before.compared_on == after.compared_on
        and before.schemes == after.schemes
        and before.observation_months == after.observation_months
        and before.observation_instalments == after.observation_instalments
    )
