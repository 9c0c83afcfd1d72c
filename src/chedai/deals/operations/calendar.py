"""Editing the holiday table of an organisation."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from chedai.audit.operations import record
from chedai.deals.models import AnnouncedYear, CalendarDay
from chedai.deals.operations.escalation import reckon_deadlines_anew
from chedai.staff.models import User


@transaction.atomic
def set_calendar_day(
    *, day: date, is_workday: bool, label: str, recorded_by: User, recorded_at: datetime
) -> CalendarDay:
    """Say that a day is worked or not; said again, the latest word holds."""
    row, _ = CalendarDay.objects.update_or_create(
        organisation_id=recorded_by.organisation_id,
        day=day,
        defaults={
            "is_workday": is_workday,
            "label": label,
            "recorded_by": recorded_by,
            "recorded_at": recorded_at,
        },
    )
    _record(
        recorded_by,
        recorded_at,
        action="calendar.set_day",
        detail={"day": str(day), "is_workday": is_workday},
    )
    reckon_deadlines_anew(
        organisation_id=recorded_by.organisation_id, by=recorded_by, at=recorded_at
    )
    return row


@transaction.atomic
def announce_year(*, year: int, recorded_by: User, recorded_at: datetime) -> AnnouncedYear:
    """Say that a year's holidays are all entered: its deadlines are provisional no more."""
    row, is_new = AnnouncedYear.objects.get_or_create(
        organisation_id=recorded_by.organisation_id,
        year=year,
        defaults={"recorded_by": recorded_by, "recorded_at": recorded_at},
    )
    if is_new:
        _record(recorded_by, recorded_at, action="calendar.announce", detail={"year": year})
        reckon_deadlines_anew(
            organisation_id=recorded_by.organisation_id, by=recorded_by, at=recorded_at
        )
    return row


def _record(by: User, at: datetime, *, action: str, detail: dict[str, object]) -> None:
    record(
        organisation_id=by.organisation_id,
        actor=by,
        action=action,
        subject_type="calendar",
        subject_id=by.organisation_id,
        detail=detail,
        at=at,
    )
