"""Appointments at the desk: book, move, cancel, arrive; and the lines to send."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chedai.deals.models import Deal
from chedai.deals.queries import deals_in_scope
from chedai.reception.forms.queue import AppointmentForm, FormKeyForm, MoveForm, ReasonForm
from chedai.reception.models import Appointment, Reminder
from chedai.reception.operations import appointments as operations
from chedai.reception.operations.queue import NotTodayError, TicketMovedOnError, issue_ticket
from chedai.reception.queries import appointments as queries
from chedai.reception.queries.hours import advisors_of, opening_on
from chedai.reception.queries.links import token_of
from chedai.reception.queries.queue import local_day, stores_in_reach
from chedai.reception.views.queue import store_of, told_in_words
from chedai.staff.models import Store
from chedai.staff.roles import require_role
from chedai.web import clock
from chedai.web.formats import SHANGHAI
from chedai.web.pages import page
from chedai.web.requests import DeskRequest

CONFLICT = 409
UNPROCESSABLE = 422
APPOINTMENT_LINK = "appointment"
LONGEST_TYPED = 60


@require_http_methods(["GET", "POST"])
@require_role("advisor", "manager", "front_desk")
def appointments(request: DeskRequest) -> HttpResponse:
    store = store_of(request)
    if request.method == "GET":
        return _list_page(request, store)
    form = AppointmentForm(request.POST, advisors=advisors_of(store))
    deal = None
    if form.is_valid() and form.cleaned_data["deal_number"]:
        deal = _deal_named(request, form)
    if not form.is_valid():
        return _list_page(request, store, status=UNPROCESSABLE, errors=form.errors)
    try:
        made, _ = operations.book_appointment(
            store=store,
            advisor=form.chosen_advisor,
            kind=form.cleaned_data["kind"],
            starts_at=form.starts_at,
            call_name=form.cleaned_data["call_name"] or (deal.call_name if deal else ""),
            deal=deal,
            form_key=form.cleaned_data["form_key"],
            booked_by=request.user,
            booked_at=clock.now(),
        )
    except operations.AppointmentRefusedError as error:
        errors = {error.field: [str(error)]}
        return _list_page(request, store, status=UNPROCESSABLE, errors=errors)
    messages.success(request, "已约好。把改期链接发给客户，客户就能自己改。")
    return redirect("reception:appointment", appointment_id=made.pk)


@require_http_methods(["GET", "POST"])
@require_role("advisor", "manager", "front_desk")
def appointment(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """One appointment; a POST moves it."""
    found = _appointment(request, appointment_id)
    if request.method == "GET":
        return _one_page(request, found)
    form = MoveForm(request.POST, advisors=advisors_of(found.store))
    if not form.is_valid():
        return _one_page(request, found, status=UNPROCESSABLE, errors=form.errors)
    try:
        operations.move_appointment(
            appointment=found,
            starts_at=form.starts_at,
            advisor=form.chosen_advisor,
            reason=form.cleaned_data["reason"],
            moved_by=request.user,
            moved_at=clock.now(),
        )
    except operations.AppointmentRefusedError as error:
        errors = {error.field: [str(error)]}
        return _one_page(request, found, status=UNPROCESSABLE, errors=errors)
    except operations.AppointmentClosedError as error:
        return _one_page(request, found, status=CONFLICT, errors={"conflict": [str(error)]})
    messages.success(request, "已改期。")
    return redirect("reception:appointment", appointment_id=found.pk)


@require_POST
@require_role("advisor", "manager", "front_desk")
def appointment_cancellation(request: DeskRequest, appointment_id: int) -> HttpResponse:
    found = _appointment(request, appointment_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        errors = {"cancel_reason": form.errors["reason"]}
        return _one_page(request, found, status=UNPROCESSABLE, errors=errors)
    try:
        operations.cancel_appointment(
            appointment=found,
            reason=form.cleaned_data["reason"],
            cancelled_by=request.user,
            cancelled_at=clock.now(),
        )
    except operations.AppointmentClosedError as error:
        return _one_page(request, found, status=CONFLICT, errors={"conflict": [str(error)]})
    return redirect("reception:appointment", appointment_id=found.pk)


@require_POST
@require_role("advisor", "manager", "front_desk")
def appointment_arrival(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """The customer is there: a number in the queue."""
    found = _appointment(request, appointment_id)
    try:
        ticket = issue_ticket(
            store=found.store,
            call_name=found.call_name,
            is_assisted=False,
            form_key=uuid4(),
            issued_by=request.user,
            issued_at=clock.now(),
            appointment=found,
        )
    except (NotTodayError, TicketMovedOnError) as error:
        return _one_page(request, found, status=CONFLICT, errors={"conflict": [str(error)]})
    messages.success(request, f"已到店，取号 {ticket.label}。{told_in_words(ticket)}")
    return redirect(reverse("reception:queue", query={"store": found.store.code}))


@require_GET
@require_role("advisor", "manager", "front_desk")
def reminders(request: DeskRequest) -> HttpResponse:
    now = clock.now()
    midnight = datetime.combine(local_day(now), time.min, tzinfo=SHANGHAI)
    to_send = [
        (each, queries.reminder_text(each, link=customer_address(request, each.appointment)))
        for each in queries.reminders_to_send(user=request.user, now=now)
    ]
    return page(
        request,
        "reception/reminders.html",
        to_send=to_send,
        sent=queries.reminders_sent(user=request.user, since=midnight),
    )


@require_POST
@require_role("advisor", "manager", "front_desk")
def reminder_sent(request: DeskRequest, reminder_id: int) -> HttpResponse:
    try:
        found = queries.reminder_by_id(reminder_id, seen_by=request.user)
    except Reminder.DoesNotExist as error:
        msg = "没有这条提醒，或者它不归您看"
        raise Http404(msg) from error
    operations.mark_reminder_sent(reminder=found, sent_by=request.user, sent_at=clock.now())
    return redirect("reception:reminders")


def customer_address(request: DeskRequest, appointment: Appointment) -> str:
    """The address at which the customer changes the appointment."""
    token = token_of(
        APPOINTMENT_LINK, organisation_id=appointment.organisation_id, key=appointment.pk
    )
    return request.build_absolute_uri(reverse("reception:customer_appointment", args=[token]))


def _appointment(request: DeskRequest, appointment_id: int) -> Appointment:
    try:
        return queries.appointment_by_id(appointment_id, seen_by=request.user)
    except Appointment.DoesNotExist as error:
        msg = "没有这个预约，或者它不归您看"
        raise Http404(msg) from error


def _deal_named(request: DeskRequest, form: AppointmentForm) -> Deal | None:
    number = form.cleaned_data["deal_number"]
    deal = deals_in_scope(user=request.user).filter(number=number).first()
    if deal is None:
        form.add_error("deal_number", f"没有 {number} 这一单，或者它不归您看")
    return deal


def _first_errors(errors: Any) -> dict[str, str]:
    return {name: said[0] for name, said in (errors or {}).items()}


def _typed(request: DeskRequest) -> dict[str, str]:
    names = ("advisor", "kind", "day", "at", "call_name", "deal_number", "reason")
    return {name: request.POST.get(name, "")[:LONGEST_TYPED] for name in names}


def _day_asked(request: DeskRequest, today: date) -> date:
    try:
        asked = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today
    return asked if abs(asked - today) < timedelta(days=400) else today


def _list_page(
    request: DeskRequest, store: Store, *, status: int = 200, errors: Any = None
) -> HttpResponse:
    now = clock.now()
    starts_on = _day_asked(request, local_day(now))
    rules = queries.rules_on(now)
    return page(
        request,
        "reception/appointments.html",
        status=status,
        store=store,
        stores=stores_in_reach(user=request.user),
        advisors=advisors_of(store),
        kinds=Appointment.Kind.choices,
        rules=rules,
        starts_on=starts_on,
        latest=local_day(now) + timedelta(days=rules.horizon_days),
        rows=queries.appointments_between(store, starts_on=starts_on, days=7),
        closed=[
            (day, opening.why_closed or opening.note)
            for day in (starts_on + timedelta(days=n) for n in range(7))
            if (opening := opening_on(store, day)) and (opening.span is None or opening.note)
        ],
        form_key=request.POST.get("form_key", "")[:36] or FormKeyForm.fresh_key(),
        values=_typed(request),
        errors=_first_errors(errors),
    )


def _one_page(
    request: DeskRequest, found: Appointment, *, status: int = 200, errors: Any = None
) -> HttpResponse:
    now = clock.now()
    free = queries.free_times(
        store=found.store, advisor=found.advisor, kind=found.kind, now=now, moved=found
    )
    return page(
        request,
        "reception/appointment.html",
        status=status,
        appointment=found,
        changes=list(found.changes.select_related("recorded_by").order_by("id")),
        advisors=advisors_of(found.store),
        free=[next_days for _, next_days in zip(range(3), free, strict=False)],
        address=customer_address(request, found),
        until=queries.self_change_until(found, now=now),
        is_today=local_day(found.starts_at) == local_day(now),
        is_open=found.state in {Appointment.State.BOOKED, Appointment.State.LAPSED},
        values=_typed(request),
        errors=_first_errors(errors),
    )
