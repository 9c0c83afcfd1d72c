"""The working calendar of a store: announced holidays, the organisation's own days, its hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Final

from chedai.core.process.working_time import Hours, WorkingCalendar
from chedai.deals.models import AnnouncedYear, CalendarDay, StoreDay, StoreHours
from chedai.policy.holidays import announced_days, announced_years

USUAL_HOURS: Final[Hours] = (time(9), time(18))
SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class YearLine:
    """One year of the holiday table, as the editor shows it."""

    year: int
    is_announced: bool
    is_shipped: bool
    days: list[tuple[date, bool, str, bool]]


def calendar_of(store_id: int) -> WorkingCalendar:
    """Join what is announced with what the organisation and the store entered."""
    days = {day: found.is_workday for day, found in announced_days().items()}
    days |= dict(CalendarDay.objects.values_list("day", "is_workday"))
    found = {
        row.weekday: (row.opens, row.closes) for row in StoreHours.objects.filter(store_id=store_id)
    }
    # A store that entered no hours at all works nine to six; with hours, a day without is closed.
    weekly = [found.get(weekday) if found else USUAL_HOURS for weekday in range(7)]
    return WorkingCalendar(
        workdays=days,
        holidays=frozenset(day for day, is_workday in days.items() if not is_workday),
        announced_years=announced_years()
        | set(AnnouncedYear.objects.values_list("year", flat=True)),
        weekly_hours=tuple(weekly),
        store_hours={
            row.day: _hours(row.opens, row.closes)
            for row in StoreDay.objects.filter(store_id=store_id)
        },
    )


def years_shown(*, on: date) -> list[YearLine]:
    """Give this year and the next with every special day: (day, is_workday, label, is_own)."""
    own = {row.day: row for row in CalendarDay.objects.filter(day__year__in=[on.year, on.year + 1])}
    entered = set(AnnouncedYear.objects.values_list("year", flat=True))
    lines = []
    for year in (on.year, on.year + 1):
        shipped = {
            d: (f.is_workday, f.label, False) for d, f in announced_days().items() if d.year == year
        }
        mine = {d: (r.is_workday, r.label, True) for d, r in own.items() if d.year == year}
        lines.append(
            YearLine(
                year=year,
                is_announced=year in announced_years() or year in entered,
                is_shipped=year in announced_years(),
                days=[(d, *rest) for d, rest in sorted({**shipped, **mine}.items())],
            )
        )
    return lines


def hours_of(store_id: int) -> list[tuple[int, Hours | None]]:
    """Give the store's hours from Monday to Sunday."""
    calendar = calendar_of(store_id)
    return list(enumerate(calendar.weekly_hours))


def _hours(opens: time | None, closes: time | None) -> Hours | None:
    return None if opens is None or closes is None else (opens, closes)
