"""What waits to be said to lenders, what was given up, and whom to ask."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Max, OuterRef, Q, Subquery

from chedai.applications.models import OutboxMessage, Submission, SubmissionEvent
from chedai.deals.queries import deals_in_scope
from chedai.staff.isolation import directory_window
from chedai.staff.models import User

BATCH: Final = 100
ENDED: Final = ("refused", "withdrawn", "disbursed")


def due_messages(*, organisation_id: int, at: datetime) -> list[int]:
    """List what may be sent now, the longest waiting at the top."""
    due = OutboxMessage.objects.filter(
        organisation_id=organisation_id,
        done_at__isnull=True,
        given_up_at__isnull=True,
        next_try_at__lte=at,
    )
    return list(due.order_by("next_try_at", "pk").values_list("pk", flat=True)[:BATCH])


def submissions_to_ask_about(*, organisation_id: int, silent_since: datetime) -> list[Submission]:
    """List running submissions of which nothing was heard since ``silent_since``."""
    latest = SubmissionEvent.objects.filter(submission=OuterRef("pk")).order_by("-sequence")
    return list(
        Submission.objects.filter(organisation_id=organisation_id)
        .annotate(
            latest_kind=Subquery(latest.values("kind")[:1]), heard_at=Max("events__received_at")
        )
        .filter(heard_at__lt=silent_since)
        .exclude(latest_kind__in=ENDED)
        .select_related("connection__lender", "deal")
        .defer("pack")
        .order_by("heard_at", "pk")[:BATCH]
    )


def outbox_of(*, seen_by: User) -> list[OutboxMessage]:
    """List what was given up or still waits, in this user's scope; given up at the top."""
    return list(
        OutboxMessage.objects.filter(
            Q(given_up_at__isnull=False) | Q(done_at__isnull=True),
            submission__deal__in=deals_in_scope(user=seen_by),
        )
        .select_related("submission__lender", "submission__deal")
        .defer("submission__pack")
        .order_by("-given_up_at", "next_try_at", "pk")[:BATCH]
    )


def submission_by_reference(reference: str) -> Submission | None:
    """Find a submission by what only its lender and we know, whatever its organisation.

    The caller goes on inside ``acting_for(submission.organisation_id)``.
    """
    with directory_window():
        return (
            Submission.objects.filter(reference=reference)
            .only("pk", "organisation_id", "reference")
            .first()
        )
