from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from markupsafe import Markup

from chedai.documents.printing import qr_svg
from chedai.planning.models import Proposal, ProposalLink
from chedai.planning.operations import proposals as operations
from chedai.planning.queries import proposals as queries
from chedai.planning.queries.proposal_print import spaced_code
from chedai.staff.models import User
from chedai.staff.roles import require_role
from chedai.web import clock
from chedai.web.pages import page

if TYPE_CHECKING:
    from uuid import UUID

    from chedai.deals.models import Deal
    from chedai.planning.queries.proposal_sheets import ProposalInputs

CREATED: Final = 201
QR_WIDTH_PX: Final = 200
MAKERS: Final = ("advisor", "manager")
READERS: Final = ("advisor", "manager", "front_desk", "reviewer", "compliance", "back_office")


def verify_root(request: HttpRequest) -> str:
    """Address that a printed code is appended to: ``https://…/verify/``."""
    return request.build_absolute_uri(reverse("planning:verify"))


def make_and_show(
    request: HttpRequest, *, deal: Deal, inputs: ProposalInputs, form_key: UUID
) -> HttpResponse:
    """Make the proposal of a form and lead to it; a form sent twice leads to the same one."""
    proposal, _ = operations.make_proposal(
        deal=deal,
        inputs=inputs,
        form_key=form_key,
        created_by=signed_in(request),
        created_at=clock.now(),
    )
    return redirect("planning:proposal", number=proposal.number)


@require_GET
@require_role(*READERS)
def proposal(request: HttpRequest, number: str) -> HttpResponse:
    found = _proposal(request, number)
    said = _recreation(found) if request.GET.get("check") else ""
    return _detail(request, found, recreation=said)


@require_GET
@require_role(*READERS)
def proposal_pdf(request: HttpRequest, number: str) -> HttpResponse:
    found = _proposal(request, number)
    operations.record_download(
        proposal=found, downloaded_by=signed_in(request), downloaded_at=clock.now()
    )
    return pdf_response(queries.stored_pdf(found), number=number)


@require_POST
@require_role(*MAKERS)
def proposal_links(request: HttpRequest, number: str) -> HttpResponse:
    """Make a link and show it, this one time: its token is kept nowhere."""
    found = _proposal(request, number)
    now = clock.now()
    link, token = operations.send_link(
        proposal=found,
        valid_days=queries.link_days(on=now.date()),
        created_by=signed_in(request),
        created_at=now,
    )
    href = request.build_absolute_uri(reverse("planning:customer_proposal", args=[token]))
    return _detail(
        request,
        found,
        status=CREATED,
        fresh_link=link,
        fresh_href=href,
        # Drawn by us from our own address: markup, not text.
        fresh_qr=Markup(qr_svg(href, width_px=QR_WIDTH_PX)),  # noqa: S704
    )


@require_POST
@require_role(*MAKERS)
def proposal_link_revocation(request: HttpRequest, number: str, link_id: int) -> HttpResponse:
    found = _proposal(request, number)
    try:
        link = queries.link_of(found, link_id)
    except ProposalLink.DoesNotExist as error:
        raise Http404("没有这条链接") from error
    operations.revoke_link(link=link, revoked_by=signed_in(request), revoked_at=clock.now())
    return redirect("planning:proposal", number=number)


def signed_in(request: HttpRequest) -> User:
    """Give the person behind a request that needed a sign-in."""
    assert isinstance(request.user, User)
    return request.user


def pdf_response(pdf: bytes, *, number: str) -> HttpResponse:
    """Answer with a PDF that opens in the browser and is kept by nobody on the way."""
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{number}.pdf"',
            "Cache-Control": "no-store, private",
        },
    )


def _proposal(request: HttpRequest, number: str) -> Proposal:
    try:
        return queries.proposal_by_number(number, seen_by=signed_in(request))
    except Proposal.DoesNotExist as error:
        raise Http404("没有这份方案，或者它不归您看") from error


def _recreation(found: Proposal) -> str:
    try:
        queries.recreated_pdf(found)
    except queries.RecreationFailedError as failure:
        return f"{failure}。存档的 PDF 没有变，仍以存档为准。"
    return "按存下来的内容重算、重印，和存档的 PDF 每个字节都一样。"


def _detail(
    request: HttpRequest, found: Proposal, *, status: int = 200, **more: Any
) -> HttpResponse:
    context: dict[str, Any] = {"fresh_link": None, "recreation": ""} | more
    return page(
        request,
        "planning/proposal_detail.html",
        status=status,
        proposal=found,
        sheet=queries.sheet_as_shown(found),
        code=spaced_code(found.seal.sheet_digest),
        links=queries.link_states(found, at=clock.now()),
        need_moved_to=queries.need_moved_to(found),
        **context,
    )
