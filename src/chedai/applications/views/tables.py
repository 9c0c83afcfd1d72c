from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from chedai.applications.forms import (
    AssignmentForm,
    CompletionForm,
    DecisionForm,
    SkipForm,
    WaitingForm,
)
from chedai.applications.queries.pipeline import colleagues_of
from chedai.applications.queries.tables import events_of, process_table, source_names
from chedai.core.process.transitions import OutcomeUnknownError
from chedai.deals.models import Deal, TaskOccurrence
from chedai.deals.operations import processes
from chedai.deals.operations.assignment import UnfitOwnerError, reassign_task
from chedai.deals.queries import deals_in_scope
from chedai.staff.models import User
from chedai.staff.roles import ROLE_LABELS, require_role
from chedai.staff.scope import rows_within
from chedai.web import clock
from chedai.web.pages import page
from chedai.web.requests import DeskRequest

WORKERS = ("advisor", "manager", "back_office", "reviewer", "compliance")
CONFLICT = 409
UNPROCESSABLE = 422
FORBIDDEN = 403


@require_GET
@require_role(*WORKERS, "front_desk")
def process(request: DeskRequest, deal_number: str) -> HttpResponse:
    """A7: where the deal stands, whose move it is, by when."""
    return table_page(request, deal_of(request, deal_number))


@require_POST
@require_role("advisor", "manager", "back_office")
def process_start(request: DeskRequest, deal_number: str) -> HttpResponse:
    deal = deal_of(request, deal_number)
    processes.start_process(deal=deal, started_by=request.user, started_at=clock.now())
    return redirect("applications:process", deal_number=deal.number)


@require_POST
@require_role("advisor", "manager", "back_office")
def process_waking(request: DeskRequest, deal_number: str) -> HttpResponse:
    """The loan is paid off: the tasks that slept until then open."""
    deal = deal_of(request, deal_number)
    processes.signal(deal=deal, name="loan_settled", by=request.user, at=clock.now())
    return redirect("applications:process", deal_number=deal.number)


@require_POST
@require_role(*WORKERS)
def task_completion(request: DeskRequest, task_id: int) -> HttpResponse:
    task = task_of(request, task_id)
    form = CompletionForm(request.POST)
    if not form.is_valid():
        return refused(request, task, form.errors)
    return _acted(
        request,
        task,
        lambda at: processes.finish_task(
            task=task,
            outcome=form.cleaned_data["outcome"],
            note=form.cleaned_data["note"],
            settle_key=form.cleaned_data["settle_key"],
            finished_by=request.user,
            finished_at=at,
        ),
    )


