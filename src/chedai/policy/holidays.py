"""Public holidays and make-up workdays as announced by the State Council, year by year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

import chinese_calendar

#: 国务院办公厅每年公布次年安排；library knows the years up to the latest announcement.
HOLIDAY_LABELS: Final[Mapping[str, str]] = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedDay:
    """A day that differs from Monday to Friday, or a holiday on a weekend."""

    is_workday: bool
    label: str


@cache
def announced_days() -> Mapping[date, AnnouncedDay]:
    """Give every holiday and make-up workday of the announced years."""
    days = {
        day: AnnouncedDay(is_workday=False, label=HOLIDAY_LABELS.get(name, name))
        for day, name in chinese_calendar.constants.holidays.items()
    }
    days |= {
        day: AnnouncedDay(is_workday=True, label=f"{HOLIDAY_LABELS.get(name, name)}调休上班")
        for day, name in chinese_calendar.constants.workdays.items()
    }
    return days


@cache
def announced_years() -> frozenset[int]:
    """Give the years that are announced."""
    return frozenset(day.year for day in chinese_calendar.constants.holidays)
