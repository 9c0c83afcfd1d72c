"""Times at which an advisor can still be booked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

STEP: Final = timedelta(minutes=10)


@dataclass(frozen=True, order=True)
class Span:
    """From and including ``starts_at``, up to ``ends_at``."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: Span) -> bool:
        """Whether both have a moment in common."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def holds(self, other: Span) -> bool:
        """Whether the other lies inside."""
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at

    @property
    def minutes(self) -> float:
        """How long it is."""
        return (self.ends_at - self.starts_at) / timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class SlotRules:
    """Minutes of one appointment and between two, how many a day, the share for walk-ins."""

    slot_minutes: int
    buffer_minutes: int
    max_per_day: int
    walk_in_share: Decimal


def without(spans: Sequence[Span], *, taken: Sequence[Span]) -> tuple[Span, ...]:
    """Cut what is taken out of the spans."""
    left = sorted(spans)
    for hole in taken:
        left = [piece for span in left for piece in _cut(span, hole)]
    return tuple(sorted(left))


def is_room_left(*, booked: Sequence[Span], working: Sequence[Span], rules: SlotRules) -> bool:
    """Whether one more appointment keeps both limits of the day: the count and the share."""
    if len(booked) >= rules.max_per_day:
        return False
    minutes = sum(span.minutes for span in working)
    kept = sum(span.minutes for span in booked) + rules.slot_minutes
    return Decimal(str(kept)) <= Decimal(str(minutes)) * (1 - rules.walk_in_share)


def free_slots(
    *,
    working: Sequence[Span],
    booked: Sequence[Span],
    earliest_at: datetime,
    rules: SlotRules,
) -> tuple[Span, ...]:
    """List the appointments that can be made: steps of ten minutes from each start of work."""
    if not is_room_left(booked=booked, working=working, rules=rules):
        return ()
    length = timedelta(minutes=rules.slot_minutes)
    buffer = timedelta(minutes=rules.buffer_minutes)
    kept = [Span(span.starts_at - buffer, span.ends_at + buffer) for span in booked]
    slots = []
    for span in sorted(working):
        starts_at = span.starts_at
        while starts_at + length <= span.ends_at:
            slot = Span(starts_at, starts_at + length)
            if starts_at >= earliest_at and not any(slot.overlaps(each) for each in kept):
                slots.append(slot)
            starts_at += STEP
    return tuple(slots)


def _cut(span: Span, hole: Span) -> list[Span]:
    if not span.overlaps(hole):
        return [span]
    pieces = []
    if span.starts_at < hole.starts_at:
        pieces.append(Span(span.starts_at, hole.starts_at))
    if hole.ends_at < span.ends_at:
        pieces.append(Span(hole.ends_at, span.ends_at))
    return pieces
