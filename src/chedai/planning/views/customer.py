"""Pages that need no sign-in: a customer's proposal behind its link, and the check of a print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from chedai.planning.models import ProposalLinkOpening
from chedai.planning.operations import proposals as operations
from chedai.planning.queries import proposals as queries
from chedai.planning.queries.proposal_print import spaced_code
from chedai.planning.views.proposals import pdf_response
from chedai.staff.isolation import acting_for
from chedai.web import clock
from chedai.web.pages import page

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from chedai.planning.models import Proposal, ProposalLink

NOT_FOUND: Final = 404
GONE: Final = 410

GLOSSARY: Final = (
    ("月供", "每个月要还的钱。"),
    ("综合年化成本", "把利息和必付的费用都算上，按真正还欠着的钱，折成一年的百分比。用它比贵贱。"),
    ("单利、复利", "单利是每月成本乘 12；复利把利上加利也算进去，会略高一点。"),
    ("等额本息", "每月还一样多，前面利息多、本金少，后面反过来。"),
    ("首付", "提车前您先付给车行的那部分车价。"),
    ("提前还款违约金", "没到期就还清，合同可能要您多付的一笔钱。"),
    ("收款方", "这笔钱最后进谁的账户。付钱前，先看收款方对不对。"),
    ("抵押、解押", "还清之前，车押给放款机构；还清以后去车管所办解除，叫解押。"),
    ("融资租赁", "租赁公司出钱买车租给您，您付租金；还清之前，车的所有权在它那里。"),
    ("《综合融资成本明示表》", "贷款机构在签合同前必须给您看的表，写明每一项费用和收款方。"),
)


@login_not_required
@require_GET
def customer_proposal(request: HttpRequest, token: str) -> HttpResponse:
    return _through(request, token, kind="page", answer=_page)


@login_not_required
@require_GET
def customer_proposal_pdf(request: HttpRequest, token: str) -> HttpResponse:
    return _through(request, token, kind="pdf", answer=_pdf)


@login_not_required
@require_GET
def verify(request: HttpRequest) -> HttpResponse:
    """Take a typed code to its address, or ask for one."""
    typed = "".join(request.GET.get("code", "").split()).lower()[:64]
    if typed.isalnum() and typed.isascii():
        return redirect("planning:verify_code", code=typed)
    return _public(page(request, "planning/customer_verify.html", code=typed, verified=None))


@login_not_required
@require_GET
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    found = queries.verified(code)
    status = 200 if found else NOT_FOUND
    return _public(
        page(request, "planning/customer_verify.html", status=status, code=code, verified=found)
    )


def _through(
    request: HttpRequest,
    token: str,
    *,
    kind: str,
    answer: Callable[[HttpRequest, ProposalLink, Proposal, str], HttpResponse],
) -> HttpResponse:
    now = clock.now()
    try:
        link = queries.live_link(token, at=now)
    except queries.LinkUnknownError:
        return _closed(
            request, NOT_FOUND, title="链接打不开", reason="链接不完整，或者抄错了一个字。"
        )
    except queries.LinkExpiredError:
        return _closed(
            request, GONE, title="链接到期了", reason="为了您的隐私，链接过几天会自动失效。"
        )
    except queries.LinkRevokedError:
        return _closed(
            request, GONE, title="链接已收回", reason="店里收回了这个链接，可能有了新的方案。"
        )
    with acting_for(link.organisation_id):
        proposal = queries.proposal_of_link(link)
        operations.record_opening(link=link, kind=ProposalLinkOpening.Kind(kind), opened_at=now)
        return _public(answer(request, link, proposal, token))


def _page(request: HttpRequest, link: ProposalLink, proposal: Proposal, token: str) -> HttpResponse:
    return page(
        request,
        "planning/customer_proposal.html",
        sheet=queries.sheet_as_shown(proposal),
        code=spaced_code(proposal.seal.sheet_digest),
        expires_at=link.expires_at,
        pdf_href=reverse("planning:customer_proposal_pdf", args=[token]),
        glossary=GLOSSARY,
        need_moved_to=queries.need_moved_to(proposal),
    )


def _pdf(
    request: HttpRequest,  # noqa: ARG001 - one signature for both answers
    link: ProposalLink,  # noqa: ARG001
    proposal: Proposal,
    token: str,  # noqa: ARG001
) -> HttpResponse:
    return pdf_response(queries.stored_pdf(proposal), number=proposal.number)


def _closed(request: HttpRequest, status: int, *, title: str, reason: str) -> HttpResponse:
    return _public(
        page(
            request, "planning/customer_link_closed.html", status=status, title=title, reason=reason
        )
    )


def _public(response: HttpResponse) -> HttpResponse:
    """Let no cache keep it, no search engine find it, no other site learn its address."""
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
