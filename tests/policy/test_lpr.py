from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from chedai.policy.lpr import lpr_table

HISTORY = (Path(__file__).parent / "vectors" / "lpr_history.csv").read_text("utf-8").splitlines()


@pytest.mark.parametrize("line", HISTORY[2:])
def test_every_published_month_agrees_with_the_book(book, line):
    day, one_year_percent, five_years_percent = line.split(",")
    policy = book.on(date.fromisoformat(day))

    assert policy.value("lpr_1y").decimal * 100 == Decimal(one_year_percent)
    assert policy.value("lpr_5y").decimal * 100 == Decimal(five_years_percent)


@pytest.mark.parametrize(
    ("day", "one_year", "five_years"),
    [
        (date(2019, 8, 20), "0.0425", "0.0485"),
        (date(2022, 5, 19), "0.0370", "0.0460"),
        (date(2022, 5, 20), "0.0370", "0.0445"),
        (date(2024, 10, 20), "0.0335", "0.0385"),
        (date(2024, 10, 21), "0.0310", "0.0360"),
        (date(2025, 5, 19), "0.0310", "0.0360"),
        (date(2025, 5, 20), "0.0300", "0.0350"),
        (date(2026, 11, 23), "0.0300", "0.0350"),
    ],
)
def test_the_lpr_is_the_one_published_latest_before_the_day(book, day, one_year, five_years):
    policy = book.on(day)

    assert policy.value("lpr_1y").decimal == Decimal(one_year)
    assert policy.value("lpr_5y").decimal == Decimal(five_years)


def test_the_table_joins_both_maturities_and_says_how_far_it_was_checked(book):
    table = lpr_table(book)

    assert table.as_of == date(2026, 8, 19)
    assert "8 月至 11 月未核实" in table.note
    assert len(table.rows) == 15
    assert table.rows[-1].from_on == date(2025, 5, 20)
    february = next(row for row in table.rows if row.from_on == date(2024, 2, 20))
    assert (february.one_year, february.five_years) == (Decimal("0.0345"), Decimal("0.0395"))


@pytest.mark.parametrize(
    ("day", "is_verified"), [(date(2026, 8, 19), True), (date(2026, 8, 20), False)]
)
def test_an_lpr_beyond_the_latest_check_is_marked(book, day, is_verified):
    assert book.on(day).value("lpr_1y").is_verified is is_verified
