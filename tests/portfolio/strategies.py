"""Drawn books: small, but with every kind of trouble."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st
from tests.portfolio.builders import contract, contracts_table, item, items_table

from chedai.core.dates import add_months
from chedai.portfolio.days import STILL_OPEN_ON

FIRST_DISBURSED_ON = date(2024, 1, 5)
CLOSED_ON = st.dates(date(2024, 2, 1), date(2027, 6, 30))
PAUSE = st.none() | st.tuples(st.integers(1, 400), st.integers(0, 60))


@st.composite
def books(draw: st.DrawFn, *, contracts_max: int = 3) -> tuple[pa.Table, pa.Table]:
    """Draw contracts with their open items, in order."""
    contracts, items = [], []
    for contract_id in range(1, draw(st.integers(1, contracts_max)) + 1):
        made = draw(contracts_of(contract_id))
        contracts.append(made)
        items += draw(items_of(made))
    return contracts_table(*contracts), items_table(*items)


@st.composite
def contracts_of(draw: st.DrawFn, contract_id: int) -> dict[str, Any]:
    disbursed_on = FIRST_DISBURSED_ON + timedelta(days=draw(st.integers(0, 700)))
    restructured_days = draw(st.none() | st.integers(1, 600))
    return contract(
        contract_id,
        disbursed_on=disbursed_on,
        grace_days=draw(st.sampled_from([0, 0, 3, 10])),
        instalment_months=draw(st.sampled_from([1, 1, 3, 12])),
        classification_scheme=draw(st.sampled_from(["bank_loan", "card", "sixty_days"])),
        restructured_on=disbursed_on + timedelta(days=restructured_days)
        if restructured_days
        else None,
        loss_given_default_ppm=draw(st.integers(0, 1_000_000)),
    )


@st.composite
def items_of(draw: st.DrawFn, made: dict[str, Any]) -> list[dict[str, Any]]:
    """Draw instalments a month apart, each paid early, late, in parts or never; and a pause."""
    opened_on = made["disbursed_on"]
    pause = draw(PAUSE)
    rows = []
    for number in range(1, draw(st.integers(1, 14)) + 1):
        due_on = add_months(opened_on, number)
        ends = draw(st.lists(st.integers(-40, 430), max_size=2, unique=True))
        days = sorted(
            {max(opened_on + timedelta(days=1), due_on + timedelta(days=e)) for e in ends}
        )
        is_paid = draw(st.booleans())
        edges = [opened_on, *days] + ([] if is_paid and days else [STILL_OPEN_ON])
        for start, end in pairwise(edges):
            rows.append(
                item(
                    made["contract_id"],
                    number=number,
                    due_on=due_on,
                    open_from=start,
                    open_until=end,
                    principal_fen=draw(st.integers(1, 500_000)),
                    interest_fen=draw(st.integers(0, 9_000)),
                    charges_fen=draw(st.sampled_from([0, 0, 1_250])),
                )
            )
    if pause:
        start = opened_on + timedelta(days=pause[0])
        rows = paused(rows, starts_on=start, ends_on=start + timedelta(days=pause[1]))
    return sorted(rows, key=lambda r: (r["due_on"], r["open_from"]))


def paused(rows: list[dict[str, Any]], *, starts_on: date, ends_on: date) -> list[dict[str, Any]]:
    """Cut items where a pause begins and ends, by counting its days one by one."""
    days = {starts_on + timedelta(days=n) for n in range((ends_on - starts_on).days + 1)}
    edges = (starts_on - timedelta(days=1), ends_on + timedelta(days=1))
    cut = []
    for row in rows:
        inside = [e for e in edges if row["open_from"] < e < row["open_until"]]
        bounds = [row["open_from"], *inside, row["open_until"]]
        for start, end in pairwise(bounds):
            gone = sum(row["due_on"] < day <= start for day in days)
            counts = not edges[0] <= start < edges[1]
            cut.append(
                {**row, "open_from": start, "open_until": end}
                | {"paused_days": gone, "is_counting": counts}
            )
    return cut
