"""M1: the floor as it is now, and what one change would do to the waits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from chedai.core.scheduling.day import SLOT_MINUTES, Day
from chedai.core.scheduling.floor import (
    Floor,
    FloorOutcome,
    assumptions_of,
    simulate,
    with_another_advisor,
    with_service_of,
)
from chedai.policy.day_planning import FloorRules, floor_rules
from chedai.reception.models import PlannedJob, StoreDayPlan, Ticket
from chedai.reception.queries.day_inputs import StoreDay
from chedai.reception.queries.day_jobs import free_spans, slot_at, usual_minutes
from chedai.reception.queries.scenes import policy_book
from chedai.staff.models import Store
from chedai.web.formats import SHANGHAI

SIMULATED_DAYS: Final = 120
SEED: Final = 20_261_124
ENOUGH_ARRIVALS: Final = 40
"""Fewer recorded arrivals say little about the hours; the estimate of the policy book is used."""
SHORTER_MINUTES: Final = 20


@dataclass(frozen=True)
class WaitingRow:
    """Somebody who waits, and what the plan says."""

    label: str
    class_label: str
    minutes: int
    is_breach: bool
    planned: str
    advisor: str


@dataclass(frozen=True)
class AdvisorRow:
    """What an advisor does now, and how full the day is."""

    name: str
    state: str
    minutes: int | None
    served: int
    planned: int


@dataclass(frozen=True)
class FloorBoard:
    """Everything the live part shows; waits in minutes."""

    waiting: tuple[WaitingRow, ...]
    advisors: tuple[AdvisorRow, ...]
    wait_p50: int | None
    wait_p90: int | None
    called_count: int
    served_count: int
    breach_count: int
    breach_minutes: int
    missed_count: int


@dataclass(frozen=True)
class WhatIf:
    """One simulated floor."""

    label: str
    outcome: FloorOutcome


@dataclass(frozen=True)
class WhatIfs:
    """The floors compared, and what they take for granted."""

    rows: tuple[WhatIf, ...]
    assumptions: tuple[str, ...]
    is_estimated: bool


def floor_board(read: StoreDay, version: StoreDayPlan | None, *, now: datetime) -> FloorBoard:
    """Read the floor of a store on the day of ``read``."""
    rules = floor_rules(policy_book().on(read.on))
    tickets = list(
        Ticket.objects.filter(store=read.store, day=read.on)
        .select_related("appointment")
        .order_by("queued_at", "number")
    )
    jobs = []
    if version is not None:
        jobs = list(PlannedJob.objects.filter(plan=version).select_related("advisor"))
    waiting = _waiting(tickets, jobs, now=now, rules=rules)
    waits = sorted(
        _minutes(ticket.issued_at, ticket.called_at)
        for ticket in tickets
        if ticket.called_at is not None
    )
    return FloorBoard(
        waiting=waiting,
        advisors=_advisors(read.day, tickets, jobs, now=now),
        wait_p50=quantile(waits, 0.5),
        wait_p90=quantile(waits, 0.9),
        called_count=len(waits),
        served_count=sum(ticket.state == Ticket.State.FINISHED for ticket in tickets),
        breach_count=sum(row.is_breach for row in waiting)
        + sum(wait > rules.breach_minutes for wait in waits),
        breach_minutes=rules.breach_minutes,
        missed_count=sum(ticket.state == Ticket.State.MISSED for ticket in tickets),
    )


def what_ifs(read: StoreDay) -> WhatIfs | None:
    """Simulate the store as staffed on the day, with one more advisor, and with shorter visits.

    None when nobody works that day.
    """
    policy = policy_book().on(read.on)
    shifts = tuple(
        (start * SLOT_MINUTES, end * SLOT_MINUTES)
        for advisor in read.day.advisors
        for start, end in free_spans(advisor)
    )
    if not shifts:
        return None
    begin = min(start for start, _ in shifts) // 60 * 60
    end = max(stop for _, stop in shifts)
    hours = math.ceil((end - begin) / 60)
    rules = floor_rules(policy)
    seen = _arrivals(read.store, on=read.on, days=rules.history_days, begin=begin, hours=hours)
    arrivals = seen or (float(rules.arrivals_per_hour),) * hours
    minutes = usual_minutes(read.store, policy) + read.day.rules.buffer_minutes
    floor = Floor(
        open_minute=begin, arrivals_per_hour=arrivals, shifts=shifts, service_minutes=minutes
    )
    shorter = SHORTER_MINUTES + read.day.rules.buffer_minutes
    if shorter >= minutes:
        shorter = round(minutes * 0.8)
    rows = (
        ("现在这样", floor),
        ("加一名顾问", with_another_advisor(floor)),
        (f"每人接待连间隔 {shorter} 分钟（现在 {minutes} 分钟）", with_service_of(floor, shorter)),
    )
    return WhatIfs(
        rows=tuple(WhatIf(label, _simulated(one)) for label, one in rows),
        assumptions=assumptions_of(floor, days=SIMULATED_DAYS),
        is_estimated=seen is None,
    )


def quantile(ordered: Sequence[int], share: float) -> int | None:
    """Give the least wait that ``share`` of the customers did not exceed; None without any."""
    if not ordered:
        return None
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@lru_cache(maxsize=256)
def _simulated(floor: Floor) -> FloorOutcome:
    return simulate(floor, days=SIMULATED_DAYS, seed=SEED)


def _minutes(begin: datetime, end: datetime) -> int:
    return max(0, int((end - begin).total_seconds() // 60))


def _waiting(
    tickets: list[Ticket], jobs: list[PlannedJob], *, now: datetime, rules: FloorRules
) -> tuple[WaitingRow, ...]:
    planned = {job.job_key: job for job in jobs}
    rows = []
    for ticket in tickets:
        if ticket.state != Ticket.State.WAITING:
            continue
        booked = ticket.appointment
        key = f"T{ticket.pk}" if booked is None else f"A{booked.pk}"
        job = planned.get(key)
        # Who came before the agreed time waits from the agreed time on.
        since = ticket.issued_at if booked is None else max(ticket.issued_at, booked.starts_at)
        minutes = _minutes(since, now)
        label = "预约" if booked is not None else "优先" if ticket.is_assisted else "到店"
        rows.append(
            (
                job.starts_at if job is not None else now + timedelta(days=1),
                WaitingRow(
                    label=ticket.label,
                    class_label=label,
                    minutes=minutes,
                    is_breach=minutes > rules.breach_minutes,
                    planned="" if job is None else f"{job.starts_at.astimezone(SHANGHAI):%H:%M}",
                    advisor="" if job is None else job.advisor.display_name,
                ),
            )
        )
    rows.sort(key=lambda row: row[0])
    return tuple(row for _, row in rows)


def _advisors(
    day: Day, tickets: list[Ticket], jobs: list[PlannedJob], *, now: datetime
) -> tuple[AdvisorRow, ...]:
    rows = []
    for advisor in day.advisors:
        mine = [ticket for ticket in tickets if str(ticket.advisor_id or "") == advisor.id]
        serving = next((t for t in mine if t.state in ("called", "serving")), None)
        since = None if serving is None else serving.started_at or serving.called_at
        state = _state(day, advisor.id, now) if serving is None else f"接待 {serving.label}"
        rows.append(
            AdvisorRow(
                name=advisor.name,
                state=state,
                minutes=None if since is None else _minutes(since, now),
                served=sum(ticket.state == Ticket.State.FINISHED for ticket in mine),
                planned=sum(
                    str(job.advisor_id) == advisor.id and not job.is_started for job in jobs
                ),
            )
        )
    return tuple(rows)


def _state(day: Day, advisor_id: str, now: datetime) -> str:
    slot = slot_at(now)
    advisor = day.advisor_by_id[advisor_id]
    if not any(shift.start_slot <= slot < shift.end_slot for shift in advisor.working):
        return "不当班"
    if any(pause.start_slot <= slot < pause.end_slot for pause in advisor.breaks):
        return "休息或不在店"
    return "空闲"


def _arrivals(
    store: Store, *, on: date, days: int, begin: int, hours: int
) -> tuple[float, ...] | None:
    """Learn the arrivals of each hour from the latest days; None when there are too few."""
    moments = Ticket.objects.filter(
        store=store, day__gte=on - timedelta(days=days), day__lt=on
    ).values_list("day", "issued_at")
    counts = [0] * hours
    seen_days = set()
    for day, issued_at in moments:
        local = issued_at.astimezone(SHANGHAI)
        hour = (local.hour * 60 + local.minute - begin) // 60
        seen_days.add(day)
        counts[min(hours - 1, max(0, hour))] += 1
    if sum(counts) < ENOUGH_ARRIVALS:
        return None
    return tuple(count / len(seen_days) for count in counts)
