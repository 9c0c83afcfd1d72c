from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from chedai.applications.queries.pipeline import ONLY_LABELS, facets_of
from chedai.catalogue.queries.cursors import UnreadableCursorError
from chedai.deals.queries.pipeline import escalated_tasks, lanes, next_actions
from chedai.staff.roles import ROLE_LABELS, require_role
from chedai.web import clock
from chedai.web.pages import page
from chedai.web.requests import DeskRequest

READERS = ("advisor", "manager", "back_office", "reviewer", "compliance", "front_desk")


@require_GET
@require_role(*READERS)
def pipeline(request: DeskRequest) -> HttpResponse:
    """Every open action in this user's reach, the most urgent first."""
    facets = facets_of(request.GET.dict(), user=request.user)
    try:
        found = next_actions(
            user=request.user,
            wanted=facets.wanted,
            now=clock.now(),
            cursor=request.GET.get("after", ""),
        )
    except UnreadableCursorError:
        return redirect("applications:pipeline")
    return page(
        request,
        "applications/pipeline.html",
        block="rows" if request.htmx else None,
        facets=facets,
        found=found,
        only_labels=ONLY_LABELS,
        roles=ROLE_LABELS,
    )


@require_GET
@require_role(*READERS)
def board(request: DeskRequest) -> HttpResponse:
    """The same actions in lanes: whose move it is."""
    facets = facets_of({**request.GET.dict(), "move": ""}, user=request.user)
    return page(
        request,
        "applications/board.html",
        facets=facets,
        lanes=lanes(user=request.user, wanted=facets.wanted, now=clock.now()),
        only_labels=ONLY_LABELS,
        roles=ROLE_LABELS,
    )


@require_GET
@require_role("manager", "compliance")
def escalations(request: DeskRequest) -> HttpResponse:
    """What ran over its deadline and was brought to the manager."""
    try:
        found = escalated_tasks(
            user=request.user, now=clock.now(), cursor=request.GET.get("after", "")
        )
    except UnreadableCursorError:
        return redirect("applications:escalations")
    return page(request, "applications/escalations.html", found=found, roles=ROLE_LABELS)
