"""A store's day as the planner reads it, from shifts, appointments, tickets, tasks and locks."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Count

from chedai.core.scheduling.day import (
    SLOT_MINUTES,
    SLOTS_PER_DAY,
    Advisor,
    Day,
    Interval,
    Job,
    Lock,
)
from chedai.core.scheduling.plan import DayPlan
from chedai.deals.models import Deal
from chedai.policy.day_planning import day_rules, deal_cap
from chedai.reception.models import Absence, AdvisorProfile, PlanLock, Shift
from chedai.reception.queries.day_jobs import ONE_DAY, jobs_of, moment_of, slot_at
from chedai.reception.queries.scenes import policy_book
from chedai.staff.models import Store
from chedai.web.formats import SHANGHAI

SKILL_LABELS: Final[Mapping[str, str]] = {
    "used_car": "二手车",
    "commercial": "营运车",
}
MINUTES_PER_DAY: Final = 24 * 60


@dataclass(frozen=True)
class StoreDay:
    """What is planned, for which store and day.

    Parameters
    ----------
    digest
        Of everything but the time: equal means nothing has changed.
    """

    store: Store
    on: date
    day: Day
    digest: str

    def is_overtaken(self, plan: DayPlan) -> bool:
        """Whether the plan has somebody start who has not started by now."""
        return any(
            placed.start_slot < self.day.now_slot
            and not (lock := self.day.locks.get(placed.job_id, Lock(""))).is_started
            and lock.start_slot is None
            for placed in plan.placements
            if placed.job_id in self.day.job_by_id
        )


def store_day(store: Store, *, on: date, now: datetime) -> StoreDay:
    """Read one store's day as it stands now."""
    policy = policy_book().on(on)
    advisors = advisors_of(store, on, now=now)
    known = {advisor.id for advisor in advisors}
    jobs, started = jobs_of(store, on, now=now, policy=policy, advisors=advisors)
    numbers = {job.id for job in jobs}
    locks = {
        lock.job_key: Lock(
            advisor_id=str(lock.advisor_id),
            start_slot=None if lock.starts_at is None else slot_at(lock.starts_at),
        )
        for lock in PlanLock.objects.filter(store=store, day=on, released_at__isnull=True)
        if lock.job_key in numbers and str(lock.advisor_id) in known
    }
    day = Day(
        advisors=advisors,
        jobs=jobs,
        rules=day_rules(policy),
        now_slot=_now_slot(on, now),
        locks=without_overlaps({**locks, **started}, jobs=jobs, advisors=advisors),
    )
    plain = repr((day.advisors, day.jobs, day.rules, sorted(day.locks.items())))
    return StoreDay(store, on, day, hashlib.sha256(plain.encode()).hexdigest())


def without_overlaps(
    locks: Mapping[str, Lock], *, jobs: Iterable[Job], advisors: Iterable[Advisor]
) -> dict[str, Lock]:
    """Let a time that somebody fixed give way where what is under way takes longer.

    The advisor stays fixed; what has started stays where it is.
    """
    by_id, people = {job.id: job for job in jobs}, {one.id: one for one in advisors}
    kept: dict[str, Lock] = {}
    taken: dict[str, list[tuple[int, int]]] = {}
    for job_id, lock in sorted(locks.items(), key=lambda row: (not row[1].is_started, row[0])):
        if lock.start_slot is None:
            kept[job_id] = lock
            continue
        end = lock.start_slot + by_id[job_id].slots_for(people[lock.advisor_id])
        spans = taken.setdefault(lock.advisor_id, [])
        if any(lock.start_slot < other_end and start < end for start, other_end in spans):
            kept[job_id] = Lock(lock.advisor_id)
            continue
        spans.append((lock.start_slot, end))
        kept[job_id] = lock
    return kept


def _now_slot(on: date, now: datetime) -> int:
    local = now.astimezone(SHANGHAI)
    if local.date() == on:
        return slot_at(now)
    return 0 if local.date() < on else SLOTS_PER_DAY - 1


def advisors_of(store: Store, on: date, *, now: datetime) -> tuple[Advisor, ...]:
    """Read who works in a store on a day, with breaks, skills and room for further deals."""
    cap = deal_cap(policy_book().on(on))
    shifts: dict[int, list[Interval]] = {}
    names: dict[int, str] = {}
    rows = Shift.objects.filter(store=store, day=on).select_related("advisor")
    for shift in rows.order_by("advisor__display_name", "advisor_id", "starts_at"):
        names[shift.advisor_id] = shift.advisor.display_name
        span = _interval(shift.starts_at, shift.ends_at, on=on)
        if span is not None:
            shifts.setdefault(shift.advisor_id, []).append(span)
    away = _absences(list(shifts), on)
    profiles = {
        profile.advisor_id: profile
        for profile in AdvisorProfile.objects.filter(advisor_id__in=shifts)
    }
    deals = open_deals(list(shifts), since=now - timedelta(days=cap.days))
    nobody = AdvisorProfile()
    found = []
    for number, working in shifts.items():
        profile = profiles.get(number, nobody)
        most = profile.open_deals_max
        most = cap.open_deals_max if most is None else most
        found.append(
            Advisor(
                id=str(number),
                name=names[number],
                working=tuple(_joined(working)),
                breaks=tuple(_joined(away.get(number, []))),
                skills=frozenset(profile.skills),
                pace_percent=profile.pace_percent,
                deal_room=max(0, most - deals[number]),
            )
        )
    return tuple(found)


def _absences(advisor_ids: list[int], on: date) -> dict[int, list[Interval]]:
    begin = moment_of(0, on=on)
    found: dict[int, list[Interval]] = {}
    rows = Absence.objects.filter(
        advisor_id__in=advisor_ids, starts_at__lt=begin + ONE_DAY, ends_at__gt=begin
    )
    for row in rows.order_by("starts_at"):
        span = _interval(row.starts_at, row.ends_at, on=on)
        if span is not None:
            found.setdefault(row.advisor_id, []).append(span)
    return found


def open_deals(advisor_ids: list[int], *, since: datetime) -> Counter[int]:
    """Count each advisor's deals that nobody withdrew, opened since a moment."""
    rows = (
        Deal.objects.filter(
            advisor_id__in=advisor_ids, opened_at__gte=since, withdrawal__isnull=True
        )
        .values_list("advisor_id")
        .annotate(count=Count("id"))
    )
    return Counter(dict(rows))


def _interval(starts_at: datetime, ends_at: datetime, *, on: date) -> Interval | None:
    """Cut a stretch to one day, to whole slots inside it; None when nothing is left."""
    begin = moment_of(0, on=on)
    start = max(0, int((starts_at - begin).total_seconds() // 60))
    end = min(MINUTES_PER_DAY, int((ends_at - begin).total_seconds() // 60))
    first, last = -(-start // SLOT_MINUTES), end // SLOT_MINUTES
    return Interval(first, last) if first < last else None


def _joined(spans: list[Interval]) -> list[Interval]:
    """Join what overlaps or touches."""
    joined: list[Interval] = []
    for span in sorted(spans, key=lambda one: one.start_slot):
        if joined and span.start_slot <= joined[-1].end_slot:
            before = joined.pop()
            joined.append(Interval(before.start_slot, max(before.end_slot, span.end_slot)))
        else:
            joined.append(span)
    return joined
