"""The one published order of a store, over appointments and walk-ins.

1. Appointments whose customers are there, from a little before the agreed time on.
2. Elderly, pregnant and disabled customers.
3. Everybody else.

Within a class the earlier moment comes earlier: the agreed time for appointments,
the arrival for the others. An appointment whose customer came before its time waits as
a walk-in until then; one whose customer came after the time of grace is a walk-in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum


class Priority(IntEnum):
    """The classes of the order; the lower is called earlier."""

    APPOINTMENT = 1
    ASSISTED = 2
    WALK_IN = 3


@dataclass(frozen=True, kw_only=True)
class OrderRules:
    """How late an appointment still counts, and how early it begins to count; minutes."""

    grace_minutes: int
    early_minutes: int


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Somebody with a number.

    ``queued_at`` is the arrival, or the return after a missed call (``has_returned``): who
    missed a call has used up the appointment.
    """

    number: int
    arrived_at: datetime
    queued_at: datetime
    appointment_at: datetime | None = None
    is_assisted: bool = False
    has_returned: bool = False
    wanted_advisor_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A place in the order: ``key_at`` decides within the class; ``reason`` is one sentence."""

    waiting: Waiting
    priority: Priority
    key_at: datetime
    reason: str


def published_order(
    waiting: Iterable[Waiting], *, now: datetime, rules: OrderRules
) -> tuple[Standing, ...]:
    """Put everybody who waits into the order of being called at ``now``."""
    standings = [standing_of(each, now=now, rules=rules) for each in waiting]
    return tuple(sorted(standings, key=lambda s: (s.priority, s.key_at, s.waiting.number)))


def standing_of(waiting: Waiting, *, now: datetime, rules: OrderRules) -> Standing:
    """Say in which class somebody waits at ``now``, since when, and why."""
    priority, key_at, reason = _class_of(waiting, now=now, rules=rules)
    return Standing(waiting=waiting, priority=priority, key_at=key_at, reason=reason)


def callable_by(
    standings: Sequence[Standing],
    *,
    advisor_id: int,
    present_ids: frozenset[int],
    now: datetime,
    rules: OrderRules,
) -> tuple[Standing, ...]:
    """Leave out those who have an appointment with another advisor who is there.

    Past the time of grace anybody may take them: nobody waits for one person in vain.
    """
    return tuple(
        standing
        for standing in standings
        if standing.priority is not Priority.APPOINTMENT
        or standing.waiting.wanted_advisor_id in (None, advisor_id)
        or standing.waiting.wanted_advisor_id not in present_ids
        or now >= standing.key_at + timedelta(minutes=rules.grace_minutes)
    )


def _class_of(
    waiting: Waiting, *, now: datetime, rules: OrderRules
) -> tuple[Priority, datetime, str]:
    lower = Priority.ASSISTED if waiting.is_assisted else Priority.WALK_IN
    since = waiting.queued_at
    if waiting.has_returned:
        return lower, since, "过号后回来，按回来的时间排"
    if waiting.appointment_at is None:
        return lower, since, "优先照顾" if waiting.is_assisted else "按到店先后"
    agreed = waiting.appointment_at
    if waiting.arrived_at > agreed + timedelta(minutes=rules.grace_minutes):
        return lower, since, f"预约 {agreed:%H:%M}，迟到超过 {rules.grace_minutes} 分钟，按到店先后"
    if now < agreed - timedelta(minutes=rules.early_minutes):
        return lower, since, f"预约 {agreed:%H:%M}，来得早，先按到店先后"
    return Priority.APPOINTMENT, agreed, f"预约 {agreed:%H:%M}，按时到店"
