"""When a store is open, and who of its advisors is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Q

from chedai.core.queueing.slots import Span, without
from chedai.deals.models import AnnouncedYear, CalendarDay
from chedai.policy.holidays import announced_days, announced_years
from chedai.reception.models import Absence, Shift, StoreDay, StoreHours
from chedai.staff.models import Store, User
from chedai.web.formats import SHANGHAI

WEEKDAYS: Final = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
CALENDAR_UNKNOWN: Final = "{year} 年的放假安排还没有收录，这一天先按平常营业时间算，请核对"


@dataclass(frozen=True, slots=True)
class PublicDay:
    """A day of the public calendar; ``holiday`` is its name, or empty."""

    holiday: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """A store's day: its span, or None and why it is closed. ``note``: what to check."""

    span: Span | None
    why_closed: str = ""
    note: str = ""
    is_set: bool = True


@dataclass(frozen=True, slots=True)
class StoreDays:
    """A store's hours and days, read once and asked for many days."""

    hours: Mapping[int, StoreHours]
    days: Mapping[date, StoreDay]
    # What the organisation entered itself, for years not announced yet and for exceptions.
    own_days: Mapping[date, CalendarDay]
    own_years: frozenset[int]

    def public(self, day: date) -> PublicDay:
        """Look the day up in the calendar; years nobody announced or entered are not guessed."""
        own = self.own_days.get(day)
        is_known = day.year in announced_years() or day.year in self.own_years
        if own is not None:
            return PublicDay(holiday="" if own.is_workday else own.label, is_known=is_known)
        announced = announced_days().get(day)
        is_holiday = announced is not None and not announced.is_workday
        return PublicDay(
            holiday=announced.label if announced and is_holiday else "", is_known=is_known
        )

    def on(self, day: date) -> Opening:
        """Say when the store is open; a recorded day goes before the week and the calendar."""
        public = self.public(day)
        note = "" if public.is_known else CALENDAR_UNKNOWN.format(year=day.year)
        special = self.days.get(day)
        if special is not None:
            if special.opens is None or special.closes is None:
                return Opening(None, why_closed=special.reason)
            return Opening(span_on(day, special.opens, special.closes), note=special.reason)
        if not self.hours:
            return Opening(None, why_closed="门店还没有设置营业时间", is_set=False)
        if public.holiday:
            return Opening(None, why_closed=f"{public.holiday}放假")
        week = self.hours.get(day.weekday())
        if week is None:
            return Opening(None, why_closed=f"{WEEKDAYS[day.weekday()]}休息")
        return Opening(span_on(day, week.opens, week.closes), note=note)


def span_on(day: date, opens: time, closes: time) -> Span:
    """Give the stretch of the day in Shanghai."""
    return Span(
        datetime.combine(day, opens, tzinfo=SHANGHAI),
        datetime.combine(day, closes, tzinfo=SHANGHAI),
    )


def store_days(store: Store) -> StoreDays:
    return StoreDays(
        hours={row.weekday: row for row in StoreHours.objects.filter(store=store)},
        days={row.day: row for row in StoreDay.objects.filter(store=store)},
        own_days={row.day: row for row in CalendarDay.objects.all()},
        own_years=frozenset(AnnouncedYear.objects.values_list("year", flat=True)),
    )


def opening_on(store: Store, day: date) -> Opening:
    return store_days(store).on(day)


def advisors_of(store: Store) -> list[User]:
    """Those who can serve customers of the store; without a store of their own: everywhere."""
    return list(
        User.objects.filter(
            Q(store=store) | Q(store=None), is_active=True, roles__contains=["advisor"]
        ).order_by("username")
    )


def working_spans(
    *, store: Store, day: date, advisors: Iterable[User], opening: Opening | None = None
) -> dict[int, tuple[Span, ...]]:
    """Give each advisor's working time on a day: shifts within opening hours, less absences.

    Where nobody's shift is recorded for the day, everybody of the store works while it is open,
    and all day where no hours are set: a store that plans nothing still has a queue.
    """
    opening = opening or opening_on(store, day)
    begin = datetime.combine(day, time.min, tzinfo=SHANGHAI)
    end = begin + timedelta(days=1)
    shifts = list(Shift.objects.filter(store=store, day=day))
    planned: dict[int, list[Span]] = defaultdict(list)
    for shift in shifts:
        planned[shift.advisor_id].append(_local(shift.starts_at, shift.ends_at))
    usual = [opening.span] if opening.span else []
    if not opening.is_set:
        usual = [Span(begin, end)]
    absent: dict[int, list[Span]] = defaultdict(list)
    for absence in Absence.objects.filter(starts_at__lt=end, ends_at__gt=begin):
        absent[absence.advisor_id].append(_local(absence.starts_at, absence.ends_at))
    return {
        advisor.pk: without(
            planned[advisor.pk] if shifts else usual,
            taken=absent[advisor.pk],
        )
        for advisor in advisors
    }


def present_ids(*, store: Store, now: datetime) -> frozenset[int]:
    """Give the advisors who are at work in the store at this moment."""
    spans = working_spans(
        store=store, day=now.astimezone(SHANGHAI).date(), advisors=advisors_of(store)
    )
    moment = Span(now, now + timedelta(seconds=1))
    return frozenset(
        advisor_id
        for advisor_id, working in spans.items()
        if any(span.overlaps(moment) for span in working)
    )


def _local(starts_at: datetime, ends_at: datetime) -> Span:
    return Span(starts_at.astimezone(SHANGHAI), ends_at.astimezone(SHANGHAI))
