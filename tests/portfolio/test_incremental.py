from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from bench.portfolio.book import make_book
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.portfolio.allocation.test_batch import allocated, instalment, payment
from tests.portfolio.builders import (
    CARD,
    SIXTY,
    contract,
    contracts_table,
    item,
    items_table,
    make_terms,
)
from tests.portfolio.strategies import books

from chedai.portfolio.embedded import close_tables
from chedai.portfolio.incremental import later, standing_of
from chedai.portfolio.kernel.arrays import item_columns
from chedai.portfolio.kernel.shapes import Items

NOTHING = np.zeros(0, dtype=np.int64)


def items_from(table):
    columns = item_columns(table)

    def items_of(ids):
        kept = np.isin(columns.contract_id, ids)
        return Items(*(column[kept] for column in columns))

    return items_of


def test_a_paused_contract_closed_twice_on_a_day_stands_still():
    loan = contract(disbursed_on=date(2024, 6, 23), restructured_on=None)
    paused = item(
        due_on=date(2024, 7, 23),
        open_from=date(2024, 6, 23),
        open_until=date(2024, 8, 2),
        paused_days=0,
        is_counting=False,
    )
    book = (contracts_table(loan), items_table(paused))
    terms = make_terms(date(2024, 8, 1))
    standing = standing_of(*book, terms=terms)

    again = later(standing, terms=terms, items_of=items_from(book[1]), changed=NOTHING)

    assert again.close().digests() == close_tables(*book, terms=terms).digests()


@settings(max_examples=50, deadline=None)
@given(
    book=books(),
    start=st.dates(date(2024, 2, 1), date(2027, 3, 1)),
    steps=st.lists(st.integers(0, 20), min_size=1, max_size=8),
)
def test_day_after_day_is_what_a_full_close_of_each_day_says(book, start, steps):
    standing = standing_of(*book, terms=make_terms(start))

    for days in steps:
        terms = make_terms(standing.terms.as_of + timedelta(days=days))
        standing = later(standing, terms=terms, items_of=items_from(book[1]), changed=NOTHING)

        assert standing.close().digests() == close_tables(*book, terms=terms).digests()


LOANS = (1, 2, 3)
DAY = date(2026, 1, 10)


def loan_rows(term=9):
    contracts = [contract(n, principal_fen=100_000 * term, grace_days=n % 2 * 3) for n in LOANS]
    return contracts, [instalment(n, k) for n in LOANS for k in range(1, term + 1)]


@st.composite
def arrivals(draw):
    """Draw what arrives on each of some days: payments of that day or dated back, reversals."""
    day, told, live, days = date(2026, 2, 5), [], [], []
    for _ in range(draw(st.integers(1, 9))):
        day += timedelta(days=draw(st.integers(1, 25)))
        fresh = []
        for _ in range(draw(st.integers(0, 3))):
            number = len(told) + len(fresh) + 1
            if live and draw(st.integers(0, 4)) == 0:
                gone = live.pop(draw(st.integers(0, len(live) - 1)))
                fresh.append(
                    gone
                    | {"payment_id": number, "kind": "reversal", "paid_on": day}
                    | {"reverses_payment_id": gone["payment_id"]}
                )
                continue
            back = draw(st.sampled_from([0, 0, 1, 30]))
            made = payment(
                number,
                draw(st.sampled_from(LOANS)),
                paid_on=max(DAY, day - timedelta(days=back)),
                amount_fen=draw(st.sampled_from([105_000, 105_000, 40_000, 210_000])),
            )
            live.append(made)
            fresh.append(made)
        told += fresh
        days.append((day, [row["contract_id"] for row in fresh], list(told)))
    return days


