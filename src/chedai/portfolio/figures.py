"""The tables of a close: counts and sums of fen by group, in a fixed order of rows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from chedai.portfolio.days import day_number, month_number
from chedai.portfolio.kernel.arrays import days_of
from chedai.portfolio.kernel.counting import BASE_MONTH, EARLY_DAYS, Sums, count, empty_sums

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chedai.portfolio.kernel.shapes import Contracts, Facts, Int64s, State
    from chedai.portfolio.terms import CloseTerms


class ContractTooOldError(ValueError):
    """A contract is older than 1980: its day of disbursement is wrong."""


def _schema(keys: str, sums: str) -> pa.Schema:
    def kind(name: str) -> pa.DataType:
        if name.endswith("_on"):
            return pa.date32()
        return pa.string() if name.endswith("_scheme") else pa.int32()

    return pa.schema(
        [pa.field(name, kind(name), nullable=False) for name in keys.split()]
        + [pa.field(name, pa.int64(), nullable=False) for name in sums.split()]
    )


BALANCES: Final = "contracts outstanding_fen overdue_principal_fen"

FIGURES: Final[Mapping[str, pa.Schema]] = {
    "by_bucket": _schema(
        "bucket", f"{BALANCES} overdue_interest_fen overdue_charges_fen expected_loss_fen"
    ),
    "by_class": _schema("classification_scheme classification", f"{BALANCES} expected_loss_fen"),
    "moves": _schema("bucket_before bucket", "contracts outstanding_before_fen outstanding_fen"),
    "vintages": _schema(
        "cohort_on months_on_book bucket_at_least",
        "contracts disbursed_fen current_contracts current_outstanding_fen ever_contracts "
        "ever_disbursed_fen",
    ),
    "vintage_curve": _schema("cohort_on months_on_book", "contracts disbursed_fen"),
    "early_defaults": _schema(
        "cohort_on instalment_number late_days_at_least", "due_contracts late_contracts"
    ),
    "prepayments": _schema(
        "cohort_on", "contracts outstanding_before_fen scheduled_fen prepaid_fen"
    ),
}
"""The tables and their columns: keys, then counts and sums. ``bucket`` 8 in ``moves`` is paid off;
``cohort_on`` is the earliest day of the month of disbursement."""


def sums_for(terms: CloseTerms) -> Sums:
    """Return sums of nothing, to be added to."""
    months = month_number(terms.as_of) - BASE_MONTH + 1
    return empty_sums(schemes=len(terms.schemes), months=months)


def add(sums: Sums, contracts: Contracts, facts: Facts, state: State, *, terms: CloseTerms) -> None:
    """Add some contracts of the book.

    Raises
    ------
    ContractTooOldError
        One was disbursed before 1980.
    """
    early_days = np.array(EARLY_DAYS, dtype=np.int64)
    too_old = count(contracts, facts, state, days_of(terms), early_days, sums)
    if too_old:
        raise ContractTooOldError(
            f"合同 {contracts.contract_id[too_old - 1]} 的放款日早于 1980 年，请更正放款日"
        )


def tables_of(sums: Sums, *, terms: CloseTerms) -> dict[str, pa.Table]:
    """Return the sums as tables, groups without contracts left out."""
    return {
        name: _table(name, getattr(sums, name), schema, terms=terms)
        for name, schema in FIGURES.items()
    }


def _table(name: str, cube: Int64s, schema: pa.Schema, *, terms: CloseTerms) -> pa.Table:
    places = np.nonzero(cube[..., 0])
    values = cube[places]
    keys = _keys(name, places, terms=terms)
    sums = [pa.array(np.ascontiguousarray(values[:, n])) for n in range(values.shape[1])]
    columns = [key.cast(field.type) for key, field in zip(keys, schema, strict=False)]
    return pa.Table.from_arrays(columns + sums, schema=schema)


def _keys(name: str, places: tuple[Int64s, ...], *, terms: CloseTerms) -> list[pa.Array]:
    if name == "by_class":
        schemes = pa.array([scheme.id for scheme in terms.schemes])
        return [schemes.take(pa.array(places[0])), pa.array(places[1])]
    if name in {"by_bucket", "moves"}:
        return [pa.array(place) for place in places]
    cohorts = _cohorts(places[0])
    if name == "vintages":
        on_book = month_number(terms.as_of) - BASE_MONTH - places[0]
        return [cohorts, pa.array(on_book), pa.array(places[1] + 1)]
    if name == "early_defaults":
        days = np.array(EARLY_DAYS)[places[2]]
        return [cohorts, pa.array(places[1] + 1), pa.array(days)]
    return [cohorts, *(pa.array(place) for place in places[1:])]


def _cohorts(months: Int64s) -> pa.Array:
    numbers = [
        day_number(date((BASE_MONTH + int(m)) // 12, (BASE_MONTH + int(m)) % 12 + 1, 1))
        for m in months
    ]
    return pa.array(np.array(numbers, dtype=np.int32)).view(pa.date32())
