"""A store's times: the week, days that differ, shifts, absences; and its secret addresses."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from chedai.documents.printing import qr_svg
from chedai.reception.forms.queue import AbsenceForm, ShiftForm, StoreDayForm, StoreHoursForm
from chedai.reception.models import Absence, QueueLink, Shift, StoreDay
from chedai.reception.operations import hours as operations
from chedai.reception.queries.hours import (
    CALENDAR_UNKNOWN,
    WEEKDAYS,
    advisors_of,
    span_on,
    store_days,
)
from chedai.reception.queries.links import link_token
from chedai.reception.queries.queue import local_day, stores_in_reach
from chedai.reception.views.queue import store_of
from chedai.staff.models import Store
from chedai.staff.roles import require_role
from chedai.staff.scope import rows_within
from chedai.web import clock
from chedai.web.formats import SHANGHAI
from chedai.web.pages import page
from chedai.web.requests import DeskRequest

UNPROCESSABLE = 422
DAYS_AHEAD = 100
PLANNED_DAYS = 14
ADDRESSES = {
    QueueLink.Kind.ENTRANCE: "reception:entrance",
    QueueLink.Kind.WALL: "reception:wall",
    QueueLink.Kind.CALENDAR: "reception:calendar",
}


@require_http_methods(["GET", "POST"])
@require_role("advisor", "manager", "front_desk")
def store_hours(request: DeskRequest) -> HttpResponse:
    store = store_of(request)
    if request.method == "GET":
        return _hours_page(request, store)
    _managers_only(request)
    form = StoreHoursForm(request.POST)
    if not form.is_valid():
        return _hours_page(request, store, status=UNPROCESSABLE, errors=form.errors)
    operations.set_store_hours(
        store=store, hours=form.hours, set_by=request.user, set_at=clock.now()
    )
    return _back("store_hours", store)


@require_POST
@require_role("manager")
def store_day_list(request: DeskRequest) -> HttpResponse:
    store = store_of(request)
    form = StoreDayForm(request.POST)
    if not form.is_valid():
        errors = {f"day_{name}": said for name, said in form.errors.items()}
        return _hours_page(request, store, status=UNPROCESSABLE, errors=errors)
    operations.set_store_day(
        store=store, recorded_by=request.user, recorded_at=clock.now(), **form.cleaned_data
    )
    return _back("store_hours", store)


@require_POST
@require_role("manager")
def store_day_removal(request: DeskRequest, day_id: int) -> HttpResponse:
    row = rows_within(StoreDay.objects.select_related("store"), request.user).filter(pk=day_id)
    found = row.first()
    if found is None:
        msg = "没有这一天"
        raise Http404(msg)
    operations.remove_store_day(row=found, removed_by=request.user, removed_at=clock.now())
    return _back("store_hours", found.store)


@require_http_methods(["GET", "POST"])
@require_role("advisor", "manager", "front_desk")
def shifts(request: DeskRequest) -> HttpResponse:
    store = store_of(request)
    if request.method == "GET":
        return _shifts_page(request, store)
    _managers_only(request)
    form = ShiftForm(request.POST, advisors=advisors_of(store))
    if not form.is_valid():
        errors = {f"shift_{name}": said for name, said in form.errors.items()}
        return _shifts_page(request, store, status=UNPROCESSABLE, errors=errors)
    try:
        operations.record_shift(
            store=store,
            advisor=form.chosen_advisor,
            day=form.cleaned_data["day"],
            starts=form.cleaned_data["starts"],
            ends=form.cleaned_data["ends"],
            recorded_by=request.user,
            recorded_at=clock.now(),
        )
    except operations.ShiftOverlapsError as error:
        said = {"shift_starts": [str(error)]}
        return _shifts_page(request, store, status=UNPROCESSABLE, errors=said)
    return _back("shifts", store)


@require_POST
@require_role("manager")
def shift_removal(request: DeskRequest, shift_id: int) -> HttpResponse:
    found = rows_within(Shift.objects.select_related("store"), request.user).filter(pk=shift_id)
    shift = found.first()
    if shift is None:
        msg = "没有这个班"
        raise Http404(msg)
    operations.remove_shift(shift=shift, removed_by=request.user, removed_at=clock.now())
    return _back("shifts", shift.store)


@require_POST
@require_role("advisor", "manager")
def absences(request: DeskRequest) -> HttpResponse:
    """Managers for anybody of the store, advisors for themselves."""
    store = store_of(request)
    form = AbsenceForm(request.POST, advisors=_those_one_may_plan(request, store))
    if not form.is_valid():
        errors = {f"absence_{name}": said for name, said in form.errors.items()}
        return _shifts_page(request, store, status=UNPROCESSABLE, errors=errors)
    span = span_on(form.cleaned_data["day"], form.cleaned_data["starts"], form.cleaned_data["ends"])
    operations.record_absence(
        advisor=form.chosen_advisor,
        kind=form.cleaned_data["kind"],
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        recorded_by=request.user,
        recorded_at=clock.now(),
    )
    return _back("shifts", store)


@require_POST
@require_role("advisor", "manager")
def absence_removal(request: DeskRequest, absence_id: int) -> HttpResponse:
    store = store_of(request)
    mine = _those_one_may_plan(request, store)
    found = Absence.objects.filter(pk=absence_id, advisor__in=mine).first()
    if found is None:
        msg = "没有这条记录，或者它不归您改"
        raise Http404(msg)
    operations.remove_absence(absence=found, removed_by=request.user, removed_at=clock.now())
    return _back("shifts", store)


# --- Secret addresses ----------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@require_role("advisor", "manager", "front_desk")
def queue_links(request: DeskRequest) -> HttpResponse:
    """Door and wall of the store, made by the manager; everybody's own calendar."""
    store = store_of(request)
    if request.method == "GET":
        return _links_page(request, store)
    kind = request.POST.get("kind", "")
    if kind not in QueueLink.Kind.values:
        return _links_page(request, store, status=UNPROCESSABLE, errors={"kind": "没有这种链接"})
    is_own = kind == QueueLink.Kind.CALENDAR
    if not is_own:
        _managers_only(request)
    operations.make_link(
        kind=kind,
        store=None if is_own else store,
        advisor=request.user if is_own else None,
        created_by=request.user,
        created_at=clock.now(),
    )
    return _back("queue_links", store)


