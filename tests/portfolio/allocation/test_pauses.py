from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.portfolio.builders import item, items_table

from chedai.portfolio.allocation.pauses import PauseRefusedError, split_by_pauses
from chedai.portfolio.columns import PAUSES
from chedai.portfolio.days import STILL_OPEN_ON

DUE = date(2026, 2, 10)


def pauses_table(*spans, contract_id=1):
    rows = [{"contract_id": contract_id, "starts_on": s, "ends_on": e} for s, e in spans]
    return pa.Table.from_pylist(rows, schema=PAUSES)


def counted(rows, day):
    """Return the days past due that a close of the day reads from the pieces."""
    row = next(r for r in rows if r["open_from"] <= day < r["open_until"])
    end = day if row["is_counting"] else row["open_from"]
    return max(0, (end - row["due_on"]).days - row["paused_days"])


def counted_by_days(day, spans):
    days = (DUE + timedelta(days=n) for n in range(1, (day - DUE).days + 1))
    return sum(not any(start <= d <= end for start, end in spans) for d in days)


@st.composite
def spans_of(draw):
    spans, day = [], date(2026, 1, 1)
    for _ in range(draw(st.integers(0, 3))):
        start = day + timedelta(days=draw(st.integers(2, 40)))
        day = start + timedelta(days=draw(st.integers(0, 40)))
        spans.append((start, day))
    return spans


@settings(max_examples=40, deadline=None)
@given(spans=spans_of(), ends=st.lists(st.integers(2, 250), max_size=2, unique=True))
def test_every_day_reads_the_days_counted_one_by_one(spans, ends):
    edges = [date(2026, 1, 10), *(date(2026, 1, 10) + timedelta(days=e) for e in sorted(ends))]
    whole = items_table(
        *(
            item(open_from=start, open_until=end, due_on=DUE)
            for start, end in zip(edges, [*edges[1:], STILL_OPEN_ON], strict=True)
        )
    )

    rows = split_by_pauses(whole, pauses_table(*spans)).to_pylist()

    for day in (DUE + timedelta(days=n) for n in range(-20, 260)):
        assert counted(rows, day) == counted_by_days(day, spans)


def test_items_of_other_contracts_are_left_as_they_are_and_the_order_holds():
    whole = items_table(item(1), item(2), item(3))

    cut = split_by_pauses(whole, pauses_table((date(2026, 3, 1), date(2026, 3, 9)), contract_id=2))

    assert cut["contract_id"].to_pylist() == [1, 2, 2, 2, 3]
    assert cut["is_counting"].to_pylist() == [True, True, False, True, True]


@pytest.mark.parametrize(
    "spans",
    [
        [(date(2026, 3, 2), date(2026, 3, 1))],
        [(date(2026, 3, 1), date(2026, 3, 9)), (date(2026, 3, 9), date(2026, 3, 12))],
        [(date(2026, 3, 1), date(2026, 3, 9)), (date(2026, 3, 10), date(2026, 3, 12))],
    ],
)
def test_pauses_that_contradict_each_other_are_refused(spans):
    with pytest.raises(PauseRefusedError, match="合同 1"):
        split_by_pauses(items_table(item()), pauses_table(*spans))


def test_no_pauses_change_nothing():
    whole = items_table(item())

    assert split_by_pauses(whole, pauses_table()) is whole
    elsewhere = pauses_table((DUE, DUE), contract_id=9)
    assert split_by_pauses(whole, elsewhere) is whole
