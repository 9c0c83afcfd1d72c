"""Days of a contract: due dates, holidays, and day counts as data."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal

DueDay = Literal["fixed_day", "month_end", "same_day_as_disbursement"]
OddPeriod = Literal["short", "long"]
DayCount = Callable[[date, date], Decimal]

HOLIDAY_SHIFT_DAYS_MAX: Final = 30


class NoWorkingDayError(ValueError):
    """No working day follows within thirty days: the calendar given is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDateRule:
    """When instalments fall due.

    Attributes
    ----------
    due_day
        ``fixed_day`` of each month, ``month_end``, or ``same_day_as_disbursement``.
    day_of_month
        For ``fixed_day``: 1 to 31; a shorter month has its last day.
    odd_first_period
        If the first due day does not fall one month after disbursement, the first period is the
        ``short`` one (at most a month) or the ``long`` one (at least a month).

    Raises
    ------
    ValueError
        ``fixed_day`` without a day from 1 to 31, or a day with another rule.
    """

    due_day: DueDay = "same_day_as_disbursement"
    day_of_month: int | None = None
    odd_first_period: OddPeriod = "long"

    def __post_init__(self) -> None:
        if (self.due_day == "fixed_day") != (self.day_of_month is not None):
            raise ValueError("固定还款日须填写日期，其他规则不填")
        if self.day_of_month is not None and not 1 <= self.day_of_month <= 31:
            raise ValueError("固定还款日须在 1 至 31 之间")

    def anchor_day(self, disbursed_on: date) -> int:
        """Return the day of the month wanted; months that are shorter have their last day."""
        if self.due_day == "month_end":
            return 31
        return self.day_of_month or disbursed_on.day

    def first_due_on(self, disbursed_on: date) -> date:
        """Return the first due date: one month after, or the anchor day just before or after it."""
        anchor_day = self.anchor_day(disbursed_on)
        regular = add_months(disbursed_on, 1)
        in_month = on_day_of_month(regular, anchor_day)
        if self.odd_first_period == "long":
            return (
                in_month if in_month >= regular else add_months(in_month, 1, anchor_day=anchor_day)
            )
        if in_month <= regular:
            return in_month
        earlier = add_months(in_month, -1, anchor_day=anchor_day)
        # On the day of disbursement nothing can fall due.
        return earlier if earlier > disbursed_on else in_month

    def due_dates(self, disbursed_on: date, term_months: int) -> tuple[date, ...]:
        """Return every due date of the contract, before any shift for holidays."""
        return due_dates(
            self.first_due_on(disbursed_on),
            term_months,
            day_of_month=self.anchor_day(disbursed_on),
        )

    def regular_from(self, disbursed_on: date) -> date:
        """Return the day one month before the first due date; odd days lie before or after it."""
        return add_months(
            self.first_due_on(disbursed_on), -1, anchor_day=self.anchor_day(disbursed_on)
        )


def on_day_of_month(day: date, day_of_month: int) -> date:
    """Return that day in the month of ``day``, or the month's last day."""
    return day.replace(day=min(day_of_month, calendar.monthrange(day.year, day.month)[1]))


def add_months(day: date, months: int, *, anchor_day: int | None = None) -> date:
    """Move by whole months; a day the month does not have becomes its last day.

    ``anchor_day`` keeps the day wanted across short months: 31 Jan, 28 Feb, 31 Mar.
    """
    count = day.year * 12 + day.month - 1 + months
    return on_day_of_month(date(count // 12, count % 12 + 1, 1), anchor_day or day.day)


def due_dates(
    first_due_on: date, term_months: int, *, day_of_month: int | None = None
) -> tuple[date, ...]:
    """Return ``term_months`` dates a month apart, each on the day wanted or the month's last."""
    anchor_day = day_of_month or first_due_on.day
    return tuple(
        add_months(first_due_on, months, anchor_day=anchor_day) for months in range(term_months)
    )


def shift_for_holidays(due_on: date, is_working_day: Callable[[date], bool]) -> date:
    """Return the next working day on or after ``due_on``.

    Only the day of payment moves (holiday grace): interest, principal and later due dates stay.

    Raises
    ------
    NoWorkingDayError
        The calendar has no working day within thirty days.
    """
    for days in range(HOLIDAY_SHIFT_DAYS_MAX + 1):
        candidate = due_on + timedelta(days=days)
        if is_working_day(candidate):
            return candidate
    raise NoWorkingDayError(f"{due_on} 之后 {HOLIDAY_SHIFT_DAYS_MAX} 天内没有工作日，请检查日历")


def _act_365(start: date, end: date) -> Decimal:
    return Decimal((end - start).days) / 365


def _act_360(start: date, end: date) -> Decimal:
    return Decimal((end - start).days) / 360


def _thirty_360(start: date, end: date) -> Decimal:
    """Every month has 30 days; a 31st counts as the 30th (30E/360)."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return Decimal(months * 30 + min(end.day, 30) - min(start.day, 30)) / 360


DAY_COUNTS: Final[Mapping[str, DayCount]] = MappingProxyType(
    {
        "ACT/365": _act_365,
        "ACT/360": _act_360,
        "30/360": _thirty_360,
    }
)
"""Years between two days, by convention."""

_YEARS: Final[Mapping[str, int]] = MappingProxyType({"ACT/365": 365, "ACT/360": 360, "30/360": 360})


def days_and_year(day_count: str, start: date, end: date) -> tuple[int, int]:
    """Return the days between two days and the days of a year, exactly, by a named convention."""
    year_days = _YEARS[day_count]
    return round(DAY_COUNTS[day_count](start, end) * year_days), year_days
