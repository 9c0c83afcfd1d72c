"""The queue of a store, and the acts of those who stand in front of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from chedai.policy.queueing import wait_limits
from chedai.reception.forms.queue import FormKeyForm, TicketForm
from chedai.reception.models import Ticket
from chedai.reception.operations import queue as operations
from chedai.reception.queries import queue as queries
from chedai.reception.queries.appointments import appointments_between, expected_today
from chedai.reception.queries.hours import advisors_of, opening_on
from chedai.staff.models import Store
from chedai.staff.roles import require_role
from chedai.web import clock
from chedai.web.pages import page
from chedai.web.requests import DeskRequest

CONFLICT = 409
UNPROCESSABLE = 422
NO_STORE = "机构还没有门店，请系统管理员先开一家门店"
REFUSALS = (
    operations.AdvisorBusyError,
    operations.NobodyWaitingError,
    operations.TicketMovedOnError,
    operations.NotTodayError,
)


def store_of(request: DeskRequest) -> Store:
    """The store the page is about: one's own, or the one chosen among those in reach."""
    reach = queries.stores_in_reach(user=request.user)
    wanted = (request.POST.get("store") or request.GET.get("store") or "")[:32]
    chosen = next((store for store in reach if store.code == wanted), None)
    if chosen is None and not reach:
        raise Http404(NO_STORE)
    return chosen or reach[0]


def queue_context(request: DeskRequest, store: Store, now: datetime) -> dict[str, Any]:
    """What the parts about the queue show."""
    board = queries.board_of(store, now=now)
    usual, long = wait_limits(queries.policy_on(now))
    reachable = board.callable_by(request.user)
    return {
        "store": store,
        "board": board,
        "now": now,
        "my_ticket": queries.engaged_ticket(request.user),
        "next_place": reachable[0] if reachable else None,
        "wait_usual": usual,
        "wait_long": long,
        "may_call": request.user.has_any_role("advisor", "manager"),
    }


@require_GET
@require_role("advisor", "manager", "front_desk")
def queue(request: DeskRequest) -> HttpResponse:
    return _queue_page(request, store_of(request))


@require_GET
@require_role("advisor", "manager", "front_desk")
def queue_mine(request: DeskRequest) -> HttpResponse:
    """The part of the advisor's day that is about who comes next."""
    store, now = store_of(request), clock.now()
    return page(
        request, "reception/queue_mine.html", **today_context(request, store=store, now=now)
    )


def today_context(request: DeskRequest, *, store: Store, now: datetime) -> dict[str, Any]:
    """What the advisor's day shows of the queue."""
    own = appointments_between(
        store, starts_on=queries.local_day(now), days=1, advisor=request.user
    )
    return {
        **queue_context(request, store, now),
        "own_appointments": own,
        "poll_url": reverse("reception:queue_mine", query={"store": store.code}),
    }


@require_POST
@require_role("advisor", "manager", "front_desk")
def tickets(request: DeskRequest) -> HttpResponse:
    """Give a number at the desk."""
    store, now = store_of(request), clock.now()
    form = TicketForm(request.POST)
    if not form.is_valid():
        return _queue_page(
            request,
            store,
            status=UNPROCESSABLE,
            errors={k: str(v[0]) for k, v in form.errors.items()},
            values={"call_name": request.POST.get("call_name", "")[:60]},
        )
    opening = opening_on(store, queries.local_day(now))
    if opening.is_set and opening.span is None:
        said = f"今天不营业（{opening.why_closed}），不能取号；临时营业请店经理先在营业时间里改"
        return _queue_page(request, store, status=UNPROCESSABLE, errors={"form_key": said})
    ticket = operations.issue_ticket(
        store=store,
        call_name=form.cleaned_data["call_name"],
        is_assisted=form.cleaned_data["is_assisted"],
        form_key=form.cleaned_data["form_key"],
        issued_by=request.user,
        issued_at=now,
    )
    messages.success(request, f"已取号 {ticket.label}。{told_in_words(ticket)}")
    return _to_queue(store)


def told_in_words(ticket: Ticket) -> str:
    if ticket.told_high_minutes is None:
        return "现在没有顾问在班，等多久还说不准。"
    if ticket.told_high_minutes == 0:
        return "现在就可以接待。"
    return f"大约等 {ticket.told_low_minutes}–{ticket.told_high_minutes} 分钟。"


@require_POST
@require_role("advisor", "manager")
def calls(request: DeskRequest) -> HttpResponse:
    """Call whoever is next."""
    store = store_of(request)

    def act() -> Ticket:
        return operations.call_next(store=store, advisor=request.user, called_at=clock.now())

    return _acted(request, store, act, after=lambda _: _to_today(store))


