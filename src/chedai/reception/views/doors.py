"""Pages without sign-in: the store's door, a number, the wall, an appointment, a calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chedai.policy.queueing import self_waiting_max
from chedai.reception.models import Appointment, QueueLink, Ticket
from chedai.reception.operations import appointments as operations
from chedai.reception.operations.queue import abandon_ticket, issue_ticket
from chedai.reception.queries import appointments as appointment_queries
from chedai.reception.queries.calendars import calendar_of
from chedai.reception.queries.hours import opening_on
from chedai.reception.queries.links import (
    LinkRevokedError,
    LinkUnknownError,
    live_link,
    read_token,
    token_of,
)
from chedai.reception.queries.queue import Board, board_of, local_day, policy_on
from chedai.reception.views.appointments import APPOINTMENT_LINK
from chedai.staff.isolation import acting_for
from chedai.web import clock
from chedai.web.pages import page

NOT_FOUND: Final = 404
CONFLICT: Final = 409
GONE: Final = 410
UNPROCESSABLE: Final = 422
TICKET_LINK: Final = "ticket"
SHOWN_ON_WALL: Final = 12

Answer = Callable[[HttpRequest, QueueLink, datetime], HttpResponse]


@login_not_required
@require_http_methods(["GET", "POST"])
def entrance(request: HttpRequest, token: str) -> HttpResponse:
    """H1: how long it takes now, and a number without any identity."""
    answer = _take_number if request.method == "POST" else _door
    return _through(request, token, kind=QueueLink.Kind.ENTRANCE, answer=answer)


@login_not_required
@require_GET
def wall(request: HttpRequest, token: str) -> HttpResponse:
    """M7: numbers and ranges, nothing about anybody."""
    return _through(request, token, kind=QueueLink.Kind.WALL, answer=_wall_page)


@login_not_required
@require_GET
def wall_numbers(request: HttpRequest, token: str) -> HttpResponse:
    """The part of the wall that changes."""
    return _through(request, token, kind=QueueLink.Kind.WALL, answer=_wall_part)


@login_not_required
@require_GET
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """An advisor's appointments for any calendar program."""
    return _through(request, token, kind=QueueLink.Kind.CALENDAR, answer=_calendar_feed)


