"""Acts on a store's times: hours, closed days, shifts, absences; and its secret addresses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from chedai.audit.operations import record
from chedai.reception.models import (
    Absence,
    QueueLink,
    QueueLinkRevocation,
    Shift,
    StoreDay,
    StoreHours,
)
from chedai.reception.queries.hours import span_on

if TYPE_CHECKING:
    from chedai.staff.models import Store, User


class ShiftOverlapsError(Exception):
    """The advisor already works at that time, here or in another store."""


@transaction.atomic
def set_store_hours(
    *,
    store: Store,
    hours: Mapping[int, tuple[time, time] | None],
    set_by: User,
    set_at: datetime,
) -> None:
    """Set the week: for each weekday (0 = Monday) opening and closing, or None for closed."""
    StoreHours.objects.filter(store=store).delete()
    StoreHours.objects.bulk_create(
        StoreHours(
            organisation_id=store.organisation_id,
            store=store,
            weekday=weekday,
            opens=span[0],
            closes=span[1],
        )
        for weekday, span in hours.items()
        if span is not None
    )
    words = {
        str(weekday): f"{span[0]:%H:%M}-{span[1]:%H:%M}" if span else "closed"
        for weekday, span in hours.items()
    }
    _audit("store.set_hours", store, by=set_by, at=set_at, detail=words)


@transaction.atomic
def set_store_day(
    *,
    store: Store,
    day: date,
    opens: time | None,
    closes: time | None,
    reason: str,
    recorded_by: User,
    recorded_at: datetime,
) -> StoreDay:
    """Say how one day differs from the week; neither time = closed. The later word holds."""
    row, _ = StoreDay.objects.update_or_create(
        store=store,
        day=day,
        defaults={
            "organisation_id": store.organisation_id,
            "opens": opens,
            "closes": closes,
            "reason": reason,
            "recorded_at": recorded_at,
            "recorded_by": recorded_by,
        },
    )
    detail = {"day": day.isoformat(), "is_open": opens is not None}
    _audit("store.set_day", store, by=recorded_by, at=recorded_at, detail=detail)
    return row


@transaction.atomic
def remove_store_day(*, row: StoreDay, removed_by: User, removed_at: datetime) -> None:
    """Let the week and the calendar hold again for the day."""
    detail = {"day": row.day.isoformat()}
    row.delete()
    _audit("store.remove_day", row.store, by=removed_by, at=removed_at, detail=detail)


def record_shift(
    *,
    store: Store,
    advisor: User,
    day: date,
    starts: time,
    ends: time,
    recorded_by: User,
    recorded_at: datetime,
) -> Shift:
    """Plan an advisor's work on a day; ``ends`` is later on the same day.

    Raises
    ------
    ShiftOverlapsError
        The advisor already works at that time.
    IntegrityError
        Another guard of the table, which would be a bug.
    """
    span = span_on(day, starts, ends)
    try:
        with transaction.atomic():
            shift = Shift.objects.create(
                organisation_id=store.organisation_id,
                store=store,
                advisor=advisor,
                day=day,
                starts_at=span.starts_at,
                ends_at=span.ends_at,
                recorded_at=recorded_at,
                recorded_by=recorded_by,
            )
            detail = {"advisor": advisor.pk, "day": day.isoformat()}
            _audit("shift.record", store, by=recorded_by, at=recorded_at, detail=detail)
    except IntegrityError as error:
        if "shift_one_at_a_time" not in str(error):
            raise
        msg = f"{advisor.display_name}这天这段时间已经有班了"
        raise ShiftOverlapsError(msg) from error
    return shift


@transaction.atomic
def remove_shift(*, shift: Shift, removed_by: User, removed_at: datetime) -> None:
    """Take a shift out of the plan."""
    detail = {"advisor": shift.advisor_id, "day": shift.day.isoformat()}
    shift.delete()
    _audit("shift.remove", shift.store, by=removed_by, at=removed_at, detail=detail)


@transaction.atomic
def record_absence(
    *,
    advisor: User,
    kind: str,
    starts_at: datetime,
    ends_at: datetime,
    recorded_by: User,
    recorded_at: datetime,
) -> Absence:
    """Note that an advisor cannot see customers for a while, whatever the shifts say."""
    absence = Absence.objects.create(
        organisation_id=advisor.organisation_id,
        advisor=advisor,
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        recorded_at=recorded_at,
        recorded_by=recorded_by,
    )
    _audit_absence("absence.record", absence, by=recorded_by, at=recorded_at)
    return absence


@transaction.atomic
def remove_absence(*, absence: Absence, removed_by: User, removed_at: datetime) -> None:
    """Take an absence back."""
    _audit_absence("absence.remove", absence, by=removed_by, at=removed_at)
    absence.delete()


@transaction.atomic
def make_link(
    *,
    kind: str,
    created_by: User,
    created_at: datetime,
    store: Store | None = None,
    advisor: User | None = None,
) -> QueueLink:
    """Make a secret address: of a store's door or wall, or of an advisor's calendar."""
    link = QueueLink.objects.create(
        organisation_id=created_by.organisation_id,
        kind=kind,
        store=store,
        advisor=advisor,
        created_at=created_at,
        created_by=created_by,
    )
    _audit_link("queue_link.make", link, by=created_by, at=created_at)
    return link


@transaction.atomic
def revoke_queue_link(*, link: QueueLink, revoked_by: User, revoked_at: datetime) -> None:
    """Take an address back; doing it twice keeps the first moment."""
    _, is_new = QueueLinkRevocation.objects.get_or_create(
        link=link,
        defaults={
            "organisation_id": link.organisation_id,
            "revoked_at": revoked_at,
            "revoked_by": revoked_by,
        },
    )
    if is_new:
        _audit_link("queue_link.revoke", link, by=revoked_by, at=revoked_at)


def _audit(action: str, store: Store, *, by: User, at: datetime, detail: dict[str, Any]) -> None:
    record(
        organisation_id=store.organisation_id,
        actor=by,
        action=action,
        subject_type="store",
        subject_id=store.code,
        detail=detail,
        at=at,
    )


def _audit_absence(action: str, absence: Absence, *, by: User, at: datetime) -> None:
    record(
        organisation_id=absence.organisation_id,
        actor=by,
        action=action,
        subject_type="user",
        subject_id=absence.advisor_id,
        # Why somebody is away is nobody's business later on.
        detail={
            "starts_at": absence.starts_at.isoformat(),
            "ends_at": absence.ends_at.isoformat(),
        },
        at=at,
    )


def _audit_link(action: str, link: QueueLink, *, by: User, at: datetime) -> None:
    record(
        organisation_id=link.organisation_id,
        actor=by,
        action=action,
        subject_type="queue_link",
        subject_id=link.pk,
        detail={"kind": link.kind, "store": link.store_id, "advisor": link.advisor_id},
        at=at,
    )
