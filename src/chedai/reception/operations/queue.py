"""Acts on the queue: give a number, call it, serve, let go.

Whoever changes the order of a store holds the lock of the store's counter of the day, so two
desks that call at once get two customers.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from chedai.audit.operations import record
from chedai.reception.models import (
    Appointment,
    AppointmentChange,
    Ticket,
    TicketCounter,
    TicketEvent,
)
from chedai.reception.queries.queue import HAS_ADVISOR, board_of, local_day

if TYPE_CHECKING:
    from chedai.deals.models import Deal
    from chedai.staff.models import Store, User


class NobodyWaitingError(Exception):
    """There is nobody this advisor could call."""


class AdvisorBusyError(Exception):
    """The advisor has called or serves somebody; one customer at a time."""


class TicketMovedOnError(Exception):
    """The number is not in the state this act needs: somebody else was quicker."""


class ReasonMissingError(Exception):
    """Calling out of turn is written down with a reason, and there is none."""


class NotTodayError(Exception):
    """The appointment is on another day."""


@transaction.atomic
def issue_ticket(
    *,
    store: Store,
    call_name: str,
    is_assisted: bool,
    form_key: UUID,
    issued_by: User | None,
    issued_at: datetime,
    appointment: Appointment | None = None,
) -> Ticket:
    """Give the next number of the store's day; the same ``form_key`` gives the same one.

    ``issued_by`` None: the customer took it. With an appointment it is the customer's arrival,
    refused by ``NotTodayError`` on another day, by ``TicketMovedOnError`` once cancelled.
    """
    counter = _queue_lock(store, issued_at)
    held = Ticket.objects.filter(form_key=form_key).first() or (
        Ticket.objects.filter(appointment=appointment).first() if appointment else None
    )
    if held is not None:
        return held
    if appointment is not None:
        _arrive(appointment, recorded_by=issued_by, at=issued_at)
    counter.latest += 1
    counter.save(update_fields=["latest"])
    ticket = Ticket.objects.create(
        organisation_id=store.organisation_id,
        store=store,
        day=counter.day,
        number=counter.latest,
        appointment=appointment,
        is_assisted=is_assisted,
        call_name=call_name,
        deal=appointment.deal if appointment else None,
        issued_at=issued_at,
        issued_by=issued_by,
        queued_at=issued_at,
        form_key=form_key,
    )
    told = next(p.told for p in board_of(store, now=issued_at).places if p.ticket == ticket)
    if told is not None:
        ticket.told_low_minutes, ticket.told_high_minutes = told.low_minutes, told.high_minutes
        ticket.save(update_fields=["told_low_minutes", "told_high_minutes"])
    _note(ticket, TicketEvent.Kind.ISSUED, by=issued_by, at=issued_at)
    return ticket


@transaction.atomic
def call_next(*, store: Store, advisor: User, called_at: datetime) -> Ticket:
    """Call whoever is next in the published order for this advisor.

    Raises
    ------
    NobodyWaitingError
        Nobody waits, or only people with an appointment with a colleague who is there.
    """
    _queue_lock(store, called_at)
    _refuse_if_busy(advisor, called_at)
    places = board_of(store, now=called_at).callable_by(advisor)
    if not places:
        msg = "现在没有可以叫的号"
        raise NobodyWaitingError(msg)
    return _call(places[0].ticket, TicketEvent.Kind.CALLED, advisor=advisor, at=called_at)


@transaction.atomic
def call_out_of_turn(*, ticket: Ticket, advisor: User, reason: str, called_at: datetime) -> Ticket:
    """Call a number before others; who was passed over and why is kept and shown to everybody.

    Raises
    ------
    ReasonMissingError
        There is no reason.
    TicketMovedOnError
        The number does not wait any more.
    """
    _queue_lock(ticket.store, called_at)
    _refuse_if_busy(advisor, called_at)
    places = board_of(ticket.store, now=called_at).callable_by(advisor)
    everybody = [place.ticket for place in board_of(ticket.store, now=called_at).places]
    if ticket not in everybody:
        raise TicketMovedOnError(f"{ticket.label} 已经不在等候了，请看最新的队列")
    if places and places[0].ticket == ticket:
        return _call(ticket, TicketEvent.Kind.CALLED, advisor=advisor, at=called_at)
    if not reason.strip():
        msg = "不按顺序叫号要写明原因，店里每个人都看得到"
        raise ReasonMissingError(msg)
    passed_over = [each.label for each in everybody[: everybody.index(ticket)]]
    return _call(
        ticket,
        TicketEvent.Kind.CALLED_OUT_OF_TURN,
        advisor=advisor,
        at=called_at,
        reason=reason.strip(),
        passed_over=passed_over,
    )


@transaction.atomic
def start_service(*, ticket: Ticket, started_by: User, started_at: datetime) -> Ticket:
    """Note that the called customer sat down; doing it twice keeps the first moment."""
    ticket = _locked(ticket)
    if ticket.state == Ticket.State.SERVING:
        return ticket
    _refuse_unless(ticket, Ticket.State.CALLED)
    ticket.state, ticket.started_at = Ticket.State.SERVING, started_at
    ticket.save(update_fields=["state", "started_at"])
    _note(ticket, TicketEvent.Kind.STARTED, by=started_by, at=started_at)
    return ticket


@transaction.atomic
def finish_service(*, ticket: Ticket, finished_by: User, finished_at: datetime) -> Ticket:
    """Note that the customer left the desk; doing it twice keeps the first moment."""
    ticket = _locked(ticket)
    if ticket.state == Ticket.State.FINISHED:
        return ticket
    _refuse_unless(ticket, Ticket.State.SERVING)
    ticket.state, ticket.ended_at = Ticket.State.FINISHED, finished_at
    ticket.save(update_fields=["state", "ended_at"])
    _note(ticket, TicketEvent.Kind.FINISHED, by=finished_by, at=finished_at)
    return ticket


@transaction.atomic
def miss_call(*, ticket: Ticket, missed_by: User, missed_at: datetime) -> Ticket:
    """Note that nobody came to the call; the number waits aside until its holder returns."""
    ticket = _locked(ticket)
    if ticket.state == Ticket.State.MISSED:
        return ticket
    _refuse_unless(ticket, Ticket.State.CALLED)
    ticket.state = Ticket.State.MISSED
    ticket.save(update_fields=["state"])
    _note(ticket, TicketEvent.Kind.MISSED, by=missed_by, at=missed_at)
    return ticket


@transaction.atomic
def return_to_queue(*, ticket: Ticket, returned_by: User | None, returned_at: datetime) -> Ticket:
    """Put a number that missed its call back into the queue, by the moment of its return."""
    ticket = _locked(ticket)
    if ticket.state == Ticket.State.WAITING:
        return ticket
    _refuse_unless(ticket, Ticket.State.MISSED)
    ticket.state, ticket.queued_at, ticket.advisor = Ticket.State.WAITING, returned_at, None
    ticket.save(update_fields=["state", "queued_at", "advisor"])
    _note(ticket, TicketEvent.Kind.RETURNED, by=returned_by, at=returned_at)
    return ticket


@transaction.atomic
def abandon_ticket(
    *, ticket: Ticket, reason: str, recorded_by: User | None, recorded_at: datetime
) -> Ticket:
    """Note that the customer left without being served."""
    ticket = _locked(ticket)
    if ticket.state == Ticket.State.ABANDONED:
        return ticket
    _refuse_unless(ticket, Ticket.State.WAITING, Ticket.State.CALLED, Ticket.State.MISSED)
    ticket.state, ticket.ended_at = Ticket.State.ABANDONED, recorded_at
    ticket.save(update_fields=["state", "ended_at"])
    _note(ticket, TicketEvent.Kind.ABANDONED, by=recorded_by, at=recorded_at, reason=reason)
    return ticket


@transaction.atomic
def link_ticket(*, ticket: Ticket, deal: Deal) -> Ticket:
    """Let the number lead to the deal that was opened for it; the deal has its own audit event."""
    ticket = _locked(ticket)
    if ticket.deal_id is None:
        ticket.deal = deal
        ticket.save(update_fields=["deal"])
    return ticket


def _queue_lock(store: Store, at: datetime) -> TicketCounter:
    counter, _ = TicketCounter.objects.select_for_update().get_or_create(
        store=store, day=local_day(at), defaults={"organisation_id": store.organisation_id}
    )
    return counter


def _locked(ticket: Ticket) -> Ticket:
    """Read the ticket anew under the lock of its store's queue."""
    TicketCounter.objects.select_for_update().get(store_id=ticket.store_id, day=ticket.day)
    return Ticket.objects.select_related("store", "deal").get(pk=ticket.pk)


