from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from chedai.audit.models import AuditEvent
from chedai.audit.operations import record, take_checkpoint
from chedai.audit.queries.events import EventFilter, events_before, read_place
from chedai.audit.queries.verification import latest_checkpoint, verify_chain

# Reading more than this would keep the page waiting; the command reads everything.
WHOLE_CHAIN_EVENTS_MAX: Final = 100_000


class SignedInRequest(HttpRequest):
    """What the middleware of the web layer adds to a request."""

    now: datetime
    user: Any


@require_GET
def event_list(request: HttpRequest) -> HttpResponse:
    wanted = EventFilter(
        action=request.GET.get("action", "").strip(),
        actor=request.GET.get("actor", "").strip().lower(),
        subject=request.GET.get("subject", "").strip(),
    )
    organisation_id: int = request.user.organisation_id  # type: ignore[union-attr]
    found = events_before(
        organisation_id, wanted=wanted, place=read_place(request.GET.get("before", ""))
    )
    return render(
        request,
        "audit/event_list.html",
        {"wanted": wanted, "found": found, "checkpoint": latest_checkpoint(organisation_id)},
        using="jinja2",
    )


@require_POST
def verification(request: SignedInRequest) -> HttpResponse:
    """Recompute the chain (all of it, or since the latest checkpoint when it is long)."""
    organisation_id = request.user.organisation_id
    latest = latest_checkpoint(organisation_id)
    event_count = AuditEvent.objects.filter(organisation_id=organisation_id).count()
    is_long = event_count > WHOLE_CHAIN_EVENTS_MAX
    result = verify_chain(
        organisation_id,
        since_checkpoint=latest.number if latest is not None and is_long else None,
    )
    record(
        organisation_id=organisation_id,
        actor=request.user,
        action="audit.verify",
        subject_type="audit",
        subject_id=organisation_id,
        detail={"events": result.event_count, "faults": len(result.faults)},
        at=request.now,
    )
    point = take_checkpoint(organisation_id=organisation_id, at=request.now)
    return render(
        request,
        "audit/verification.html",
        {"result": result, "checkpoint": point, "verified_at": request.now},
        using="jinja2",
    )
