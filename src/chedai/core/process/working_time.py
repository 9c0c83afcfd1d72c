"""Working time in China: holidays, make-up workdays, store hours; and deadlines on it.

Holidays are announced a year at a time. For a year nobody has announced, Monday to Friday
count as workdays and every result says so (``is_provisional``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from chedai.core.process.definition import Deadline, Span

Hours = tuple[time, time]

SEARCH_DAYS_MAX: Final = 400
SATURDAY: Final = 5
DAY_ENDS_AT: Final = time(23, 59, 59)


class NoWorkingTimeError(ValueError):
    """No working time follows within the days searched: the store hours given are wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCalendar:
    """Which days are worked, and when the store is open.

    Attributes
    ----------
    workdays
        Days on which the announced calendar differs from Monday to Friday:
        day → whether it is a workday by law.
    holidays
        Public holidays, weekends among them: the store is closed unless it says otherwise.
    announced_years
        Years whose holidays are known.
    weekly_hours
        Opening hours from Monday to Sunday; None = closed.
    store_hours
        Single days on which the store keeps other hours; None = closed.
    """

    workdays: Mapping[date, bool] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()
    announced_years: frozenset[int] = frozenset()
    weekly_hours: tuple[Hours | None, ...] = ((time(9), time(18)),) * 7
    store_hours: Mapping[date, Hours | None] = field(default_factory=dict)

    def is_announced(self, day: date) -> bool:
        """Whether the holidays of that year are known."""
        return day.year in self.announced_years

    def is_workday(self, day: date) -> bool:
        """Whether lenders and offices work: Monday to Friday unless announced otherwise."""
        return self.workdays.get(day, day.weekday() < SATURDAY)

    def hours_on(self, day: date) -> Hours | None:
        """When the store is open; closed on a public holiday unless it says otherwise."""
        if day in self.store_hours:
            return self.store_hours[day]
        return None if day in self.holidays else self.weekly_hours[day.weekday()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A deadline as a moment; provisional when it rests on a year not yet announced."""

    at: datetime
    is_provisional: bool


def due_after(span: Span, *, since: datetime, calendar: WorkingCalendar) -> Due:
    """Add a span to a moment, in the time zone of that moment.

    The day of the beginning does not count (民法典第二百零一条), except for working
    hours, which run from the minute itself.
    """
    if span.unit == "working_hours":
        return _after_hours(span.amount, since=since, calendar=calendar)
    if span.unit == "working_days":
        latest = since.date()
        for _ in range(span.amount):
            latest = _next_day(latest, calendar)
    else:
        latest = since.date() + timedelta(days=span.amount)
    return _at_close(latest, since=since, calendar=calendar, ends_at=None)


def due_by(deadline: Deadline, *, since: datetime, calendar: WorkingCalendar) -> Due:
    """Give the moment a deadline ends.

    A statutory period whose latest day is a public holiday ends on the day after the
    holiday (民法典第二百零三条); where the holidays are not announced it is not
    lengthened, because too early is safe and too late is not.
    """
    due = due_after(deadline.span, since=since, calendar=calendar)
    if deadline.span.unit == "working_hours":
        return due
    latest = due.at.date()
    is_provisional = due.is_provisional
    if deadline.source_id and deadline.span.unit == "natural_days":
        while calendar.is_announced(latest) and not calendar.is_workday(latest):
            latest += timedelta(days=1)
        is_provisional = is_provisional or not calendar.is_announced(latest)
    ended = _at_close(latest, since=since, calendar=calendar, ends_at=deadline.ends_at)
    return Due(at=ended.at, is_provisional=is_provisional)


def working_minutes(start: datetime, end: datetime, *, calendar: WorkingCalendar) -> int:
    """Count the minutes the store was open between two moments of one time zone."""
    total, day = 0, start.date()
    while day <= end.date():
        hours = calendar.hours_on(day)
        if hours is not None:
            opens, closes = (datetime.combine(day, each, tzinfo=start.tzinfo) for each in hours)
            total += max(int((min(end, closes) - max(start, opens)).total_seconds()) // 60, 0)
        day += timedelta(days=1)
    return total


def _after_hours(hours: int, *, since: datetime, calendar: WorkingCalendar) -> Due:
    left = timedelta(hours=hours)
    day, is_provisional = since.date(), False
    for _ in range(SEARCH_DAYS_MAX):
        is_provisional = is_provisional or not calendar.is_announced(day)
        open_hours = calendar.hours_on(day)
        if open_hours is not None:
            opens, closes = (
                datetime.combine(day, each, tzinfo=since.tzinfo) for each in open_hours
            )
            begun = max(since, opens)
            if begun + left <= closes:
                return Due(at=begun + left, is_provisional=is_provisional)
            left -= max(closes - begun, timedelta(0))
        day += timedelta(days=1)
    msg = f"{SEARCH_DAYS_MAX} 天内没有足够的营业时间，请检查门店营业时间"
    raise NoWorkingTimeError(msg)


def _next_day(day: date, calendar: WorkingCalendar) -> date:
    for ahead in range(1, SEARCH_DAYS_MAX):
        following = day + timedelta(days=ahead)
        if calendar.is_workday(following):
            return following
    msg = f"{day} 之后 {SEARCH_DAYS_MAX} 天内没有工作日，请检查节假日表"
    raise NoWorkingTimeError(msg)


def _at_close(
    latest: date, *, since: datetime, calendar: WorkingCalendar, ends_at: time | None
) -> Due:
    hours = calendar.hours_on(latest)
    closes = ends_at or (hours[1] if hours else DAY_ENDS_AT)
    years = range(since.year, latest.year + 1)
    return Due(
        at=datetime.combine(latest, closes, tzinfo=since.tzinfo),
        is_provisional=any(year not in calendar.announced_years for year in years),
    )
