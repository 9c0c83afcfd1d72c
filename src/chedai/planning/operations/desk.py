"""Acts at the desk: set it, pin a plan, keep a competitor's offer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from chedai.audit.operations import record
from chedai.deals.models import Deal
from chedai.planning.models import CompetitorOffer, DeskSetup, PinnedPlan
from chedai.staff.models import User


class StaleDeskError(Exception):
    """Somebody changed the desk since this page was opened; nothing was stored."""


@transaction.atomic
def set_desk(
    *, deal: Deal, revision: int, values: Mapping[str, Any], changed_by: User, changed_at: datetime
) -> DeskSetup:
    """Store what the advisor set; ``revision`` 0 = nothing set yet.

    Raises
    ------
    StaleDeskError
        The desk has moved on since ``revision``.
    """
    Deal.objects.select_for_update().get(pk=deal.pk)
    setup = DeskSetup.objects.filter(deal=deal).first()
    if (setup.revision if setup else 0) != revision:
        msg = "这张方案台刚被改过"
        raise StaleDeskError(msg)
    setup = setup or DeskSetup(organisation_id=deal.organisation_id, deal=deal)
    for name, value in values.items():
        setattr(setup, name, value)
    setup.revision, setup.changed_at, setup.changed_by = revision + 1, changed_at, changed_by
    setup.save()
    record(
        organisation_id=deal.organisation_id,
        actor=changed_by,
        action="desk.set",
        subject_type="deal",
        subject_id=deal.number,
        after={k: getattr(v, "pk", v) for k, v in values.items()},
        at=changed_at,
    )
    return setup


@transaction.atomic
def pin_plan(
    *,
    deal: Deal,
    letter: str,
    product_version_id: int,
    term_months: int,
    down_payment_fen: int,
    reason: str,
    pinned_by: User,
    pinned_at: datetime,
) -> PinnedPlan:
    """Put a plan into place; the same plan in two places keeps the newer one."""
    Deal.objects.select_for_update().get(pk=deal.pk)
    plan = {
        "product_version_id": product_version_id,
        "term_months": term_months,
        "down_payment_fen": down_payment_fen,
    }
    PinnedPlan.objects.filter(deal=deal, **plan).exclude(letter=letter).delete()
    pinned, _ = PinnedPlan.objects.update_or_create(
        deal=deal,
        letter=letter,
        defaults={
            "organisation_id": deal.organisation_id,
            **plan,
            "reason": reason,
            "pinned_by": pinned_by,
            "pinned_at": pinned_at,
        },
    )
    record(
        organisation_id=deal.organisation_id,
        actor=pinned_by,
        action="plan.pin",
        subject_type="deal",
        subject_id=deal.number,
        after={"letter": letter, **plan, "reason": reason},
        at=pinned_at,
    )
    return pinned


@transaction.atomic
def unpin_plan(*, deal: Deal, letter: str, unpinned_by: User, unpinned_at: datetime) -> None:
    """Give the place back to the engine's own plan."""
    gone, _ = PinnedPlan.objects.filter(deal=deal, letter=letter).delete()
    if gone:
        record(
            organisation_id=deal.organisation_id,
            actor=unpinned_by,
            action="plan.unpin",
            subject_type="deal",
            subject_id=deal.number,
            before={"letter": letter},
            at=unpinned_at,
        )


@transaction.atomic
def record_competitor_offer(
    *,
    deal: Deal,
    form_key: UUID,
    typed: Mapping[str, Any],
    recorded_by: User,
    recorded_at: datetime,
) -> CompetitorOffer:
    """Keep another store's offer as typed; the same form sent twice is one offer."""
    offer, is_new = CompetitorOffer.objects.get_or_create(
        organisation_id=deal.organisation_id,
        form_key=form_key,
        defaults={
            "deal": deal,
            "typed": dict(typed),
            "recorded_by": recorded_by,
            "recorded_at": recorded_at,
        },
    )
    if is_new:
        record(
            organisation_id=deal.organisation_id,
            actor=recorded_by,
            action="competitor.record",
            subject_type="deal",
            subject_id=deal.number,
            after=dict(typed),
            at=recorded_at,
        )
    return offer
