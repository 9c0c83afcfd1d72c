from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from tests.portfolio.builders import contract, contracts_table, item, items_table, make_terms
from tests.portfolio.oracle import figures_plainly
from tests.portfolio.strategies import CLOSED_ON, books

from chedai.portfolio.embedded import close_tables
from chedai.portfolio.figures import FIGURES, ContractTooOldError


@settings(max_examples=150, deadline=None)
@given(book=books(contracts_max=6), as_of=CLOSED_ON)
def test_the_figures_are_those_counted_plainly(book, as_of):
    terms = make_terms(as_of)

    close = close_tables(*book, terms=terms)

    plain = figures_plainly(close.state, terms=terms)
    assert {name: table.to_pylist() for name, table in close.figures.items()} == plain
    assert {name: table.schema for name, table in close.figures.items()} == dict(FIGURES)


def test_a_contract_that_was_paid_off_moves_to_closed():
    close = close_tables(
        contracts_table(contract()),
        items_table(item(open_until=date(2026, 6, 15))),
        terms=make_terms(date(2026, 6, 30)),
    )

    # due 10 February, at 31 May 110 days past due: M4
    assert close.figures["moves"].to_pylist() == [
        {
            "bucket_before": 4,
            "bucket": 8,
            "contracts": 1,
            "outstanding_before_fen": 100_000,
            "outstanding_fen": 0,
        }
    ]
    assert close.figures["by_bucket"].num_rows == 0


def test_a_first_payment_default_waits_for_its_days():
    rows = items_table(item(due_on=date(2026, 2, 10)))

    close = close_tables(contracts_table(contract()), rows, terms=make_terms(date(2026, 2, 17)))

    counted = close.figures["early_defaults"].to_pylist()
    assert [(line["late_days_at_least"], line["late_contracts"]) for line in counted] == [
        (1, 1),
        (7, 1),
    ]


def test_a_contract_older_than_the_book_is_refused():
    made = contract(disbursed_on=date(1979, 12, 31))

    with pytest.raises(ContractTooOldError, match="合同 1 的放款日早于 1980 年"):
        close_tables(contracts_table(made), items_table(item()), terms=make_terms())
