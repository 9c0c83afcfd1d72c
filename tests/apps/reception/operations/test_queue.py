from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from django.db import connection
from tests.apps.reception.conftest import at, clock_time

from chedai.audit.models import AuditEvent
from chedai.reception.models import Ticket, TicketEvent
from chedai.reception.operations.appointments import cancel_appointment
from chedai.reception.operations.queue import (
    AdvisorBusyError,
    NobodyWaitingError,
    NotTodayError,
    ReasonMissingError,
    TicketMovedOnError,
    abandon_ticket,
    call_next,
    call_out_of_turn,
    finish_service,
    issue_ticket,
    link_ticket,
    miss_call,
    return_to_queue,
    start_service,
)
from chedai.staff.isolation import acting_for

pytestmark = pytest.mark.django_db


def test_numbers_of_a_day_are_gapless_and_begin_anew_the_next_day(take):
    assert [take().label, take(1).label, take(24 * 60).label] == ["A001", "A002", "A001"]


def test_the_same_form_sent_twice_gives_one_number(take):
    key = uuid4()

    assert take(form_key=key) == take(1, form_key=key)


def test_the_customer_is_told_a_range_when_the_number_is_taken(take, advisor):
    take()
    second = take(1)

    # One advisor, one ahead: a service by the general estimate.
    assert (second.told_low_minutes, second.told_high_minutes) == (25, 40)


def test_nothing_is_promised_while_no_advisor_exists(take):
    assert take().told_high_minutes is None


def test_the_next_number_is_the_first_of_the_published_order(take, open_store, advisor):
    walk_in, assisted = take(), take(1, is_assisted=True)

    called = call_next(store=open_store, advisor=advisor, called_at=at(5))

    assert called == assisted
    assert (called.state, called.advisor, called.called_at) == ("called", advisor, at(5))
    assert walk_in.state == Ticket.State.WAITING


def test_an_advisor_has_one_customer_at_a_time(take, open_store, advisor):
    take(), take(1)
    call_next(store=open_store, advisor=advisor, called_at=at(5))

    with pytest.raises(AdvisorBusyError, match="A001"):
        call_next(store=open_store, advisor=advisor, called_at=at(6))


def test_a_number_forgotten_yesterday_does_not_block_today(take, open_store, advisor):
    forgotten = take(-24 * 60)
    call_next(store=open_store, advisor=advisor, called_at=at(-24 * 60))
    take()

    assert call_next(store=open_store, advisor=advisor, called_at=at(1)).number == 1
    forgotten.refresh_from_db()
    assert forgotten.state == Ticket.State.ABANDONED
    assert forgotten.events.latest("id").reason == "隔日未结束，自动关闭"


def test_calling_an_empty_queue_is_refused(open_store, advisor):
    with pytest.raises(NobodyWaitingError):
        call_next(store=open_store, advisor=advisor, called_at=at(0))


def test_an_appointment_is_left_to_its_advisor(take, book, open_store, advisor, colleague):
    mine = book(clock_time(10, 30))
    ticket = take(25, appointment=mine)

    with pytest.raises(NobodyWaitingError):
        call_next(store=open_store, advisor=colleague, called_at=at(30))
    assert call_next(store=open_store, advisor=advisor, called_at=at(30)) == ticket


def test_a_call_out_of_turn_needs_a_reason_and_names_who_was_passed_over(take, advisor, open_store):
    take(), take(1)
    third = take(2)

    with pytest.raises(ReasonMissingError):
        call_out_of_turn(ticket=third, advisor=advisor, reason="  ", called_at=at(5))
    call_out_of_turn(ticket=third, advisor=advisor, reason="带着婴儿", called_at=at(6))

    event = TicketEvent.objects.get(ticket=third, kind="called_out_of_turn")
    assert (event.reason, event.passed_over) == ("带着婴儿", ["A001", "A002"])
    audited = AuditEvent.objects.get(action="ticket.called_out_of_turn")
    assert audited.detail == {"passed_over": ["A001", "A002"]}


def test_calling_the_first_by_its_number_is_in_turn(take, advisor):
    first = take()

    call_out_of_turn(ticket=first, advisor=advisor, reason="", called_at=at(5))

    assert TicketEvent.objects.filter(ticket=first, kind="called").exists()


def test_a_number_called_by_somebody_else_cannot_be_called_again(
    take, open_store, advisor, colleague
):
    first = take()
    call_next(store=open_store, advisor=advisor, called_at=at(5))

    with pytest.raises(TicketMovedOnError):
        call_out_of_turn(ticket=first, advisor=colleague, reason="熟人", called_at=at(5))