@require_POST
@require_role("advisor", "manager", "front_desk")
def queue_link_revocation(request: DeskRequest, link_id: int) -> HttpResponse:
    store = store_of(request)
    link = next((each for each in _links(request, store) if each.pk == link_id), None)
    if link is None:
        msg = "没有这个链接，或者它不归您管"
        raise Http404(msg)
    if link.store_id is not None:
        _managers_only(request)
    operations.revoke_queue_link(link=link, revoked_by=request.user, revoked_at=clock.now())
    return _back("queue_links", store)


def _links(request: DeskRequest, store: Store) -> list[QueueLink]:
    live = QueueLink.objects.filter(revocation__isnull=True).order_by("kind", "pk")
    return [*live.filter(store=store), *live.filter(advisor=request.user)]


def _links_page(
    request: DeskRequest, store: Store, *, status: int = 200, errors: dict[str, str] | None = None
) -> HttpResponse:
    shown = []
    for link in _links(request, store):
        path = reverse(ADDRESSES[QueueLink.Kind(link.kind)], args=[link_token(link)])
        address = request.build_absolute_uri(path)
        code = qr_svg(address, width_px=180) if link.kind == QueueLink.Kind.ENTRANCE else ""
        shown.append((link, address, code))
    return page(
        request,
        "reception/queue_links.html",
        status=status,
        store=store,
        stores=stores_in_reach(user=request.user),
        links=shown,
        may_manage=request.user.has_any_role("manager"),
        errors=errors or {},
    )


def _hours_page(
    request: DeskRequest, store: Store, *, status: int = 200, errors: Any = None
) -> HttpResponse:
    days = store_days(store)
    today = local_day(clock.now())
    ahead = [today + timedelta(days=n) for n in range(DAYS_AHEAD)]
    unknown = next((day.year for day in ahead if not days.public(day).is_known), None)
    week = [
        {
            "name": name,
            "opens": f"{row.opens:%H:%M}" if (row := days.hours.get(weekday)) else "",
            "closes": f"{row.closes:%H:%M}" if row else "",
        }
        for weekday, name in enumerate(WEEKDAYS)
    ]
    if "opens_0" in request.POST:
        for weekday, each in enumerate(week):
            each["opens"] = request.POST.get(f"opens_{weekday}", "")[:10]
            each["closes"] = request.POST.get(f"closes_{weekday}", "")[:10]
    return page(
        request,
        "reception/store_hours.html",
        status=status,
        store=store,
        stores=stores_in_reach(user=request.user),
        week=week,
        days=[row for _, row in sorted(days.days.items()) if row.day >= today],
        holidays=[
            (day, days.public(day).holiday)
            for day in ahead
            if days.public(day).holiday and day not in days.days
        ],
        calendar_note=CALENDAR_UNKNOWN.format(year=unknown) if unknown else "",
        may_manage=request.user.has_any_role("manager"),
        typed={k: request.POST.get(k, "")[:60] for k in ("day", "opens", "closes", "reason")},
        errors={name: said[0] for name, said in (errors or {}).items()},
    )


def _shifts_page(
    request: DeskRequest, store: Store, *, status: int = 200, errors: Any = None
) -> HttpResponse:
    today = local_day(clock.now())
    begin = datetime.combine(today, time.min, tzinfo=SHANGHAI)
    advisors = advisors_of(store)
    names = ("advisor", "kind", "day", "starts", "ends")
    return page(
        request,
        "reception/shifts.html",
        status=status,
        store=store,
        stores=stores_in_reach(user=request.user),
        advisors=advisors,
        plannable=_those_one_may_plan(request, store),
        kinds=Absence.Kind.choices,
        shifts=list(
            Shift.objects.filter(
                store=store, day__gte=today, day__lt=today + timedelta(days=PLANNED_DAYS)
            )
            .select_related("advisor")
            .order_by("day", "advisor__username", "starts_at")
        ),
        absences=list(
            Absence.objects.filter(advisor__in=advisors, ends_at__gte=begin)
            .select_related("advisor")
            .order_by("starts_at")
        ),
        may_manage=request.user.has_any_role("manager"),
        typed={name: request.POST.get(name, "")[:20] for name in names},
        errors={name: said[0] for name, said in (errors or {}).items()},
    )


def _those_one_may_plan(request: DeskRequest, store: Store) -> list[Any]:
    advisors = advisors_of(store)
    if request.user.has_any_role("manager"):
        return advisors
    return [advisor for advisor in advisors if advisor.pk == request.user.pk]


def _managers_only(request: DeskRequest) -> None:
    require_role("manager")(lambda _: HttpResponse())(request)


def _back(name: str, store: Store) -> HttpResponse:
    return redirect(reverse(f"reception:{name}", query={"store": store.code}))
