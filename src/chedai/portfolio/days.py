"""Days as whole numbers since 1970-01-01, as Arrow's date32 holds them, and months among them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

EPOCH: Final = date(1970, 1, 1)

STILL_OPEN_ON: Final = date(9999, 12, 31)
"""Where an end has not come: a day that compares, unlike a null."""


def day_number(day: date) -> int:
    """Return the days from 1970-01-01."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    """Return the day of a number."""
    return EPOCH + timedelta(days=number)


def month_end(day: date) -> date:
    """Return the last day of the month of ``day``."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def previous_month_end(day: date) -> date:
    """Return the last day of the month before that of ``day``."""
    return day.replace(day=1) - timedelta(days=1)


def month_number(day: date) -> int:
    """Return the months from year 0, so that a difference counts calendar months."""
    return day.year * 12 + day.month - 1


def whole_months(start: date, end: date) -> int:
    """Return the months completed from ``start`` to ``end``; negative where ``end`` is earlier.

    A month is complete on the same day of the next month or, where that month has no such day, on
    the day after its last: from 31 August, six months are complete on 1 March.
    """
    return month_number(end) - month_number(start) - (end.day < start.day)
