"""M1 and M3: the floor as it is now, and the team over the coming days."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from chedai.reception.forms.day import AbsenceForm, ProfileForm
from chedai.reception.operations.day import DayConflictError
from chedai.reception.operations.day_work import note_absence, set_profile
from chedai.reception.queries.day_inputs import SKILL_LABELS, store_day
from chedai.reception.queries.day_plans import is_stale, plan_in_force, stores_of
from chedai.reception.queries.floor import floor_board, what_ifs
from chedai.reception.queries.team import advisors_in, team_of
from chedai.reception.views.day import CONFLICT, UNPROCESSABLE, store_asked
from chedai.staff.models import Store, User
from chedai.staff.roles import require_role
from chedai.web import clock
from chedai.web.formats import SHANGHAI
from chedai.web.pages import page
from chedai.web.requests import DeskRequest


@require_GET
@require_role("manager")
def floor(request: DeskRequest) -> HttpResponse:
    """The live part is asked for again every five seconds, as a block of the same page."""
    store, now = store_asked(request), clock.now()
    read = store_day(store, on=now.date(), now=now)
    version = plan_in_force(store, on=read.on)
    is_live = bool(request.htmx)
    return page(
        request,
        "reception/floor.html",
        block="live" if is_live else None,
        store=store,
        stores=list(stores_of(request.user)),
        on=read.on,
        now=now,
        version=version,
        is_stale=is_stale(version, read),
        board=floor_board(read, version, now=now),
        what_ifs=None if is_live else what_ifs(read),
    )


@require_GET
@require_role("manager")
def team(request: DeskRequest) -> HttpResponse:
    return _team_page(request, store_asked(request))


@require_POST
@require_role("manager")
def team_profile(request: DeskRequest, username: str) -> HttpResponse:
    store, advisor = _advisor(request, username)
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _team_page(request, store, form=form, about=advisor, status=UNPROCESSABLE)
    set_profile(
        advisor=advisor,
        skills=form.cleaned_data["skills"],
        pace_percent=form.cleaned_data["pace_percent"],
        open_deals_max=form.cleaned_data["open_deals_max"],
        recorded_by=request.user,
        recorded_at=clock.now(),
    )
    return redirect(reverse("reception:team", query={"store": store.code}))


@require_POST
@require_role("manager")
def team_absences(request: DeskRequest, username: str) -> HttpResponse:
    store, advisor = _advisor(request, username)
    form = AbsenceForm(request.POST)
    if form.is_valid():
        on = form.cleaned_data["day"]
        try:
            note_absence(
                advisor=advisor,
                store=store,
                kind=form.cleaned_data["kind"],
                starts_at=datetime.combine(on, form.cleaned_data["begins"], tzinfo=SHANGHAI),
                ends_at=datetime.combine(on, form.cleaned_data["ends"], tzinfo=SHANGHAI),
                recorded_by=request.user,
                recorded_at=clock.now(),
            )
        except DayConflictError as error:
            form.add_error("ends", str(error))
            return _team_page(request, store, form=form, about=advisor, status=CONFLICT)
        return redirect(reverse("reception:team", query={"store": store.code}))
    return _team_page(request, store, form=form, about=advisor, status=UNPROCESSABLE)


def _team_page(
    request: DeskRequest,
    store: Store,
    *,
    form: ProfileForm | AbsenceForm | None = None,
    about: User | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    return page(
        request,
        "reception/team.html",
        status=status,
        store=store,
        stores=list(stores_of(request.user)),
        team=team_of(store, begins_on=now.date(), now=now),
        skills=SKILL_LABELS,
        kinds=AbsenceForm.base_fields["kind"].choices,  # type: ignore[attr-defined]
        errors={} if form is None else {name: rows[0] for name, rows in form.errors.items()},
        about=about,
        typed=request.POST,
    )


def _advisor(request: DeskRequest, username: str) -> tuple[Store, User]:
    store = store_asked(request)
    advisor = advisors_in(store).filter(username=username.replace("\x00", "")).first()
    if advisor is None:
        raise Http404("这家门店没有这位顾问")
    return store, advisor
