"""The tables that go in and come out: names with units, Arrow types, what each column means.

Money is int64 fen, a day is date32, a ratio is parts per million; nothing is a float or a Decimal.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa


class ColumnsRefusedError(ValueError):
    """A table lacks a column, or one of its columns has another type or an empty place."""


_ID: Final = pa.field("contract_id", pa.int64(), nullable=False)


def _day(name: str, *, nullable: bool = False) -> pa.Field[pa.Date32Type]:
    return pa.field(name, pa.date32(), nullable=nullable)


def _fen(name: str) -> pa.Field[pa.Int64Type]:
    return pa.field(name, pa.int64(), nullable=False)


def _count(name: str, *, nullable: bool = False) -> pa.Field[pa.Int32Type]:
    return pa.field(name, pa.int32(), nullable=nullable)


def _small(name: str, *, nullable: bool = False) -> pa.Field[pa.Int8Type]:
    return pa.field(name, pa.int8(), nullable=nullable)


CONTRACTS: Final = pa.schema(
    [
        _ID,
        _day("disbursed_on"),
        _fen("principal_fen"),
        _count("grace_days"),  # late by no more than this is not late
        _count("instalment_months"),  # 1 monthly, 3 by the season
        pa.field("classification_scheme", pa.string(), nullable=False),
        pa.field("allocation_order", pa.string(), nullable=False),
        _day("restructured_on", nullable=True),
        _count("loss_given_default_ppm"),
    ]
)
"""One row a contract, in order of ``contract_id``."""

INSTALMENTS: Final = pa.schema(
    [
        _ID,
        _count("number"),  # 1 is the earliest
        _day("in_force_on"),  # disbursement, or the day the lender changed the schedule
        _day("due_on"),
        _fen("principal_fen"),
        _fen("interest_fen"),
        _fen("fee_fen"),
        _fen("penalty_fen"),
    ]
)
"""What is owed when. Rows of a later ``in_force_on`` replace what is unpaid from their lowest
number on."""

PAYMENTS: Final = pa.schema(
    [
        pa.field("payment_id", pa.int64(), nullable=False),
        _ID,
        _day("paid_on"),
        _fen("amount_fen"),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("reverses_payment_id", pa.int64(), nullable=True),
    ]
)
"""Money received. ``kind``: ``ordinary``, ``prepayment`` (its day has a changed schedule),
``settlement`` (closes the contract) or ``reversal`` (the payment it names was never received)."""

PAUSES: Final = pa.schema([_ID, _day("starts_on"), _day("ends_on")])
"""Days, both inclusive, that do not count towards days past due."""

OPEN_ITEMS: Final = pa.schema(
    [
        _ID,
        _count("number"),
        _day("due_on"),
        _day("open_from"),  # the earliest close that sees these amounts
        _day("open_until"),  # the earliest close that does not; 9999-12-31 while still open
        _count("paused_days"),  # of the days after due_on up to open_from
        pa.field("is_counting", pa.bool_(), nullable=False),  # false: a pause runs from open_from
        _fen("principal_fen"),
        _fen("interest_fen"),
        _fen("charges_fen"),  # fees and penalties
    ]
)
"""What is unpaid of an instalment between two days, ordered by contract, ``due_on``,
``open_from``."""

STATE: Final = pa.schema(
    [
        _ID,
        _day("disbursed_on"),
        pa.field("classification_scheme", pa.string(), nullable=False),
        _fen("principal_fen"),
        _count("months_on_book"),
        _day("oldest_unpaid_due_on", nullable=True),
        _count("days_past_due"),
        _small("bucket"),
        _small("classification"),
        pa.field("is_upgrade_held", pa.bool_(), nullable=False),
        _fen("outstanding_principal_fen"),
        _fen("overdue_principal_fen"),
        _fen("overdue_interest_fen"),
        _fen("overdue_charges_fen"),
        _fen("expected_loss_fen"),
        _small("bucket_before", nullable=True),  # null: not yet on the book
        _fen("outstanding_before_fen"),
        _fen("scheduled_principal_fen"),
        _fen("prepaid_principal_fen"),
        _count("worst_days_past_due"),
        _day("first_over_30_on", nullable=True),
        _day("first_due_on", nullable=True),  # null: a history that begins later
        _count("first_late_days"),
        _day("second_due_on", nullable=True),
        _count("second_late_days"),
    ]
)
"""One row a contract disbursed by the day of the close, in order of ``contract_id``."""


def checked(table: pa.Table, schema: pa.Schema, *, name: str) -> pa.Table:
    """Return the columns of ``schema`` in its order and types.

    Parameters
    ----------
    name
        What the table is called in the refusal.

    Raises
    ------
    ColumnsRefusedError
        A column is missing, has a type that cannot become the right one without loss, or has an
        empty place where none may be.
    """
    missing = [field.name for field in schema if field.name not in table.column_names]
    if missing:
        raise ColumnsRefusedError(f"{name} 缺少列 {'、'.join(missing)}，请按列名补齐后再试")
    columns = [_column(table, field, name=name) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def _column(table: pa.Table, field: pa.Field[pa.DataType], *, name: str) -> pa.ChunkedArray:
    column = table[field.name]
    if column.null_count and not field.nullable:
        raise ColumnsRefusedError(
            f"{name} 的列 {field.name} 有 {column.null_count} 行为空，请补齐后再试"
        )
    if column.type == field.type:
        return column
    try:
        return column.cast(field.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise ColumnsRefusedError(
            f"{name} 的列 {field.name} 应为 {field.type}，得到 {column.type}，请转换后再试"
        ) from error