@settings(max_examples=30, deadline=None)
@given(days=arrivals())
def test_money_dated_back_and_reversed_touches_only_its_contracts_and_changes_nothing_else(days):
    contracts, schedule = loan_rows()
    table = contracts_table(*contracts)
    known = allocated(contracts, schedule, [])
    standing = standing_of(table, known, terms=make_terms(date(2026, 2, 1)))

    for day, changed, told in days:
        if sum(row["amount_fen"] for row in told) > 900_000:
            break
        ids = np.array(sorted(set(changed)), dtype=np.int64)
        known = allocated(contracts, schedule, told, accepts_twins=True)
        terms = make_terms(day)
        standing = later(standing, terms=terms, items_of=items_from(known), changed=ids)

        assert standing.close().digests() == close_tables(table, known, terms=terms).digests()


def test_closing_a_day_twice_reads_nothing_and_changes_nothing():
    chunk = make_book(300)
    items = chunk.open_items()
    standing = standing_of(chunk.contracts, items, terms=make_terms(date(2026, 6, 15)))
    settled = later(standing, terms=standing.terms, items_of=items_from(items), changed=NOTHING)

    assert settled.read == 0
    assert settled.close().digests() == standing.close().digests()


def test_a_day_within_a_month_reads_a_small_part_of_the_book():
    chunk = make_book(3_000)
    items = chunk.open_items()
    standing = standing_of(chunk.contracts, items, terms=make_terms(date(2026, 6, 15)))

    terms = make_terms(date(2026, 6, 16))
    next_day = later(standing, terms=terms, items_of=items_from(items), changed=NOTHING)

    assert 0 < next_day.read < 300
    full = close_tables(chunk.contracts, items, terms=terms)
    assert next_day.close().digests() == full.digests()


def test_a_new_contract_joins_the_standing():
    contracts, schedule = loan_rows()
    few = contracts_table(*contracts[:2])
    before = allocated(contracts[:2], schedule[:18], [])
    after = allocated(contracts, schedule, [])
    standing = standing_of(few, before, terms=make_terms(date(2026, 2, 3)))

    terms = make_terms(date(2026, 2, 5))
    joined = later(
        standing,
        terms=terms,
        items_of=items_from(after),
        changed=NOTHING,
        contracts=contracts_table(*contracts),
    )

    assert joined.read == 1
    full = close_tables(contracts_table(*contracts), after, terms=terms)
    assert joined.close().digests() == full.digests()


def test_a_book_that_was_empty_grows():
    contracts, schedule = loan_rows()
    items = allocated(contracts, schedule, [])
    nothing = standing_of(contracts_table(), items.slice(0, 0), terms=make_terms())

    grown = later(
        nothing,
        terms=make_terms(),
        items_of=items_from(items),
        changed=NOTHING,
        contracts=contracts_table(*contracts),
    )

    full = close_tables(contracts_table(*contracts), items, terms=make_terms())
    assert grown.close().digests() == full.digests()


@pytest.mark.parametrize(
    "changed",
    [
        {"as_of": date(2026, 3, 1)},  # a month has ended
        {"as_of": date(2026, 2, 10)},  # an earlier day
        {"as_of": date(2026, 2, 20), "observation_months": 9},
        {"as_of": date(2026, 2, 20), "schemes": (CARD, SIXTY, make_terms().schemes[0])},
        {"as_of": date(2026, 2, 20), "compared_on": date(2025, 12, 31)},
    ],
)
def test_where_more_than_the_day_differs_everything_is_read_again(changed):
    contracts, schedule = loan_rows()
    items = allocated(contracts, schedule, [])
    table = contracts_table(*contracts)
    standing = standing_of(table, items, terms=make_terms(date(2026, 2, 15)))

    terms = make_terms(**changed)
    again = later(
        standing, terms=terms, items_of=items_from(items), changed=NOTHING, contracts=table
    )

    assert again.read == len(LOANS)
    assert again.close().digests() == close_tables(table, items, terms=terms).digests()


def test_the_standing_before_is_left_as_it_was():
    chunk = make_book(200)
    items = chunk.open_items()
    standing = standing_of(chunk.contracts, items, terms=make_terms(date(2026, 6, 15)))
    before = standing.close().digests()

    later(
        standing,
        terms=make_terms(date(2026, 6, 20)),
        items_of=items_from(items),
        changed=NOTHING,
    )

    assert standing.close().digests() == before
    assert isinstance(items, pa.Table)
