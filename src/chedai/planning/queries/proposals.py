from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.db.models import Count, Max

from chedai.deals.models import Deal
from chedai.deals.queries import deals_in_scope
from chedai.documents.printing import PrintingMeans, ProposalSheet
from chedai.planning.models import Proposal, ProposalLink, ProposalPrint, ProposalSeal
from chedai.planning.queries.proposal_print import CODE_LENGTH, means_of_printing, print_sheet
from chedai.planning.queries.proposal_sheets import ProposalInputs, sheet_of
from chedai.reception.queries.needs import latest_number
from chedai.reception.queries.scenes import policy_book
from chedai.staff.isolation import acting_for, directory_window

if TYPE_CHECKING:
    from chedai.staff.models import User

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
CODE: Final = re.compile(rf"[0-9a-f]{{{CODE_LENGTH},64}}")


class RecreationFailedError(Exception):
    """Printing the stored inputs again gave other bytes; the message says what differs."""


class LinkUnknownError(Exception):
    """No link has this token: mistyped, cut off or forged."""


class LinkExpiredError(Exception):
    """The link's days are over."""


class LinkRevokedError(Exception):
    """The store took the link back."""


@dataclass(frozen=True, slots=True)
class LinkState:
    """A link as the advisor sees it."""

    link: ProposalLink
    state: str
    opening_count: int
    opened_at: datetime | None


@dataclass(frozen=True, slots=True)
class Verified:
    """What anybody with a printed code may know."""

    number: str
    made_on: date
    store_name: str


def proposal_by_number(number: str, *, seen_by: User) -> Proposal:
    """Get the proposal if this user may see its deal; else Proposal.DoesNotExist."""
    return Proposal.objects.select_related("deal", "created_by", "printed", "seal").get(
        number=number, deal__in=deals_in_scope(user=seen_by)
    )


def proposals_of(deal: Deal) -> list[Proposal]:
    """List a deal's proposals, newest first, without their inputs."""
    return list(
        Proposal.objects.filter(deal=deal)
        .select_related("created_by")
        .defer("inputs", "sheet")
        .order_by("-created_at", "-pk")
    )


def made_on(moment: datetime) -> date:
    """Give the day of a moment in Shanghai, as printed."""
    return moment.astimezone(SHANGHAI).date()


def sheet_as_shown(proposal: Proposal) -> ProposalSheet:
    """Give the sheet as the customer saw it."""
    return ProposalSheet.from_json(proposal.sheet)


def stored_pdf(proposal: Proposal) -> bytes:
    """Give the PDF as it was handed out."""
    return zlib.decompress(bytes(proposal.printed.pdf_compressed))


def recreated_pdf(proposal: Proposal) -> bytes:
    """Print the stored inputs again and compare with what was handed out.

    Raises
    ------
    RecreationFailedError
        Names what differs: numbers or words, layout, fonts, typesetter.
    """
    printed = proposal.printed
    inputs = ProposalInputs.from_json(proposal.inputs)
    sheet = sheet_of(inputs, number=proposal.number, made_on=made_on(proposal.created_at))
    if sheet.digest() != proposal.seal.sheet_digest:
        raise RecreationFailedError(
            f"方案 {proposal.number} 重算后内容不同：计算程序当时是 {sheet.versions.engine}"
        )
    pdf = print_sheet(sheet, verify_root=inputs.verify_root, created_at=proposal.created_at)
    if hashlib.sha256(pdf).hexdigest() != printed.pdf_digest:
        differing = _means(printed).differences(means_of_printing())
        raise RecreationFailedError(
            f"方案 {proposal.number} 内容相同，印出来不同：{'、'.join(differing) or '原因不明'}已变"
        )
    return pdf


def _means(printed: ProposalPrint) -> PrintingMeans:
    return PrintingMeans(
        layout_digest=printed.layout_digest,
        font_digest=printed.font_digest,
        typesetter=printed.typesetter,
    )


def need_moved_to(proposal: Proposal) -> int | None:
    """Give the number of the need's newest version when it is not the one proposed for."""
    newest = latest_number(proposal.deal_id)
    return newest if newest is not None and newest > proposal.need_version else None


def link_states(proposal: Proposal, *, at: datetime) -> list[LinkState]:
    """List the links of a proposal, newest first, with how often each was opened."""
    links = (
        ProposalLink.objects.filter(proposal=proposal)
        .select_related("created_by", "revocation")
        .annotate(opening_count=Count("openings"), latest_opening=Max("openings__opened_at"))
        .order_by("-created_at", "-pk")
    )
    return [
        LinkState(link, _state(link, at=at), link.opening_count, link.latest_opening)
        for link in links
    ]


def _state(link: ProposalLink, *, at: datetime) -> str:
    if hasattr(link, "revocation"):
        return "revoked"
    return "expired" if link.expires_at <= at else "live"


def link_days(*, on: date) -> int:
    """Give for how many days a link lives, by the house's rules of that day."""
    return policy_book().on(on).value("proposal_link_days").whole


def digest_of_token(token: str) -> str:
    """Give what is stored of a token; 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def live_link(token: str, *, at: datetime) -> ProposalLink:
    """Find the link of a token, whatever organisation it belongs to.

    The caller goes on inside ``acting_for(link.organisation_id)``.

    Raises
    ------
    LinkUnknownError
        No link has this token.
    LinkRevokedError
        The link was taken back.
    LinkExpiredError
        ``at`` is not before the link's end.
    """
    with directory_window():
        link = ProposalLink.objects.filter(token_digest=digest_of_token(token)).first()
    if link is None:
        raise LinkUnknownError
    with acting_for(link.organisation_id):
        state = _state(ProposalLink.objects.select_related("revocation").get(pk=link.pk), at=at)
    if state == "revoked":
        raise LinkRevokedError
    if state == "expired":
        raise LinkExpiredError
    return link


def proposal_of_link(link: ProposalLink) -> Proposal:
    """Get the proposal of a link; inside ``acting_for`` its organisation."""
    return Proposal.objects.select_related("printed", "seal").get(pk=link.proposal_id)


def link_of(proposal: Proposal, link_id: int) -> ProposalLink:
    """Get one link of the proposal; else ProposalLink.DoesNotExist."""
    return ProposalLink.objects.select_related("proposal").get(proposal=proposal, pk=link_id)


def verified(code: str) -> Verified | None:
    """Say whether a printed code is of a genuine proposal; None when it is not.

    Parameters
    ----------
    code
        At least the 16 hex digits printed, spaces allowed.
    """
    plain = re.sub(r"\s", "", code).lower()
    if not CODE.fullmatch(plain):
        return None
    with directory_window():
        found = ProposalSeal.objects.filter(sheet_digest__startswith=plain).first()
    if found is None:
        return None
    with acting_for(found.organisation_id):
        proposal = Proposal.objects.select_related("store").get(pk=found.proposal_id)
        return Verified(proposal.number, made_on(proposal.created_at), proposal.store.name)
