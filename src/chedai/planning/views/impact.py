from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from chedai.catalogue.models import ProductVersion
from chedai.core.plans.plan import Plan
from chedai.planning.queries.impact import TouchedPlan, impact_of
from chedai.staff.roles import require_role
from chedai.web import clock
from chedai.web.pages import page
from chedai.web.requests import DeskRequest


@require_GET
@require_role("manager", "compliance")
def product_impact(request: DeskRequest, version_id: int) -> HttpResponse:
    """Answer the review page: which open deals the version touches, before and after."""
    version = ProductVersion.objects.filter(pk=version_id).first()
    if version is None:
        msg = "没有这个产品版本"
        raise Http404(msg)
    impact = impact_of(version, seen_by=request.user, on=clock.today())
    return page(
        request,
        "planning/product_impact.html",
        impact=impact,
        rows=[(plan, *_in_figures(plan)) for plan in impact.plans],
    )


def _in_figures(plan: TouchedPlan) -> tuple[Plan | None, Plan | None, str]:
    """Give what can be priced on either side, and the words where it cannot."""
    before = plan.before if isinstance(plan.before, Plan) else None
    after = plan.after if isinstance(plan.after, Plan) else None
    return before, after, "" if isinstance(plan.after, Plan) else plan.after.message