@require_POST
@require_role(*WORKERS)
def task_decision(request: DeskRequest, task_id: int) -> HttpResponse:
    task = task_of(request, task_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return refused(request, task, form.errors)
    return _acted(
        request,
        task,
        lambda at: processes.decide_on_task(
            task=task,
            is_approved=form.cleaned_data["decision"] == "approve",
            reason=form.cleaned_data["reason"],
            decided_by=request.user,
            decided_at=at,
        ),
    )


@require_POST
@require_role(*WORKERS)
def task_skip(request: DeskRequest, task_id: int) -> HttpResponse:
    task = task_of(request, task_id)
    form = SkipForm(request.POST)
    if not form.is_valid():
        return refused(request, task, form.errors)
    return _acted(
        request,
        task,
        lambda at: processes.skip_task(
            task=task, reason=form.cleaned_data["reason"], skipped_by=request.user, skipped_at=at
        ),
    )


@require_POST
@require_role(*WORKERS)
def task_waiting(request: DeskRequest, task_id: int) -> HttpResponse:
    task = task_of(request, task_id)
    form = WaitingForm(request.POST, now=clock.now())
    if not form.is_valid():
        return refused(request, task, form.errors)
    return _acted(
        request,
        task,
        lambda at: processes.wait_for(
            task=task,
            move=form.cleaned_data["move"],
            reason=form.cleaned_data["reason"],
            follow_up_at=form.cleaned_data["follow_up_at"],
            recorded_by=request.user,
            recorded_at=at,
        ),
    )


@require_POST
@require_role(*WORKERS)
def task_assignment(request: DeskRequest, task_id: int) -> HttpResponse:
    task = task_of(request, task_id)
    form = AssignmentForm(request.POST)
    if not form.is_valid():
        return refused(request, task, form.errors)
    owner = User.objects.filter(username=form.cleaned_data["owner"]).first()
    if owner is None:
        return refused(request, task, {"owner": ["没有这位同事"]})
    return _acted(
        request,
        task,
        lambda at: reassign_task(
            task=task, owner=owner, reassigned_by=request.user, reassigned_at=at
        ),
    )


def deal_of(request: DeskRequest, number: str) -> Deal:
    """The deal, if this user may see it; 404 otherwise."""
    deals = deals_in_scope(user=request.user).select_related("store", "advisor")
    deal = deals.filter(number=number).first()
    if deal is None:
        msg = "没有这一单，或者它不归您看"
        raise Http404(msg)
    return deal


def task_of(request: DeskRequest, task_id: int) -> TaskOccurrence:
    """The task, if its deal is in this user's scope; 404 otherwise."""
    tasks = rows_within(TaskOccurrence.objects.all(), request.user, advisor="owner")
    task = tasks.select_related("deal").filter(pk=task_id).first() if task_id < 2**63 else None
    if task is None:
        msg = "没有这个任务，或者它不归您看"
        raise Http404(msg)
    return task


def table_page(
    request: DeskRequest,
    deal: Deal,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
    trouble: str = "",
) -> HttpResponse:
    """The table (or the timeline) with what was refused, where it was refused."""
    now = clock.now()
    table = process_table(deal, seen_by=request.user, now=now)
    view = "timeline" if request.GET.get("view") == "timeline" else "table"
    return page(
        request,
        "applications/process.html",
        status=status,
        deal=deal,
        table=table,
        view=view,
        events=events_of(deal) if view == "timeline" else [],
        roles=ROLE_LABELS,
        source_names=source_names(),
        settle_key=uuid4(),
        colleagues=colleagues_of(table),
        errors=errors or {},
        trouble=trouble,
    )


def refused(request: DeskRequest, task: TaskOccurrence, errors: Any) -> HttpResponse:
    """Answer a form that does not hold, with the reason at its field."""
    named = {f"{name}_{task.pk}": found[0] for name, found in errors.items()}
    hidden = named.get(f"settle_key_{task.pk}", "") or named.get(f"decision_{task.pk}", "")
    deal = deal_of(request, task.deal.number)
    return table_page(request, deal, errors=named, status=UNPROCESSABLE, trouble=hidden)


def _acted(
    request: DeskRequest, task: TaskOccurrence, act: Callable[[datetime], object]
) -> HttpResponse:
    deal = deal_of(request, task.deal.number)
    try:
        act(clock.now())
    except processes.TaskGoneError as gone:
        return table_page(request, deal, status=CONFLICT, trouble=str(gone))
    except (processes.TaskNotYoursError, processes.SecondPersonNeededError) as refusal:
        return table_page(request, deal, status=FORBIDDEN, trouble=str(refusal))
    except OutcomeUnknownError as refusal:
        errors = {f"outcome_{task.pk}": str(refusal)}
        return table_page(request, deal, errors=errors, status=UNPROCESSABLE)
    except UnfitOwnerError as refusal:
        errors = {f"owner_{task.pk}": str(refusal)}
        return table_page(request, deal, errors=errors, status=UNPROCESSABLE)
    except (processes.SkipRefusedError, processes.ReasonRequiredError) as refusal:
        errors = {f"reason_{task.pk}": str(refusal)}
        return table_page(request, deal, errors=errors, status=UNPROCESSABLE)
    messages.success(request, f"「{task.label}」已记下")
    return redirect("applications:process", deal_number=deal.number)