@login_not_required
@require_http_methods(["GET", "POST"])
def customer_ticket(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody's number: people ahead, range and why; a POST gives it back."""
    try:
        organisation_id, key = read_token(TICKET_LINK, token)
    except LinkUnknownError:
        return _closed(request, NOT_FOUND, "链接打不开", "链接不完整，或者抄错了一个字。")
    with acting_for(organisation_id):
        ticket = Ticket.objects.select_related("store", "advisor", "appointment").filter(pk=key)
        found, now = ticket.first(), clock.now()
        if found is None or found.day != local_day(now):
            return _closed(request, GONE, "这个号过期了", "号只在当天有效，请重新取号。")
        if request.method == "POST" and found.state in {"waiting", "called", "missed"}:
            found = abandon_ticket(
                ticket=found, reason="客户自己取消", recorded_by=None, recorded_at=now
            )
        return _public(_ticket_page(request, found, token, now))


@login_not_required
@require_GET
def customer_appointment(request: HttpRequest, token: str) -> HttpResponse:
    return _with_appointment(request, token, lambda found: _appointment_page(request, found, token))


@login_not_required
@require_POST
def customer_appointment_time(request: HttpRequest, token: str) -> HttpResponse:
    """The customer moves the appointment to one of the free times."""

    def move(found: Appointment) -> HttpResponse:
        try:
            starts_at = datetime.fromisoformat(request.POST.get("starts_at", "")[:40])
        except ValueError:
            starts_at = None
        if starts_at is None or starts_at.tzinfo is None:
            said = "请在下面选一个时间"
            return _appointment_page(request, found, token, error=said, status=UNPROCESSABLE)
        operations.move_appointment(
            appointment=found, starts_at=starts_at, reason="", moved_by=None, moved_at=clock.now()
        )
        return redirect("reception:customer_appointment", token=token)

    return _with_appointment(request, token, move)


@login_not_required
@require_POST
def customer_appointment_cancellation(request: HttpRequest, token: str) -> HttpResponse:
    def cancel(found: Appointment) -> HttpResponse:
        operations.cancel_appointment(
            appointment=found, reason="", cancelled_by=None, cancelled_at=clock.now()
        )
        return redirect("reception:customer_appointment", token=token)

    return _with_appointment(request, token, cancel)


# --- What they answer -----------------------------------------------------------------------


def _through(request: HttpRequest, token: str, *, kind: str, answer: Answer) -> HttpResponse:
    try:
        organisation_id, key = read_token(kind, token)
        with acting_for(organisation_id):
            link = live_link(kind=kind, key=key)
            return _public(answer(request, link, clock.now()))
    except LinkUnknownError:
        return _closed(request, NOT_FOUND, "链接打不开", "链接不完整，或者抄错了一个字。")
    except LinkRevokedError:
        return _closed(request, GONE, "链接已收回", "店里换了新的，请看店里现在的二维码。")


def _with_appointment(
    request: HttpRequest, token: str, answer: Callable[[Appointment], HttpResponse]
) -> HttpResponse:
    try:
        organisation_id, key = read_token(APPOINTMENT_LINK, token)
    except LinkUnknownError:
        return _closed(request, NOT_FOUND, "链接打不开", "链接不完整，或者抄错了一个字。")
    with acting_for(organisation_id):
        found = Appointment.objects.select_related("store", "advisor").filter(pk=key).first()
        if found is None or found.ends_at < clock.now():
            return _closed(
                request, GONE, "这个预约过去了", "预约的时间已经过了，这个链接不再有用。"
            )
        try:
            return _public(answer(found))
        except operations.AppointmentRefusedError as error:
            status, said = UNPROCESSABLE, str(error)
        except (operations.SelfChangeOverError, operations.AppointmentClosedError) as error:
            status, said = CONFLICT, str(error)
        return _public(_appointment_page(request, found, token, error=said, status=status))


def _door(
    request: HttpRequest, link: QueueLink, now: datetime, error: str = "", status: int = 200
) -> HttpResponse:
    store = link.store
    assert store is not None
    mine = _number_of_this_browser(request, now)
    return page(
        request,
        "reception/customer_door.html",
        status=status,
        store=store,
        opening=opening_on(store, local_day(now)),
        board=board_of(store, now=now),
        form_key=str(uuid4()),
        mine=mine,
        mine_token=_token(mine) if mine else "",
        error=error,
    )


def _take_number(request: HttpRequest, link: QueueLink, now: datetime) -> HttpResponse:
    store = link.store
    assert store is not None
    held = _number_of_this_browser(request, now)
    if held is not None:
        return redirect("reception:customer_ticket", token=_token(held))
    try:
        form_key = UUID(request.POST.get("form_key", ""))
    except ValueError:
        said = "页面过期了，请再点一次“取号”"
        return _door(request, link, now, error=said, status=UNPROCESSABLE)
    opening = opening_on(store, local_day(now))
    if opening.is_set and (
        opening.span is None or not opening.span.starts_at <= now < opening.span.ends_at
    ):
        return _door(request, link, now, error="现在不在营业时间，不能取号", status=CONFLICT)
    if len(board_of(store, now=now).places) >= self_waiting_max(policy_on(now)):
        said = "等候的人很多，请到前台取号"
        return _door(request, link, now, error=said, status=CONFLICT)
    ticket = issue_ticket(
        store=store,
        call_name="",
        is_assisted=request.POST.get("is_assisted") == "on",
        form_key=form_key,
        issued_by=None,
        issued_at=now,
    )
    answer = redirect("reception:customer_ticket", token=_token(ticket))
    # One number for one phone: the cookie names the number, and nobody.
    answer.set_cookie(
        "chedai-number",
        _token(ticket),
        max_age=12 * 3600,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return answer


def _number_of_this_browser(request: HttpRequest, now: datetime) -> Ticket | None:
    try:
        _, key = read_token(TICKET_LINK, request.COOKIES.get("chedai-number", ""))
    except LinkUnknownError:
        return None
    return Ticket.objects.filter(
        pk=key, day=local_day(now), state__in=["waiting", "called", "missed"]
    ).first()


def _token(ticket: Ticket) -> str:
    return token_of(TICKET_LINK, organisation_id=ticket.organisation_id, key=ticket.pk)


def _ticket_page(request: HttpRequest, ticket: Ticket, token: str, now: datetime) -> HttpResponse:
    board = board_of(ticket.store, now=now)
    return page(
        request,
        "reception/customer_ticket.html",
        ticket=ticket,
        token=token,
        place=next((place for place in board.places if place.ticket == ticket), None),
        board=board,
        now=now,
        is_open=ticket.state in {"waiting", "called", "missed"},
    )


def _wall_page(request: HttpRequest, link: QueueLink, now: datetime) -> HttpResponse:
    return page(request, "reception/wall.html", **_wall_context(link, now))


def _wall_part(request: HttpRequest, link: QueueLink, now: datetime) -> HttpResponse:
    return page(request, "reception/wall.html", block="numbers", **_wall_context(link, now))


def _wall_context(link: QueueLink, now: datetime) -> dict[str, Any]:
    store = link.store
    assert store is not None
    board: Board = board_of(store, now=now)
    return {
        "store": store,
        "board": board,
        "now": now,
        "shown": board.places[:SHOWN_ON_WALL],
        "rest_count": max(0, len(board.places) - SHOWN_ON_WALL),
    }


def _calendar_feed(request: HttpRequest, link: QueueLink, now: datetime) -> HttpResponse:  # noqa: ARG001 - one signature for all answers
    advisor = link.advisor
    assert advisor is not None
    feed = HttpResponse(calendar_of(advisor, now=now), content_type="text/calendar; charset=utf-8")
    feed.headers["Content-Disposition"] = 'inline; filename="appointments.ics"'
    return feed


def _appointment_page(
    request: HttpRequest, found: Appointment, token: str, *, error: str = "", status: int = 200
) -> HttpResponse:
    now = clock.now()
    until = appointment_queries.self_change_until(found, now=now)
    may_change = now <= until and found.state == Appointment.State.BOOKED
    free = appointment_queries.free_times(
        store=found.store, advisor=found.advisor, kind=found.kind, now=now, moved=found
    )
    return page(
        request,
        "reception/customer_appointment.html",
        status=status,
        appointment=found,
        token=token,
        until=until,
        may_change=may_change,
        free=list(free) if may_change else [],
        error=error,
    )


def _closed(request: HttpRequest, status: int, title: str, reason: str) -> HttpResponse:
    return _public(
        page(request, "reception/customer_closed.html", status=status, title=title, reason=reason)
    )


def _public(response: HttpResponse) -> HttpResponse:
    """Let no cache keep it, no search engine find it, no other site learn its address."""
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
