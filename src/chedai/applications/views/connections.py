"""Which lenders this organisation reaches, and where: kept by a manager."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from chedai.applications.operations.connections import WayRefusedError, connect_lender
from chedai.applications.queries.sheets import connections_of
from chedai.catalogue.models import Lender
from chedai.lenders.registry import CHANNEL_LABELS, SANDBOX
from chedai.staff.roles import require_role
from chedai.web import clock
from chedai.web.pages import page
from chedai.web.requests import DeskRequest

UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
@require_role("manager")
def connections(request: DeskRequest) -> HttpResponse:
    if request.method == "GET":
        return _connections_page(request)
    lender = Lender.objects.filter(code=request.POST.get("lender", "")).first()
    if lender is None:
        raise Http404("没有这家资金方")
    try:
        connect_lender(
            lender=lender,
            channel=request.POST.get("channel", ""),
            base_url=request.POST.get("base_url", "").strip()[:200],
            secret=request.POST.get("secret", "").strip()[:200],
            registered_by=request.user,
            registered_at=clock.now(),
        )
    except WayRefusedError as error:
        return _connections_page(request, error=str(error), status=UNPROCESSABLE)
    return redirect("applications:connections")


def _connections_page(request: DeskRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    held = connections_of(request.user.organisation_id)
    return page(
        request,
        "applications/connections.html",
        status=status,
        connections=held,
        lenders=Lender.objects.order_by("code")[:200],
        channels=CHANNEL_LABELS,
        sandbox=SANDBOX,
        errors={"base_url": error} if error else {},
        typed=request.POST,
    )
