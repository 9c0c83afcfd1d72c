"""Acts on a deal: open it, close it, know its people."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from chedai.audit.operations import record
from chedai.deals.models import Deal, DealCounter, Party, Withdrawal
from chedai.deals.operations.processes import end_process, start_process
from chedai.privacy.digests import digest_for_lookup
from chedai.privacy.operations import reveal
from chedai.staff.models import Store, User


class BorrowerKnownError(Exception):
    """The deal has a borrower already; a second one cannot be added."""


@transaction.atomic
def open_deal(
    *, store: Store, advisor: User, call_name: str, form_key: UUID, opened_at: datetime
) -> tuple[Deal, bool]:
    """Open a deal; the same ``form_key`` gives the same deal and False."""
    # The counter's lock also makes two copies of one form wait for each other.
    counter, _ = DealCounter.objects.select_for_update().get_or_create(
        organisation_id=store.organisation_id
    )
    held = Deal.objects.filter(organisation_id=store.organisation_id, form_key=form_key).first()
    if held is not None:
        return held, False
    counter.latest += 1
    counter.save(update_fields=["latest"])
    deal = Deal.objects.create(
        organisation_id=store.organisation_id,
        store=store,
        advisor=advisor,
        number=f"D{counter.latest:06d}",
        call_name=call_name,
        opened_at=opened_at,
        opened_by=advisor,
        form_key=form_key,
    )
    record(
        organisation_id=deal.organisation_id,
        actor=advisor,
        action="deal.open",
        subject_type="deal",
        subject_id=deal.number,
        after={"store": store.code},
        at=opened_at,
    )
    start_process(deal=deal, started_by=advisor, started_at=opened_at)
    return deal, True


@transaction.atomic
def record_withdrawal(
    *, deal: Deal, reason: str, recorded_by: User, recorded_at: datetime
) -> Withdrawal:
    """Record that the customer left; doing it twice keeps the first reason."""
    withdrawal, is_new = Withdrawal.objects.get_or_create(
        deal=deal,
        defaults={
            "organisation_id": deal.organisation_id,
            "reason": reason,
            "recorded_by": recorded_by,
            "recorded_at": recorded_at,
        },
    )
    if is_new:
        # Before the audit event: whoever holds a process asks for the chain, never the reverse.
        end_process(deal=deal, reason="客户撤单", ended_by=recorded_by, ended_at=recorded_at)
        record(
            organisation_id=deal.organisation_id,
            actor=recorded_by,
            action="deal.withdraw",
            subject_type="deal",
            subject_id=deal.number,
            after={"reason": reason},
            at=recorded_at,
        )
    return withdrawal


@transaction.atomic
def add_party(
    *,
    deal: Deal,
    kind: str,
    name: str,
    phone: str,
    agreed_purpose: str,
    recorded_by: User,
    recorded_at: datetime,
) -> Party:
    """Keep who the customer is, once the customer agreed to the named purpose.

    Raises
    ------
    BorrowerKnownError
        The deal has a borrower already.
    """
    Deal.objects.select_for_update().get(pk=deal.pk)
    if kind == Party.Kind.BORROWER and Party.objects.filter(deal=deal, kind=kind).exists():
        msg = "这一单已经登记了主贷人"
        raise BorrowerKnownError(msg)
    party = Party.objects.create(
        organisation_id=deal.organisation_id,
        deal=deal,
        kind=kind,
        name=name,
        phone=phone,
        phone_digest=digest_for_lookup(phone, organisation_id=deal.organisation_id),
        agreed_purpose=agreed_purpose,
        recorded_at=recorded_at,
        recorded_by=recorded_by,
    )
    record(
        organisation_id=deal.organisation_id,
        actor=recorded_by,
        action="party.record",
        subject_type="deal",
        subject_id=deal.number,
        after={"kind": kind, "purpose": agreed_purpose},
        at=recorded_at,
    )
    return party


def reveal_party(*, party: Party, reason: str, seen_by: User, seen_at: datetime) -> tuple[str, str]:
    """Give name and phone in full, with the reason on record for each.

    Returns
    -------
    tuple of str
        Name and phone.
    """
    name, phone = (
        reveal(
            sealed,
            reason=reason,
            subject_type="deal",
            subject_id=party.deal.number,
            revealed_by=seen_by,
            revealed_at=seen_at,
        )
        for sealed in (party.name, party.phone)
    )
    return name, phone