@require_POST
@require_role("advisor", "manager")
def ticket_call(request: DeskRequest, ticket_id: int) -> HttpResponse:
    """Call one number; before others only with a reason."""
    ticket = _ticket(request, ticket_id)
    reason = request.POST.get("reason", "").replace("\x00", "")[:100]

    def act() -> Ticket:
        return operations.call_out_of_turn(
            ticket=ticket, advisor=request.user, reason=reason, called_at=clock.now()
        )

    try:
        return _acted(request, ticket.store, act, after=lambda _: _to_today(ticket.store))
    except operations.ReasonMissingError as error:
        return _queue_page(
            request, ticket.store, status=UNPROCESSABLE, errors={f"reason_{ticket.pk}": str(error)}
        )


@require_POST
@require_role("advisor", "manager")
def ticket_start(request: DeskRequest, ticket_id: int) -> HttpResponse:
    """The customer sat down: open the deal, or the page on which one begins."""
    ticket = _own_ticket(request, ticket_id)

    def act() -> Ticket:
        return operations.start_service(
            ticket=ticket, started_by=request.user, started_at=clock.now()
        )

    def after(started: Ticket) -> HttpResponse:
        if started.deal is not None:
            return redirect("planning:deal", deal_number=started.deal.number)
        return redirect(reverse("reception:visit_new", query={"ticket": str(started.pk)}))

    return _acted(request, ticket.store, act, after=after)


@require_POST
@require_role("advisor", "manager")
def ticket_finish(request: DeskRequest, ticket_id: int) -> HttpResponse:
    ticket = _own_ticket(request, ticket_id)

    def act() -> Ticket:
        return operations.finish_service(
            ticket=ticket, finished_by=request.user, finished_at=clock.now()
        )

    return _acted(request, ticket.store, act, after=lambda _: _to_today(ticket.store))


@require_POST
@require_role("advisor", "manager")
def ticket_miss(request: DeskRequest, ticket_id: int) -> HttpResponse:
    ticket = _own_ticket(request, ticket_id)

    def act() -> Ticket:
        return operations.miss_call(ticket=ticket, missed_by=request.user, missed_at=clock.now())

    return _acted(request, ticket.store, act, after=lambda _: _to_today(ticket.store))


@require_POST
@require_role("advisor", "manager", "front_desk")
def ticket_return(request: DeskRequest, ticket_id: int) -> HttpResponse:
    ticket = _ticket(request, ticket_id)

    def act() -> Ticket:
        return operations.return_to_queue(
            ticket=ticket, returned_by=request.user, returned_at=clock.now()
        )

    return _acted(request, ticket.store, act, after=lambda _: _to_queue(ticket.store))


@require_POST
@require_role("advisor", "manager", "front_desk")
def ticket_departure(request: DeskRequest, ticket_id: int) -> HttpResponse:
    ticket = _ticket(request, ticket_id)
    reason = request.POST.get("reason", "").replace("\x00", "")[:100]

    def act() -> Ticket:
        return operations.abandon_ticket(
            ticket=ticket, reason=reason, recorded_by=request.user, recorded_at=clock.now()
        )

    return _acted(request, ticket.store, act, after=lambda _: _to_queue(ticket.store))


def _acted(
    request: DeskRequest,
    store: Store,
    act: Callable[[], Ticket],
    *,
    after: Callable[[Ticket], HttpResponse],
) -> HttpResponse:
    try:
        ticket = act()
    except REFUSALS as error:
        return _queue_page(request, store, status=CONFLICT, errors={"conflict": str(error)})
    return after(ticket)


def _ticket(request: DeskRequest, ticket_id: int) -> Ticket:
    try:
        return queries.ticket_by_id(ticket_id, seen_by=request.user)
    except (Ticket.DoesNotExist, OverflowError) as error:
        msg = "没有这个号，或者它不归您看"
        raise Http404(msg) from error


def _own_ticket(request: DeskRequest, ticket_id: int) -> Ticket:
    """A number may be served by whoever called it, and set right by the manager."""
    ticket = _ticket(request, ticket_id)
    if ticket.advisor_id != request.user.pk and not request.user.has_any_role("manager"):
        msg = "这个号不是您叫的"
        raise Http404(msg)
    return ticket


def _to_queue(store: Store) -> HttpResponse:
    return redirect(reverse("reception:queue", query={"store": store.code}))


def _to_today(store: Store) -> HttpResponse:
    return redirect(reverse("reception:today", query={"store": store.code}))


def _queue_page(
    request: DeskRequest,
    store: Store,
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
    values: dict[str, str] | None = None,
) -> HttpResponse:
    now = clock.now()
    day = queries.local_day(now)
    return page(
        request,
        "reception/queue.html",
        block="board" if request.htmx and errors is None else None,
        status=status,
        **queue_context(request, store, now),
        stores=queries.stores_in_reach(user=request.user),
        opening=opening_on(store, day),
        expected=expected_today(store, now=now),
        advisors=advisors_of(store),
        out_of_turn=queries.out_of_turn_today(store, now=now),
        calibration=queries.calibration_of(store, now=now),
        waits_today=queries.waited_today(store, now=now),
        form_key=FormKeyForm.fresh_key(),
        errors=errors or {},
        values=values or {"call_name": ""},
    )
