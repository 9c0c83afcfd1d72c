from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from chedai.applications.queries import bottlenecks as queries
from chedai.staff.roles import require_role
from chedai.web import clock
from chedai.web.pages import page
from chedai.web.requests import DeskRequest

READERS = ("manager", "compliance")


@require_GET
@require_role(*READERS)
def bottlenecks(request: DeskRequest) -> HttpResponse:
    """M2: where time goes, and on whom deals wait."""
    return page(request, "applications/bottlenecks.html", report=_report(request))


@require_GET
@require_role(*READERS)
def bottleneck_deals(request: DeskRequest) -> HttpResponse:
    """The deals behind one of the numbers."""
    report = _report(request)
    title, deals = queries.deals_behind(
        report, kind=request.GET.get("kind", ""), code=request.GET.get("code", "")
    )
    if not title:
        msg = "没有这个数字，它可能随筛选变了，请回到瓶颈页再点"
        raise Http404(msg)
    return page(
        request, "applications/bottleneck_deals.html", report=report, title=title, deals=deals
    )


def _report(request: DeskRequest) -> queries.Report:
    now = clock.now()
    place = queries.place_of(request.GET.dict(), user=request.user, today=now.date())
    return queries.report_of(place, user=request.user, now=now)
