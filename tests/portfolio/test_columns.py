from __future__ import annotations

import re

import pyarrow as pa
import pytest
from tests.portfolio.builders import contract, contracts_table

from chedai.portfolio import columns
from chedai.portfolio.columns import CONTRACTS, ColumnsRefusedError, checked

SCHEMAS = [value for value in vars(columns).values() if isinstance(value, pa.Schema)]


def test_columns_come_in_the_order_and_types_of_the_schema():
    table = contracts_table(contract()).select(list(reversed(CONTRACTS.names)))
    table = table.set_column(0, "loss_given_default_ppm", pa.array([450_000], pa.int64()))

    assert checked(table, CONTRACTS, name="contracts").schema == CONTRACTS


def test_a_missing_column_is_refused_by_its_name():
    table = contracts_table(contract()).drop_columns(["grace_days"])

    with pytest.raises(ColumnsRefusedError, match="contracts 缺少列 grace_days"):
        checked(table, CONTRACTS, name="contracts")


def test_an_empty_place_is_refused_where_none_may_be():
    rows = [contract(1) | {"principal_fen": None}]
    table = pa.Table.from_pylist(rows)

    with pytest.raises(ColumnsRefusedError, match="principal_fen 有 1 行为空"):
        checked(table, CONTRACTS, name="contracts")


def test_a_type_that_would_lose_something_is_refused():
    table = contracts_table(contract())
    table = table.set_column(2, "principal_fen", pa.array([1_200_000.5]))

    with pytest.raises(ColumnsRefusedError, match="principal_fen 应为 int64"):
        checked(table, CONTRACTS, name="contracts")


def test_a_number_too_large_for_its_column_is_refused():
    table = contracts_table(contract())
    table = table.set_column(3, "grace_days", pa.array([2**40]))

    with pytest.raises(ColumnsRefusedError, match="grace_days 应为 int32"):
        checked(table, CONTRACTS, name="contracts")


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda s: s.names[-1])
def test_no_column_is_a_float_or_a_decimal_and_every_unit_is_in_the_name(schema):
    assert len(SCHEMAS) >= 5
    for field in schema:
        assert not pa.types.is_floating(field.type)
        assert not pa.types.is_decimal(field.type)
        if pa.types.is_date(field.type):
            assert re.search(r"_(on|from|until)$", field.name)
        if field.name.endswith("_fen"):
            assert field.type == pa.int64()
