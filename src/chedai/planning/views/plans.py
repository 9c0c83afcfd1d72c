from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from chedai.deals.models import Deal
from chedai.deals.queries.pipeline import next_steps_of
from chedai.planning.queries import desk as desk_queries
from chedai.planning.queries import explaining
from chedai.planning.queries.settling import settling_of
from chedai.planning.views.desk import ADVISING, READING, Table, table_of
from chedai.reception.queries.needs import deal_by_number, need_history
from chedai.staff.roles import require_role
from chedai.web.pages import page
from chedai.web.requests import DeskRequest

CHART_WIDTH, CHART_HEIGHT = 640, 220


@require_GET
@require_role(*ADVISING)
def plans(request: DeskRequest, deal_number: str) -> HttpResponse:
    """A5: the three plans side by side, fit to be turned to the customer."""
    table = table_of(request, deal_number)
    if table.scene is None:
        return redirect("planning:desk", deal_number=deal_number)
    return plans_page(request, table)


def plans_page(
    request: DeskRequest,
    table: Table,
    *,
    view: desk_queries.DeskView | None = None,
    trouble: str = "",
    status: int = 200,
    block: str | None = None,
    **more: object,
) -> HttpResponse:
    """Render the three plans, with what kept them from being printed, if anything did."""
    scene = table.scene
    assert scene is not None
    view = view or desk_queries.desk_view(scene, pins=desk_queries.pins_of(table.deal))
    return page(
        request,
        "planning/plans.html",
        block=block,
        status=status,
        deal=table.deal,
        sheet=table.sheet,
        scene=scene,
        cards=view.cards,
        cash=view.cash,
        relaxations=view.relaxations,
        settling=settling_of(view.cards, scene.prepayment_month),
        reviews={c.letter: explaining.review_of(scene, c.plan).findings for c in view.cards},
        form_key=str(uuid.uuid4()),
        trouble=trouble,
        is_customer_view="customer" in request.GET,
        **({"partial": None, "typed": {}, "errors": {}} | more),
    )


@require_GET
@require_role(*ADVISING)
def lesson(request: DeskRequest, deal_number: str) -> HttpResponse:
    """A6: why 0.3 % a month is not 3.6 % a year, with the customer's own numbers."""
    table = table_of(request, deal_number)
    if table.scene is None:
        return redirect("planning:desk", deal_number=deal_number)
    view = desk_queries.desk_view(table.scene)
    plan = next((c.plan for c in view.cards if c.plan.loan_terms.flat_fee_rate_total), None)
    plan = plan or next((c.plan for c in view.cards), None)
    taught = explaining.lesson_of(plan) if plan else None
    size = {"width": CHART_WIDTH, "height": CHART_HEIGHT}
    return page(
        request,
        "planning/lesson.html",
        deal=table.deal,
        plan=plan,
        lesson=taught,
        outstanding_points=explaining.chart_points(taught.outstanding_fen, **size)
        if taught
        else "",
        size=size,
    )


@require_GET
@require_role(*READING)
def deal(request: DeskRequest, deal_number: str) -> HttpResponse:
    """A7: one page of truth about one customer."""
    try:
        found = deal_by_number(deal_number, seen_by=request.user)
    except Deal.DoesNotExist as error:
        msg = "没有这一单，或者它不归您看"
        raise Http404(msg) from error
    return deal_page(request, found)


def deal_page(
    request: DeskRequest,
    found: Deal,
    *,
    party_errors: list[str] | None = None,
    shown: object | None = None,
    typed: Mapping[str, str] | None = None,
    block: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the deal, or its contacts alone after one of them was shown."""
    return page(
        request,
        "planning/deal.html",
        block=block if request.htmx else None,
        status=status,
        deal=found,
        history=need_history(found, limit=5),
        proposals=list(found.proposals.select_related("created_by").order_by("-created_at")[:20]),
        parties=list(found.parties.all()),
        party_errors=party_errors,
        shown=shown,
        typed=typed or {},
        is_advising=request.user.has_any_role(*ADVISING),
        next_step=next_steps_of([found.pk]).get(found.pk),
    )