def _refuse_unless(ticket: Ticket, *states: str) -> None:
    if ticket.state not in states:
        raise TicketMovedOnError(
            f"{ticket.label} 现在是“{ticket.get_state_display()}”，请看最新的队列"
        )


def _refuse_if_busy(advisor: User, at: datetime) -> None:
    held = Ticket.objects.filter(advisor=advisor, state__in=HAS_ADVISOR).first()
    if held is None:
        return
    if held.day < local_day(at):
        _close_forgotten(held, advisor=advisor, at=at)
        return
    raise AdvisorBusyError(f"{held.label} 还在您这里，请先结束接待或记为过号")


def _close_forgotten(ticket: Ticket, *, advisor: User, at: datetime) -> None:
    """End a number of an earlier day; when it really ended nobody knows, so nothing is learned."""
    ticket.state, ticket.ended_at = Ticket.State.ABANDONED, at
    ticket.save(update_fields=["state", "ended_at"])
    _note(ticket, TicketEvent.Kind.ABANDONED, by=advisor, at=at, reason="隔日未结束，自动关闭")


def _call(
    ticket: Ticket,
    kind: TicketEvent.Kind,
    *,
    advisor: User,
    at: datetime,
    reason: str = "",
    passed_over: list[str] | None = None,
) -> Ticket:
    ticket.state, ticket.advisor, ticket.called_at = Ticket.State.CALLED, advisor, at
    ticket.save(update_fields=["state", "advisor", "called_at"])
    _note(ticket, kind, by=advisor, at=at, reason=reason, passed_over=passed_over)
    return ticket


