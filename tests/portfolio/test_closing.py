from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from chedai.portfolio.closing import ROWS_AT_ONCE, digest_of

SCHEMA = pa.schema(
    [("n", pa.int64()), ("on", pa.date32()), ("word", pa.string()), ("is", pa.bool_())]
)
ROW = {"n": 1, "on": date(2026, 1, 1), "word": "bank_loan", "is": True}


def table(*rows):
    return pa.Table.from_pylist(list(rows), schema=SCHEMA)


def test_chunks_do_not_change_a_digest():
    rows = [{**ROW, "n": n, "is": n % 3 == 0} for n in range(ROWS_AT_ONCE + 10)]
    whole = table(*rows)
    cut = pa.concat_tables([whole.slice(0, 7), whole.slice(7, 100_000), whole.slice(100_007)])

    assert digest_of(cut) == digest_of(whole)


@pytest.mark.parametrize(
    "changed",
    [
        {"n": 2},
        {"on": date(2026, 1, 2)},
        {"word": "card"},
        {"is": False},
        {"n": None},
        {"on": None},
    ],
)
def test_any_other_value_changes_the_digest(changed):
    assert digest_of(table({**ROW, **changed})) != digest_of(table(ROW))


def test_an_empty_place_is_not_a_zero():
    assert digest_of(table({**ROW, "n": None})) != digest_of(table({**ROW, "n": 0}))


def test_names_and_types_are_part_of_the_digest():
    other = table(ROW).rename_columns(["m", "on", "word", "is"])

    assert digest_of(other) != digest_of(table(ROW))
