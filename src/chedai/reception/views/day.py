"""A13: the day as a grid, what does not fit, and a person's decisions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from chedai.core.scheduling.day import clock_of
from chedai.reception.forms.day import LockForm, TaskForm
from chedai.reception.models import DayTask, StoreDayPlan
from chedai.reception.operations.day import (
    DayConflictError,
    lock_job,
    plan_store_day,
    release_job,
    room_for,
)
from chedai.reception.operations.day_work import add_task, finish_task, put_off_task
from chedai.reception.queries.day_inputs import store_day
from chedai.reception.queries.day_jobs import ONE_DAY
from chedai.reception.queries.day_plans import (
    grid_of,
    is_stale,
    plan_in_force,
    store_for,
    stores_of,
)
from chedai.staff.models import Store, User
from chedai.staff.roles import require_role
from chedai.web import clock
from chedai.web.formats import SHANGHAI
from chedai.web.pages import page
from chedai.web.requests import DeskRequest

UNPROCESSABLE = 422
CONFLICT = 409
DESK = ("advisor", "manager", "front_desk")
DAYS_AROUND_MAX = 7


@require_GET
@require_role(*DESK)
def day(request: DeskRequest) -> HttpResponse:
    return _day_page(request, store_asked(request), _day_asked(request))


@require_GET
@require_role(*DESK)
def day_state(request: DeskRequest) -> HttpResponse:
    """Say whether the plan still holds; asked every five seconds, it writes nothing."""
    store, on = store_asked(request), _day_asked(request)
    now = clock.now()
    version = plan_in_force(store, on=on)
    stale = is_stale(version, store_day(store, on=on, now=now))
    return page(
        request,
        "reception/day_state.html",
        store=store,
        on=on,
        version=version,
        is_stale=stale,
        seen_number=request.GET.get("seen", "")[:6],
    )


@require_POST
@require_role(*DESK)
def day_plans(request: DeskRequest) -> HttpResponse:
    """Plan anew: by hand from the button, by the system when a page notices news."""
    store, on = store_asked(request), _day_asked(request)
    is_by_hand = request.POST.get("by_hand") == "1"
    version = plan_store_day(
        store=store,
        on=on,
        cause=StoreDayPlan.Cause.BY_HAND if is_by_hand else StoreDayPlan.Cause.NEWS,
        made_by=request.user if is_by_hand else None,
        made_at=clock.now(),
    )
    if request.htmx:
        return page(
            request,
            "reception/day_state.html",
            store=store,
            on=on,
            version=version,
            is_stale=False,
            seen_number=request.POST.get("seen", "")[:6],
        )
    return _back(store, on)


@require_POST
@require_role("advisor", "manager")
def day_lock(request: DeskRequest, job_key: str) -> HttpResponse:
    store, on = store_asked(request), _day_asked(request)
    form = LockForm(request.POST)
    if not form.is_valid():
        errors = {"lock": str(next(iter(form.errors.values()))[0])}
        return _day_page(request, store, on, errors=errors, status=UNPROCESSABLE)
    _refuse_for_others(request.user, form.cleaned_data["advisor"])
    chosen = form.cleaned_data["time"]
    try:
        lock_job(
            store=store,
            on=on,
            job_key=job_key[:24],
            advisor_id=form.cleaned_data["advisor"],
            starts_at=None if chosen is None else datetime.combine(on, chosen, tzinfo=SHANGHAI),
            locked_by=request.user,
            locked_at=clock.now(),
        )
    except DayConflictError as error:
        return _day_page(request, store, on, errors={"lock": str(error)}, status=CONFLICT)
    return _back(store, on)


@require_POST
@require_role("advisor", "manager")
def day_release(request: DeskRequest, job_key: str) -> HttpResponse:
    store, on = store_asked(request), _day_asked(request)
    release_job(
        store=store,
        on=on,
        job_key=job_key[:24],
        released_by=request.user,
        released_at=clock.now(),
    )
    return _back(store, on)


@require_GET
@require_role("advisor", "manager")
def day_room(request: DeskRequest, job_key: str) -> HttpResponse:
    """Show what would have to go or wait for a job to fit today."""
    store, on = store_asked(request), _day_asked(request)
    try:
        asked, proposal = room_for(store=store, on=on, job_key=job_key[:24], now=clock.now())
    except DayConflictError as error:
        raise Http404(str(error)) from error
    job = asked.day.job_by_id[job_key[:24]]
    placed = None if proposal.plan is None else proposal.plan.by_job[job.id]
    return page(
        request,
        "reception/day_room.html",
        store=store,
        on=on,
        job=job,
        placed=placed,
        start="" if placed is None else clock_of(placed.start_slot),
        advisor=None if placed is None else asked.day.advisor_by_id[placed.advisor_id],
        proposal=proposal,
        may_decide=request.user.has_any_role("manager")
        or (placed is not None and placed.advisor_id == str(request.user.pk)),
    )


@require_POST
@require_role("advisor", "manager")
def day_tasks(request: DeskRequest) -> HttpResponse:
    store, on = store_asked(request), _day_asked(request)
    form = TaskForm(request.POST)
    if not form.is_valid():
        errors = {name: str(messages[0]) for name, messages in form.errors.items()}
        return _day_page(request, store, on, errors=errors, status=UNPROCESSABLE)
    cleaned = form.cleaned_data
    add_task(
        store=store,
        on=on,
        kind=cleaned["kind"],
        label=cleaned["label"],
        opens=cleaned["opens"],
        closes=cleaned["closes"],
        service_minutes=cleaned["service_minutes"],
        travel_minutes=cleaned["travel_minutes"] or 0,
        advisor=request.user if request.POST.get("mine") else None,
        form_key=cleaned["form_key"],
        recorded_by=request.user,
        recorded_at=clock.now(),
    )
    return _back(store, on)


@require_POST
@require_role("advisor", "manager")
def day_task_done(request: DeskRequest, task_id: int) -> HttpResponse:
    task = _task(request, task_id)
    finish_task(task=task, done_by=request.user, done_at=clock.now())
    return _back(task.store, task.day)


@require_POST
@require_role("advisor", "manager")
def day_task_later(request: DeskRequest, task_id: int) -> HttpResponse:
    task = _task(request, task_id)
    on = task.day
    try:
        put_off_task(
            task=task,
            until=max(on, clock.today()) + timedelta(days=1),
            moved_by=request.user,
            moved_at=clock.now(),
        )
    except DayConflictError as error:
        return _day_page(request, task.store, on, errors={"lock": str(error)}, status=CONFLICT)
    return _back(task.store, on)


def _day_page(
    request: DeskRequest,
    store: Store,
    on: date,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    read = store_day(store, on=on, now=now)
    version = plan_in_force(store, on=on)
    is_whole_team = request.user.has_any_role("manager", "front_desk") or "all" in request.GET
    mine = str(request.user.pk)
    only = None if is_whole_team or mine not in read.day.advisor_by_id else mine
    return page(
        request,
        "reception/day.html",
        status=status,
        store=store,
        stores=list(stores_of(request.user)),
        on=on,
        days_around=[
            (label, other)
            for label, other in (
                ("前一天", on - ONE_DAY),
                ("今天", clock.today()),
                ("后一天", on + ONE_DAY),
            )
            if other != on and abs((other - clock.today()).days) <= DAYS_AROUND_MAX
        ],
        version=version,
        is_stale=is_stale(version, read),
        grid=grid_of(version, read, now=now, only=only),
        is_own=only is not None,
        advisors=read.day.advisors,
        may_decide=request.user.has_any_role("advisor", "manager"),
        may_decide_for_all=request.user.has_any_role("manager"),
        errors=errors or {},
        form_key=TaskForm.fresh_key(),
        typed={name: request.POST.get(name, "")[:60] for name in TaskForm.base_fields},
    )


def store_asked(request: DeskRequest) -> Store:
    code = (request.POST.get("store") or request.GET.get("store") or "")[:32]
    store = store_for(request.user, code=code.replace("\x00", ""))
    if store is None:
        raise Http404("没有这家门店，或者它不归您看")
    return store


def _day_asked(request: DeskRequest) -> date:
    today = clock.today()
    asked = request.POST.get("day") or request.GET.get("day") or ""
    try:
        found = date.fromisoformat(asked) if asked else today
    except ValueError as error:  # a byte of zero is no date, either
        raise Http404("日期写成 2026-11-24 这样") from error
    if abs((found - today).days) > DAYS_AROUND_MAX:
        raise Http404("只看前后一周的日程")
    return found


def _task(request: DeskRequest, task_id: int) -> DayTask:
    try:
        return DayTask.objects.select_related("store").get(
            pk=task_id, store__in=stores_of(request.user)
        )
    except (DayTask.DoesNotExist, OverflowError) as error:
        raise Http404("没有这一项") from error


def _refuse_for_others(user: User, advisor_id: int) -> None:
    if advisor_id != user.pk and not user.has_any_role("manager"):
        msg = "顾问只能把事项排给自己；要排给别人，请店经理来定。"
        raise PermissionDenied(msg)


def _back(store: Store, on: date) -> HttpResponse:
    query: dict[str, Any] = {"store": store.code, "day": on.isoformat()}
    return redirect(reverse("reception:day", query=query))
