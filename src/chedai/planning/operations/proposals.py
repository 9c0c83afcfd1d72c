"""Acts on proposals: make one, send it, take it back, see it opened."""

from __future__ import annotations

import hashlib
import secrets
import zlib
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction

from chedai.audit.operations import record
from chedai.deals.operations.processes import signal
from chedai.planning.models import (
    Proposal,
    ProposalCounter,
    ProposalLink,
    ProposalLinkOpening,
    ProposalLinkRevocation,
    ProposalPrint,
    ProposalSeal,
)
from chedai.planning.queries.proposal_print import means_of_printing, print_sheet
from chedai.planning.queries.proposal_sheets import sheet_of
from chedai.planning.queries.proposals import digest_of_token, made_on

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from chedai.deals.models import Deal
    from chedai.planning.queries.proposal_sheets import ProposalInputs
    from chedai.staff.models import User

TOKEN_BYTES: Final = 32


@transaction.atomic
def make_proposal(
    *, deal: Deal, inputs: ProposalInputs, form_key: UUID, created_by: User, created_at: datetime
) -> tuple[Proposal, bool]:
    """Price, word, print and keep a proposal; the same ``form_key`` gives the same and False.

    Refused by ``sheet_of`` (``PlanNoLongerPricedError``, ``PlansOutOfOrderError``,
    ``BannedWordingError``) and by the press (``FontsMissingError``, ``TypesettingFailedError``).
    """
    # The counter's lock also makes two copies of one form wait for each other.
    counter, _ = ProposalCounter.objects.select_for_update().get_or_create(
        organisation_id=deal.organisation_id
    )
    held = Proposal.objects.filter(form_key=form_key, deal=deal).first()
    if held is not None:
        return held, False
    counter.latest += 1
    counter.save(update_fields=["latest"])
    number = f"P{counter.latest:06d}"
    sheet = sheet_of(inputs, number=number, made_on=made_on(created_at))
    pdf = print_sheet(sheet, verify_root=inputs.verify_root, created_at=created_at)
    proposal = Proposal.objects.create(
        organisation_id=deal.organisation_id,
        store_id=deal.store_id,
        deal=deal,
        number=number,
        need_version=inputs.need_version,
        inputs=inputs.to_json(),
        sheet=sheet.to_json(),
        form_key=form_key,
        created_at=created_at,
        created_by=created_by,
    )
    seal = ProposalSeal.objects.create(
        organisation_id=deal.organisation_id, proposal=proposal, sheet_digest=sheet.digest()
    )
    signal(deal=deal, name="proposal_made", by=created_by, at=created_at)
    pdf_digest = hashlib.sha256(pdf).hexdigest()
    ProposalPrint.objects.create(
        organisation_id=deal.organisation_id,
        proposal=proposal,
        pdf_compressed=zlib.compress(pdf, 6),
        pdf_digest=pdf_digest,
        **asdict(means_of_printing()),
    )
    record(
        organisation_id=deal.organisation_id,
        actor=created_by,
        action="proposal.make",
        subject_type="proposal",
        subject_id=number,
        after=proposal.inputs,
        detail={
            "deal": deal.number,
            "need_version": inputs.need_version,
            "products": [chosen.inputs.product.version_id for chosen in inputs.plans],
            "sheet_digest": seal.sheet_digest,
            "pdf_digest": pdf_digest,
        },
        at=created_at,
    )
    return proposal, True


@transaction.atomic
def send_link(
    *, proposal: Proposal, valid_days: int, created_by: User, created_at: datetime
) -> tuple[ProposalLink, str]:
    """Make a link for the customer and return it with its token, which is kept nowhere."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = ProposalLink.objects.create(
        organisation_id=proposal.organisation_id,
        proposal=proposal,
        token_digest=digest_of_token(token),
        expires_at=created_at + timedelta(days=valid_days),
        created_at=created_at,
        created_by=created_by,
    )
    signal(deal=proposal.deal, name="proposal_given", by=created_by, at=created_at)
    record(
        organisation_id=proposal.organisation_id,
        actor=created_by,
        action="proposal.send",
        subject_type="proposal",
        subject_id=proposal.number,
        detail={"link": link.pk, "expires_at": link.expires_at.isoformat()},
        at=created_at,
    )
    return link, token


@transaction.atomic
def revoke_link(
    *, link: ProposalLink, revoked_by: User, revoked_at: datetime
) -> ProposalLinkRevocation:
    """Take a link back; doing it twice keeps the first moment."""
    revocation, is_new = ProposalLinkRevocation.objects.get_or_create(
        link=link,
        defaults={
            "organisation_id": link.organisation_id,
            "revoked_at": revoked_at,
            "revoked_by": revoked_by,
        },
    )
    if is_new:
        record(
            organisation_id=link.organisation_id,
            actor=revoked_by,
            action="proposal.revoke_link",
            subject_type="proposal",
            subject_id=link.proposal.number,
            detail={"link": link.pk},
            at=revoked_at,
        )
    return revocation


@transaction.atomic
def record_opening(*, link: ProposalLink, kind: str, opened_at: datetime) -> ProposalLinkOpening:
    """Note that the customer's page or PDF was opened through a link; nobody is named."""
    opening = ProposalLinkOpening.objects.create(
        organisation_id=link.organisation_id, link=link, kind=kind, opened_at=opened_at
    )
    record(
        organisation_id=link.organisation_id,
        actor=None,
        action="proposal.open",
        subject_type="proposal",
        subject_id=link.proposal.number,
        detail={"link": link.pk, "kind": kind},
        at=opened_at,
    )
    return opening


@transaction.atomic
def record_download(*, proposal: Proposal, downloaded_by: User, downloaded_at: datetime) -> None:
    """Note that a member of staff took the PDF."""
    signal(deal=proposal.deal, name="proposal_given", by=downloaded_by, at=downloaded_at)
    record(
        organisation_id=proposal.organisation_id,
        actor=downloaded_by,
        action="proposal.download",
        subject_type="proposal",
        subject_id=proposal.number,
        detail={"pdf_digest": proposal.printed.pdf_digest},
        at=downloaded_at,
    )
