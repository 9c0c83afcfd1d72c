"""What opens without signing in: door, number, wall, appointment, calendar."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from icalendar import Calendar
from tests.apps.reception.conftest import at, clock_time

from chedai.reception.models import Appointment, Ticket
from chedai.reception.operations.hours import make_link, revoke_queue_link
from chedai.reception.operations.queue import call_next
from chedai.reception.queries.links import link_token, token_of
from chedai.staff.isolation import acting_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


@pytest.fixture
def address(open_store, manager, advisor):
    """Make a link of a kind and give its address."""
    places = {
        "entrance": "/q/{}/",
        "wall": "/wall/{}/",
        "calendar": "/calendars/{}/appointments.ics",
    }

    def make(kind: str) -> str:
        owner = {"advisor": advisor} if kind == "calendar" else {"store": open_store}
        link = make_link(kind=kind, created_by=manager, created_at=at(0), **owner)
        return places[kind].format(link_token(link))

    return make


def appointment_address(appointment: Appointment) -> str:
    organisation_id = appointment.organisation_id
    return f"/a/{token_of('appointment', organisation_id=organisation_id, key=appointment.pk)}/"


def test_a_customer_takes_a_number_without_any_identity(address, advisor):
    phone, door = Client(), address("entrance")
    assert "取号" in phone.get(door).content.decode()

    taken = phone.post(door, {"form_key": uuid4()}, follow=True)

    page = taken.content.decode()
    assert "您的号 A001" in page
    assert "按到店先后" in page
    ticket = Ticket.objects.get()
    assert (ticket.call_name, ticket.issued_by, ticket.deal) == ("", None, None)


def test_one_phone_has_one_number_at_a_time(address, advisor):
    phone, door = Client(), address("entrance")
    for _ in range(3):
        phone.post(door, {"form_key": uuid4()})

    assert Ticket.objects.count() == 1
    assert "看我排到哪了" in phone.get(door).content.decode()
    Client().post(door, {"form_key": uuid4()})
    assert Ticket.objects.count() == 2


def test_a_number_cannot_be_taken_by_a_stale_page_or_outside_hours(address, settings):
    door = address("entrance")

    assert Client().post(door, {"form_key": "x"}).status_code == 422
    settings.CHEDAI_CLOCK_FIXED_AT = clock_time(18, 0).isoformat()
    late = Client().post(door, {"form_key": uuid4()})
    assert late.status_code == 409
    assert "不在营业时间" in late.content.decode()


def test_a_number_says_when_it_is_called_and_can_be_given_back(
    address, advisor, open_store, acting
):
    phone = Client()
    place = phone.post(address("entrance"), {"form_key": uuid4()})["Location"]
    call_next(store=open_store, advisor=advisor, called_at=at(1))

    assert "到您了" in phone.get(place).content.decode()
    assert "已经取消" in phone.post(place).content.decode()
    assert Ticket.objects.get().state == "abandoned"


def test_a_number_of_yesterday_is_over(address, settings):
    phone = Client()
    place = phone.post(address("entrance"), {"form_key": uuid4()})["Location"]

    settings.CHEDAI_CLOCK_FIXED_AT = clock_time(10, days=1).isoformat()

    assert phone.get(place).status_code == 410


def test_the_wall_shows_numbers_and_nobody(address, take, advisor, open_store):
    take(-5, call_name="韩女士"), take(-4, call_name="陶先生")
    call_next(store=open_store, advisor=advisor, called_at=at(-1))
    wall = address("wall")

    for page in (Client().get(wall), Client().get(f"{wall}numbers/")):
        shown = page.content.decode()
        assert "A001" in shown
        assert "A002" in shown
        assert "韩女士" not in shown
        assert advisor.display_name not in shown
        assert page["Cache-Control"] == "no-store, private"


def test_a_link_taken_back_and_a_forged_one_open_nothing(address, manager, open_store):
    wall = address("wall")
    link = make_link(kind="entrance", store=open_store, created_by=manager, created_at=at(0))
    revoke_queue_link(link=link, revoked_by=manager, revoked_at=at(1))

    assert Client().get(f"/q/{link_token(link)}/").status_code == 410
    token = wall.split("/")[2]
    assert Client().get(f"/wall/{token[:-1]}x/").status_code == 404
    assert Client().get(f"/q/{token}/").status_code == 404


def test_a_token_signed_for_another_organisation_leads_nowhere(
    address, organisation, other_organisation, open_store, manager
):
    link = make_link(kind="wall", store=open_store, created_by=manager, created_at=at(0))
    forged = token_of("wall", organisation_id=other_organisation.pk, key=link.pk)

    assert Client().get(f"/wall/{forged}/").status_code == 404


def test_the_calendar_holds_times_and_an_initial_and_is_read_by_calendars(address, book):
    book(clock_time(14), call_name="欧阳先生")
    answer = Client().get(address("calendar"))

    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["SUMMARY"] == "再次到店 欧某"
    assert event["DTSTART"].dt == clock_time(14)
    assert "欧阳" not in answer.content.decode()


def test_the_customer_moves_the_appointment_and_then_cancels_it(book, acting):
    appointment = book(clock_time(14))
    place, phone = appointment_address(appointment), Client()
    assert "15:00" in phone.get(place).content.decode()

    phone.post(f"{place}time/", {"starts_at": clock_time(15).isoformat()})
    appointment.refresh_from_db()
    assert appointment.starts_at == clock_time(15)
    phone.post(f"{place}cancellation/")
    appointment.refresh_from_db()
    assert appointment.state == "cancelled"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "请在下面选一个时间"),
        ("2026-11-23T15:00", "请在下面选一个时间"),
        ("nonsense", "请在下面选一个时间"),
        (clock_time(3).isoformat(), "已经过去"),
        (clock_time(23, 50).isoformat(), "零点"),
    ],
)
def test_a_time_that_cannot_be_had_is_answered_on_the_page(book, typed, said):
    place = appointment_address(book(clock_time(14)))

    answer = Client().post(f"{place}time/", {"starts_at": typed})

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_within_the_hour_before_the_customer_is_asked_to_call(book, settings):
    place = appointment_address(book(clock_time(14)))
    settings.CHEDAI_CLOCK_FIXED_AT = clock_time(13, 1).isoformat()

    assert "要改请打电话" in Client().get(place).content.decode()
    late = Client().post(f"{place}time/", {"starts_at": clock_time(16).isoformat()})
    assert late.status_code == 409
    assert "自助改期到 13:00 为止" in late.content.decode()


def test_an_appointment_that_is_over_opens_no_more(book, settings, organisation):
    place = appointment_address(book(clock_time(14)))
    settings.CHEDAI_CLOCK_FIXED_AT = clock_time(15).isoformat()

    assert Client().get(place).status_code == 410
    assert Client().get("/a/1.1.forged/").status_code == 404
    with acting_for(organisation.pk):
        assert Appointment.objects.get().state == "booked"
