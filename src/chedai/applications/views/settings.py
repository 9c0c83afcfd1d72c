from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from chedai.applications.forms import (
    CalendarDayForm,
    DefinitionForm,
    HandOverForm,
    YearForm,
)
from chedai.applications.queries.pipeline import handing_over
from chedai.core.process.checking import Problem
from chedai.deals.models import ProcessDefinition
from chedai.deals.operations.assignment import UnfitOwnerError, hand_over_deals
from chedai.deals.operations.calendar import announce_year, set_calendar_day
from chedai.deals.operations.definitions import (
    definition_for_new_deals,
    plain_text,
    publish_definition,
)
from chedai.deals.queries.calendar import years_shown
from chedai.policy.processes.reading import DefinitionRefusedError
from chedai.staff.models import User
from chedai.staff.roles import require_role
from chedai.web import clock
from chedai.web.pages import page
from chedai.web.requests import DeskRequest

UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
@require_role("manager")
def hand_over(request: DeskRequest) -> HttpResponse:
    """Somebody leaves: all running deals and open tasks go to a colleague."""
    people = {str(person.pk): person for person in handing_over(request.user)}
    form = HandOverForm(request.POST or None)
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _first_of(form.errors)
        leaver = people.get(request.POST.get("leaver", ""))
        heir = people.get(request.POST.get("heir", ""))
        if not errors and (leaver is None or heir is None):
            errors = {"heir": "请从列表里选交出和接手的人"}
        if not errors and leaver is not None and heir is not None:
            errors = _handed_over(request, leaver, heir)
        if not errors:
            return redirect("applications:hand_over")
    return page(
        request,
        "applications/hand_over.html",
        status=UNPROCESSABLE if errors else 200,
        people=list(people.values()),
        typed=request.POST,
        errors=errors,
    )


@require_http_methods(["GET", "POST"])
@require_role("manager", "compliance")
def working_calendar(request: DeskRequest) -> HttpResponse:
    """The holiday table: what is announced, what was entered here."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _calendar_changed(request)
        if not errors:
            return redirect("applications:working_calendar")
    return page(
        request,
        "applications/calendar.html",
        status=UNPROCESSABLE if errors else 200,
        years=years_shown(on=clock.today()),
        typed=request.POST,
        errors=errors,
    )


@require_http_methods(["GET", "POST"])
@require_role("manager")
def definitions(request: DeskRequest) -> HttpResponse:
    """The definition new deals begin with, and the next version to be written."""
    latest = definition_for_new_deals(organisation_id=request.user.organisation_id, at=clock.now())
    text, problems, errors = plain_text(latest), list[Problem](), dict[str, str]()
    if request.method == "POST":
        form = DefinitionForm(request.POST)
        text = request.POST.get("text", "")[: DefinitionForm.LENGTH_MAX]
        errors = _first_of(form.errors)
        if not errors:
            try:
                made = publish_definition(
                    organisation_id=request.user.organisation_id,
                    text=text,
                    published_by=request.user,
                    published_at=clock.now(),
                )
            except DefinitionRefusedError as refusal:
                problems = list(refusal.problems)
            else:
                messages.success(request, f"第 {made.version} 版已发布，新开的单子按它办")
                return redirect("applications:definitions")
    return page(
        request,
        "applications/definitions.html",
        status=UNPROCESSABLE if problems or errors else 200,
        latest=latest,
        versions=list(
            ProcessDefinition.objects.select_related("published_by").order_by("-version")[:20]
        ),
        text=text,
        problems=problems,
        errors=errors,
    )


def _handed_over(request: DeskRequest, leaver: User, heir: User) -> dict[str, str]:
    try:
        deals, tasks = hand_over_deals(
            leaver=leaver, heir=heir, handed_over_by=request.user, handed_over_at=clock.now()
        )
    except UnfitOwnerError as refusal:
        return {"heir": str(refusal)}
    said = f"{leaver.display_name}的 {deals} 单、{tasks} 项任务已交给{heir.display_name}"
    messages.success(request, said)
    return {}


def _calendar_changed(request: DeskRequest) -> dict[str, str]:
    if "year" in request.POST:
        year = YearForm(request.POST)
        if not year.is_valid():
            return _first_of(year.errors)
        announce_year(
            year=year.cleaned_data["year"], recorded_by=request.user, recorded_at=clock.now()
        )
        messages.success(request, "已按录入的放假安排重算期限")
        return {}
    form = CalendarDayForm(request.POST)
    if not form.is_valid():
        return _first_of(form.errors)
    set_calendar_day(
        day=form.cleaned_data["day"],
        is_workday=form.cleaned_data["kind"] == "workday",
        label=form.cleaned_data["label"],
        recorded_by=request.user,
        recorded_at=clock.now(),
    )
    messages.success(request, f"{form.cleaned_data['day']} 已记下，相关期限已重算")
    return {}


def _first_of(errors: Any) -> dict[str, str]:
    return {name: found[0] for name, found in errors.items()}
