"""Arrow tables as the columns the compiled functions read, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from chedai.portfolio.columns import CONTRACTS, OPEN_ITEMS, STATE, checked
from chedai.portfolio.days import day_number
from chedai.portfolio.kernel.shapes import (
    NO_DAY,
    Contracts,
    Days,
    Facts,
    Int8s,
    Int32s,
    Int64s,
    Items,
    State,
)

if TYPE_CHECKING:
    from chedai.portfolio.terms import ClassificationScheme, CloseTerms

FAULTS: Final = {
    1: "合同表里没有这份合同",
    2: "未按合同号、到期日、起始日排序",
    3: "起始日不早于结束日",
    4: "金额为零、为负或超出可处理范围",
    5: "没有任何期次",
    6: "期号小于 1 或暂停天数为负",
}


GRACE_DAYS_MAX: Final = 30
"""Grace beyond the first bucket would be no grace."""


class OpenItemsRefusedError(ValueError):
    """A row of the open items contradicts itself or the contracts; the message names it."""


class SchemeUnknownError(ValueError):
    """A contract names a classification scheme the terms do not have."""


def contract_columns(table: pa.Table, terms: CloseTerms) -> Contracts:
    """Return the contracts as columns; ``table`` is in order of ``contract_id``.

    Raises
    ------
    OpenItemsRefusedError
        Two rows have the same id, or they are not in order; or grace is longer than a bucket.
    """
    table = checked(table, CONTRACTS, name="contracts")
    contract_id = ints(table["contract_id"])
    if len(contract_id) > 1 and not (contract_id[1:] > contract_id[:-1]).all():
        raise OpenItemsRefusedError("合同表须按 contract_id 递增且不重复，请排序去重后再试")
    grace_days = small_ints(table["grace_days"])
    if ((grace_days < 0) | (grace_days > GRACE_DAYS_MAX)).any():
        raise OpenItemsRefusedError(f"宽限天数须在 0 与 {GRACE_DAYS_MAX} 之间，请核对合同")
    every = np.maximum(
        terms.observation_months,
        terms.observation_instalments * small_ints(table["instalment_months"]),
    )
    return Contracts(
        contract_id=contract_id,
        disbursed_on=small_ints(table["disbursed_on"]),
        principal=ints(table["principal_fen"]),
        grace=grace_days,
        observation=every.astype(np.int32),
        scheme=scheme_codes(table["classification_scheme"], terms.schemes),
        restructured_on=small_ints(table["restructured_on"]),
        loss_given_default=ints(table["loss_given_default_ppm"]),
    )


def item_columns(table: pa.Table) -> Items:
    """Return the open items as columns."""
    table = checked(table, OPEN_ITEMS, name="open_items")
    return Items(
        contract_id=ints(table["contract_id"]),
        number=small_ints(table["number"]),
        due_on=small_ints(table["due_on"]),
        open_from=small_ints(table["open_from"]),
        open_until=small_ints(table["open_until"]),
        paused_days=small_ints(table["paused_days"]),
        is_counting=table["is_counting"].combine_chunks().to_numpy(zero_copy_only=False),
        principal=ints(table["principal_fen"]),
        interest=ints(table["interest_fen"]),
        charges=ints(table["charges_fen"]),
    )


def days_of(terms: CloseTerms) -> Days:
    """Return the days of a close as numbers."""
    return Days(
        now=day_number(terms.as_of),
        before=day_number(terms.compared_on),
        month_end=day_number(terms.month_ends_on),
        restructured_after=day_number(terms.restructured_after),
    )


def ladder(terms: CloseTerms) -> Int64s:
    """Return the days of all schemes, four by four."""
    return np.array([days for s in terms.schemes for days in s.over_days], dtype=np.int64)


def substandard_over(terms: CloseTerms) -> Int64s:
    """Return the days beyond which a loan of each scheme is non-performing."""
    return np.array([s.substandard_over_days for s in terms.schemes], dtype=np.int64)


def ints(column: pa.ChunkedArray) -> Int64s:
    """Return a column of int32 or int64 as int64."""
    values: Int64s = _flat(column).to_numpy(zero_copy_only=False).astype(np.int64, copy=False)
    return values


def small_ints(column: pa.ChunkedArray) -> Int32s:
    """Return a column of int32 or days as int32, an empty place as ``NO_DAY``."""
    flat = _flat(column)
    if pa.types.is_date32(flat.type):
        flat = flat.view(pa.int32())
    if flat.null_count:
        flat = flat.fill_null(NO_DAY)
    values: Int32s = flat.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return values


def scheme_codes(column: pa.ChunkedArray, schemes: tuple[ClassificationScheme, ...]) -> Int8s:
    """Return the place of each contract's scheme in the terms.

    Raises
    ------
    SchemeUnknownError
        The terms do not have one of them.
    """
    known = pa.array([scheme.id for scheme in schemes])
    codes = pc.index_in(_flat(column), value_set=known)
    if codes.null_count:
        unknown = sorted(set(column.unique().to_pylist()) - {s.id for s in schemes})
        raise SchemeUnknownError(
            f"没有五级分类方案 {'、'.join(map(str, unknown))}，可用：{'、'.join(known.to_pylist())}"
        )
    places: Int8s = codes.to_numpy(zero_copy_only=False).astype(np.int8)
    return places


def refuse(fault: int, row: int, *, contracts: Contracts, items: Items) -> None:
    """Say no where a compiled function returned a fault.

    Raises
    ------
    OpenItemsRefusedError
        There is one.
    """
    if fault == 0:
        return
    ids = contracts.contract_id if FAULTS[fault] == FAULTS[5] else items.contract_id
    raise OpenItemsRefusedError(
        f"合同 {ids[row]}：{FAULTS[fault]}（本批第 {row + 1} 行），请更正来源后重新分摊"
    )


def state_table(contracts: Contracts, facts: Facts, state: State, *, terms: CloseTerms) -> pa.Table:
    """Return the state of the contracts disbursed by the day of the close."""
    names = pa.array([scheme.id for scheme in terms.schemes], pa.string())
    columns = {
        "contract_id": contracts.contract_id,
        "disbursed_on": contracts.disbursed_on,
        "classification_scheme": names.take(pa.array(contracts.scheme)),
        "principal_fen": contracts.principal,
        "months_on_book": state.months_on_book,
        "oldest_unpaid_due_on": facts.oldest_due,
        "days_past_due": state.days_past_due,
        "bucket": state.bucket,
        "classification": state.classification,
        "is_upgrade_held": facts.is_held,
        "outstanding_principal_fen": facts.outstanding,
        "overdue_principal_fen": facts.overdue_principal,
        "overdue_interest_fen": facts.overdue_interest,
        "overdue_charges_fen": facts.overdue_charges,
        "expected_loss_fen": state.expected_loss,
        "bucket_before": state.bucket_before,
        "outstanding_before_fen": facts.outstanding_before,
        "scheduled_principal_fen": facts.scheduled,
        "prepaid_principal_fen": state.prepaid,
        "worst_days_past_due": facts.worst,
        "first_over_30_on": facts.first_over_30,
        "first_due_on": facts.first_due,
        "first_late_days": facts.first_late,
        "second_due_on": facts.second_due,
        "second_late_days": facts.second_late,
    }
    arrays = [_arrow(columns[field.name], field) for field in STATE]
    table = pa.Table.from_arrays(arrays, schema=STATE)
    is_there = contracts.disbursed_on <= day_number(terms.as_of)
    return table if is_there.all() else table.filter(pa.array(is_there)).combine_chunks()


def _arrow(values: Any, field: pa.Field[pa.DataType]) -> pa.Array:
    if isinstance(values, pa.Array):
        return values
    if not field.nullable:
        array = pa.array(values)
        return array.view(field.type) if pa.types.is_date32(field.type) else array
    is_empty = values == (NO_DAY if values.dtype == np.int32 else -1)
    array = pa.array(values, mask=is_empty)
    return array.view(field.type) if pa.types.is_date32(field.type) else array


def _flat(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