def _arrive(appointment: Appointment, *, recorded_by: User | None, at: datetime) -> None:
    held = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if held.state == Appointment.State.CANCELLED:
        msg = "这个预约已经取消了，请直接取号"
        raise TicketMovedOnError(msg)
    if local_day(held.starts_at) != local_day(at):
        raise NotTodayError(f"预约的是 {local_day(held.starts_at):%m-%d}，请先改期，或直接取号")
    # Its time stays its own even when it lapsed: another may have been booked there meanwhile.
    if held.state == Appointment.State.BOOKED:
        held.state = Appointment.State.ARRIVED
        held.save(update_fields=["state"])
    AppointmentChange.objects.create(
        organisation_id=held.organisation_id,
        appointment=held,
        kind=AppointmentChange.Kind.ARRIVED,
        stood_at=held.starts_at,
        recorded_at=at,
        recorded_by=recorded_by,
    )


def _note(
    ticket: Ticket,
    kind: TicketEvent.Kind,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
    passed_over: list[str] | None = None,
) -> None:
    TicketEvent.objects.create(
        organisation_id=ticket.organisation_id,
        ticket=ticket,
        kind=kind,
        reason=reason,
        passed_over=passed_over or [],
        recorded_at=at,
        recorded_by=by,
    )
    record(
        organisation_id=ticket.organisation_id,
        actor=by,
        action=f"ticket.{kind.value}",
        subject_type="ticket",
        subject_id=f"{ticket.store_id}/{ticket.day}/{ticket.label}",
        # What was typed may name somebody: the chain keeps its digest, the row its words.
        after={"reason": reason},
        detail={"passed_over": passed_over or []},
        at=at,
    )
