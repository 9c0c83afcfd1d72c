"""The LPR table with the day up to which it was checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from chedai.policy.book import PolicyBook


@dataclass(frozen=True, kw_only=True)
class LprRow:
    """The LPR from one day on, as annual ratios for one year and for five years and more."""

    from_on: date
    one_year: Decimal
    five_years: Decimal


@dataclass(frozen=True, kw_only=True)
class LprTable:
    """All changes, oldest at the top. Beyond ``as_of`` the table is not verified."""

    rows: tuple[LprRow, ...]
    as_of: date | None
    note: str


def lpr_table(book: PolicyBook) -> LprTable:
    """Join both maturities into one table of change days."""
    one, five = book.history("lpr_1y"), book.history("lpr_5y")
    days = sorted({item.in_force_from for item in (*one, *five)})
    rows = tuple(
        LprRow(
            from_on=day,
            one_year=book.on(day).value("lpr_1y").decimal,
            five_years=book.on(day).value("lpr_5y").decimal,
        )
        for day in days
    )
    parameter = book.parameter("lpr_1y")
    return LprTable(rows=rows, as_of=parameter.verified_through, note=parameter.note)
