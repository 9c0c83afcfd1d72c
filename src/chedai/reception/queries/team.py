"""M3: who is how full in the coming days, who is away, and how many deals are open."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from chedai.core.scheduling.day import SLOT_MINUTES, Advisor
from chedai.policy.day_planning import deal_cap
from chedai.reception.models import Absence, AdvisorProfile, Appointment, DayTask
from chedai.reception.queries.day_inputs import advisors_of, open_deals
from chedai.reception.queries.day_jobs import ONE_DAY, moment_of
from chedai.reception.queries.day_plans import working_minutes
from chedai.reception.queries.scenes import policy_book
from chedai.staff.models import Store, User
from chedai.web.formats import SHANGHAI

DAYS: Final = 7
LEVELS: Final = (1, 40, 60, 80, 100)
"""From how many percent on each level of heat begins."""


@dataclass(frozen=True)
class Heat:
    """One advisor on one day."""

    on: date
    is_working: bool
    percent: int
    level: int
    booked_minutes: int
    working_minutes: int
    away: str


@dataclass(frozen=True)
class TeamRow:
    """One advisor over the days."""

    advisor: User
    heats: tuple[Heat, ...]
    profile: AdvisorProfile
    open_deals: int
    open_deals_max: int


@dataclass(frozen=True)
class Team:
    """The heat map, and how unevenly the work lies."""

    days: tuple[date, ...]
    rows: tuple[TeamRow, ...]
    spread_percent: int


def advisors_in(store: Store) -> QuerySet[User]:
    """Give the advisors who work for the store."""
    return User.objects.filter(store=store, is_active=True, roles__contains=["advisor"]).order_by(
        "display_name", "pk"
    )


def team_of(store: Store, *, begins_on: date, now: datetime) -> Team:
    """Read the coming days of a store's advisors."""
    days = tuple(begins_on + timedelta(days=number) for number in range(DAYS))
    people = list(advisors_in(store))
    cap = deal_cap(policy_book().on(begins_on))
    deals = open_deals([one.pk for one in people], since=now - timedelta(days=cap.days))
    profiles = {row.advisor_id: row for row in AdvisorProfile.objects.filter(advisor__in=people)}
    booked = _booked_minutes(store, days)
    away = _away(people, days)
    staffed = {on: {one.id: one for one in advisors_of(store, on, now=now)} for on in days}
    rows = []
    for person in people:
        profile = profiles.get(person.pk) or AdvisorProfile(advisor=person)
        most = profile.open_deals_max
        rows.append(
            TeamRow(
                advisor=person,
                heats=tuple(
                    _heat(
                        on,
                        staffed[on].get(str(person.pk)),
                        booked[person.pk, on],
                        away.get((person.pk, on), ""),
                    )
                    for on in days
                ),
                profile=profile,
                open_deals=deals[person.pk],
                open_deals_max=cap.open_deals_max if most is None else most,
            )
        )
    loads = [heat.percent for row in rows for heat in row.heats[:1] if heat.is_working]
    return Team(days, tuple(rows), max(loads) - min(loads) if loads else 0)


def _heat(on: date, advisor: Advisor | None, booked: int, away: str) -> Heat:
    minutes = 0 if advisor is None else working_minutes(advisor)
    percent = round(100 * booked / minutes) if minutes else 0
    return Heat(
        on=on,
        is_working=minutes > 0,
        percent=percent,
        level=sum(percent >= level for level in LEVELS),
        booked_minutes=booked,
        working_minutes=minutes,
        away=away,
    )


def _booked_minutes(store: Store, days: tuple[date, ...]) -> defaultdict[tuple[int, date], int]:
    """Sum appointments and tasks that somebody has by name."""
    found: defaultdict[tuple[int, date], int] = defaultdict(int)
    begin, end = moment_of(0, on=days[0]), moment_of(0, on=days[-1]) + ONE_DAY
    rows = Appointment.objects.filter(
        store=store, state__in=["booked", "arrived"], starts_at__gte=begin, starts_at__lt=end
    )
    for advisor_id, starts_at, ends_at in rows.values_list("advisor_id", "starts_at", "ends_at"):
        minutes = round((ends_at - starts_at).total_seconds() / 60)
        found[advisor_id, starts_at.astimezone(SHANGHAI).date()] += minutes
    tasks = DayTask.objects.filter(
        store=store, day__in=days, done_at__isnull=True, advisor__isnull=False
    )
    for task in tasks:
        assert task.advisor_id is not None
        slots = -(-(task.service_minutes + task.travel_minutes) // SLOT_MINUTES)
        found[task.advisor_id, task.day] += slots * SLOT_MINUTES
    return found


def _away(people: list[User], days: tuple[date, ...]) -> dict[tuple[int, date], str]:
    begin, end = moment_of(0, on=days[0]), moment_of(0, on=days[-1]) + ONE_DAY
    rows = Absence.objects.filter(advisor__in=people, starts_at__lt=end, ends_at__gt=begin).exclude(
        kind=Absence.Kind.MEAL
    )
    found: dict[tuple[int, date], str] = {}
    for row in rows.order_by("starts_at"):
        starts, ends = row.starts_at.astimezone(SHANGHAI), row.ends_at.astimezone(SHANGHAI)
        for on in days:
            if starts.date() <= on <= ends.date():
                said = f"{row.get_kind_display()} {starts:%H:%M}–{ends:%H:%M}"
                before = found.get((row.advisor_id, on))
                found[row.advisor_id, on] = said if before is None else f"{before}、{said}"
    return found