def test_a_service_begins_and_ends_once(take, open_store, advisor):
    take()
    ticket = call_next(store=open_store, advisor=advisor, called_at=at(5))
    for minute in (6, 7):
        start_service(ticket=ticket, started_by=advisor, started_at=at(minute))
    for minute in (30, 31):
        finish_service(ticket=ticket, finished_by=advisor, finished_at=at(minute))

    ticket.refresh_from_db()
    assert (ticket.started_at, ticket.ended_at) == (at(6), at(30))
    kinds = list(ticket.events.order_by("id").values_list("kind", flat=True))
    assert kinds == ["issued", "called", "started", "finished"]


def test_who_missed_the_call_comes_back_by_the_moment_of_return(take, open_store, advisor):
    first = take()
    second = take(3)
    ticket = call_next(store=open_store, advisor=advisor, called_at=at(5))
    for _ in range(2):
        miss_call(ticket=ticket, missed_by=advisor, missed_at=at(8))
    for _ in range(2):
        return_to_queue(ticket=ticket, returned_by=None, returned_at=at(10))

    assert call_next(store=open_store, advisor=advisor, called_at=at(11)) == second
    first.refresh_from_db()
    assert (first.state, first.advisor, first.queued_at) == ("waiting", None, at(10))


def test_who_leaves_is_not_called(take, open_store, advisor):
    first = take()
    for _ in range(2):
        abandon_ticket(ticket=first, reason="改天再来", recorded_by=None, recorded_at=at(2))

    with pytest.raises(NobodyWaitingError):
        call_next(store=open_store, advisor=advisor, called_at=at(5))


@pytest.mark.parametrize("act", [start_service, miss_call, finish_service, return_to_queue])
def test_an_act_out_of_order_is_refused(take, advisor, act):
    names = {
        start_service: ("started_by", "started_at"),
        miss_call: ("missed_by", "missed_at"),
        finish_service: ("finished_by", "finished_at"),
        return_to_queue: ("returned_by", "returned_at"),
    }[act]
    ticket = take()
    if act is return_to_queue:
        abandon_ticket(ticket=ticket, reason="", recorded_by=None, recorded_at=at(1))

    with pytest.raises(TicketMovedOnError, match="A001"):
        act(ticket=ticket, **dict(zip(names, (advisor, at(2)), strict=True)))


def test_an_arrival_gives_a_number_and_marks_the_appointment(take, book):
    appointment = book(clock_time(10, 30))
    ticket = take(25, appointment=appointment)

    appointment.refresh_from_db()
    assert (ticket.appointment, appointment.state) == (appointment, "arrived")
    assert take(26, appointment=appointment) == ticket


def test_an_arrival_on_another_day_or_after_cancelling_is_refused(take, book, front_desk):
    with pytest.raises(NotTodayError, match="11-24"):
        take(appointment=book(clock_time(10, days=1)))
    cancelled = book(clock_time(14))
    cancel_appointment(
        appointment=cancelled, reason="x", cancelled_by=front_desk, cancelled_at=at(1)
    )
    with pytest.raises(TicketMovedOnError, match="取消"):
        take(2, appointment=cancelled)


def test_a_number_leads_to_the_deal_opened_for_it_and_to_no_other(take, visit):
    ticket, one, other = take(), visit().deal, visit().deal

    link_ticket(ticket=ticket, deal=one)
    link_ticket(ticket=ticket, deal=other)

    ticket.refresh_from_db()
    assert ticket.deal == one


@pytest.mark.django_db(transaction=True)
def test_two_desks_calling_at_once_get_two_customers(organisation, take, open_store, user_with):
    """Each desk has its own connection; none of them may get a number another one has."""
    desks = [user_with("advisor") for _ in range(4)]
    for minute in range(4):
        take(minute)
    ready, got, failed = threading.Barrier(4), [], []

    def call(desk):
        try:
            with acting_for(organisation.pk):
                ready.wait(10)
                got.append(call_next(store=open_store, advisor=desk, called_at=at(9)).number)
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=call, args=[desk]) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert failed == []
    assert sorted(got) == [1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_two_who_take_numbers_at_once_get_two_numbers(organisation, open_store, front_desk):
    ready, got = threading.Barrier(3), []

    def take_one():
        try:
            with acting_for(organisation.pk):
                ready.wait(10)
                ticket = issue_ticket(
                    store=open_store,
                    call_name="",
                    is_assisted=False,
                    form_key=uuid4(),
                    issued_by=front_desk,
                    issued_at=at(0),
                )
                got.append(ticket.number)
        finally:
            connection.close()

    threads = [threading.Thread(target=take_one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(got) == [1, 2, 3]
