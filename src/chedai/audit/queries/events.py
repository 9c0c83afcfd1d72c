"""Reading the chain, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q

from chedai.audit.models import AuditEvent

PAGE_ROWS: Final = 50


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What to look for; empty means everything."""

    action: str = ""
    actor: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class EventPage:
    """One page of events, and where the next one continues (None: nothing older)."""

    events: Sequence[AuditEvent]
    next_place: str | None


def events_before(
    organisation_id: int, *, wanted: EventFilter, place: tuple[datetime, int] | None
) -> EventPage:
    """Give a page of events older than ``place`` (moment and id of the last one shown)."""
    rows = AuditEvent.objects.filter(organisation_id=organisation_id)
    if wanted.action:
        rows = rows.filter(action__startswith=wanted.action)
    if wanted.actor:
        rows = rows.filter(actor_label=wanted.actor)
    if wanted.subject:
        rows = rows.filter(subject_id=wanted.subject)
    if place is not None:
        at, event_id = place
        # The first condition bounds the index range; the second breaks ties.
        rows = rows.filter(Q(at__lte=at), Q(at__lt=at) | Q(id__lt=event_id))
    found = list(rows.order_by("-at", "-id")[: PAGE_ROWS + 1])
    shown = found[:PAGE_ROWS]
    has_more = len(found) > PAGE_ROWS
    next_place = f"{shown[-1].at.isoformat()}_{shown[-1].pk}" if has_more else None
    return EventPage(shown, next_place)


def read_place(text: str) -> tuple[datetime, int] | None:
    """Read a ``next_place``; anything else starts at the newest event."""
    moment, _, event_id = text.rpartition("_")
    try:
        at = datetime.fromisoformat(moment)
        number = int(event_id)
    except ValueError:
        return None
    return None if at.tzinfo is None else (at, number)
