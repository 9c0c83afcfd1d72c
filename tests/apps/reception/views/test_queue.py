from __future__ import annotations

from uuid import uuid4

import pytest
from tests.apps.reception.conftest import at, clock_time
from tests.factories import make_store, make_user

from chedai.reception.models import Ticket
from chedai.reception.operations.hours import set_store_day
from chedai.reception.operations.queue import call_next

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


@pytest.fixture
def desk(client_of, front_desk):
    return client_of(front_desk)


@pytest.fixture
def client(client_of, advisor):
    return client_of(advisor)


def test_the_front_desk_gives_a_number_and_says_how_long(desk, open_store, advisor):
    typed = {"form_key": uuid4(), "call_name": "韩女士", "is_assisted": "on"}
    answer = desk.post("/queue/tickets/", typed, follow=True)

    said = answer.content.decode()
    assert "已取号 A001。现在就可以接待。" in said
    assert "优先照顾" in said


def test_a_number_on_a_closed_day_is_refused_with_the_reason(desk, open_store, manager):
    set_store_day(
        store=open_store,
        day=clock_time(0).date(),
        opens=None,
        closes=None,
        reason="盘点",
        recorded_by=manager,
        recorded_at=at(0),
    )
    answer = desk.post("/queue/tickets/", {"form_key": uuid4()})

    assert answer.status_code == 422
    assert "今天不营业（盘点）" in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"form_key": "x"}, "页面已过期"),
        ({"form_key": str(uuid4()), "call_name": "王" * 21}, "最多 20 个字"),
    ],
)
def test_what_is_wrong_with_a_number_is_said_at_its_field(desk, open_store, typed, said):
    answer = desk.post("/queue/tickets/", typed)

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_the_next_customer_is_open_in_two_clicks(client, take, visit):
    take(-5, call_name="韩女士")

    today = client.get("/today/").content.decode()
    assert "接待下一位" in today
    called = client.post("/queue/calls/", follow=True).content.decode()
    assert "人到了，开始接待" in called
    begun = client.post(f"/queue/tickets/{Ticket.objects.get().pk}/start/", follow=True)

    page = begun.content.decode()
    assert begun.redirect_chain[-1][0].startswith("/visits/new/?ticket=")
    assert 'value="韩女士"' in page


def test_a_visit_begun_from_a_number_belongs_to_it(client, take, open_store, advisor):
    ticket = take(-5)
    call_next(store=open_store, advisor=advisor, called_at=at(-1))
    typed = {"form_key": uuid4(), "sentence": "首付5万，15万的SUV", "ticket": ticket.pk}
    client.post("/visits/", typed)

    ticket.refresh_from_db()
    assert ticket.deal is not None
    started = client.post(f"/queue/tickets/{ticket.pk}/start/")
    assert started["Location"] == f"/deals/{ticket.deal.number}/"
    assert client.post(f"/queue/tickets/{ticket.pk}/finish/").status_code == 302


def test_two_clicks_on_the_same_button_call_one_customer(client, take):
    take(-5), take(-4)

    assert client.post("/queue/calls/").status_code == 302
    again = client.post("/queue/calls/")
    assert again.status_code == 409
    assert "A001 还在您这里" in again.content.decode()


def test_calling_out_of_turn_needs_a_reason_and_everybody_sees_it(client, desk, take):
    take(-5)
    second = take(-4)

    refused = client.post(f"/queue/tickets/{second.pk}/call/", {"reason": ""})
    assert refused.status_code == 422
    assert "要写明原因" in refused.content.decode()
    client.post(f"/queue/tickets/{second.pk}/call/", {"reason": "要赶火车"})

    shown = desk.get("/queue/").content.decode()
    assert "要赶火车" in shown
    assert "越过 A001" in shown


def test_a_missed_number_returns_and_one_who_leaves_is_gone(client, desk, take):
    ticket, other = take(-5), take(-4)
    client.post("/queue/calls/")
    client.post(f"/queue/tickets/{ticket.pk}/miss/")
    assert "过号" in desk.get("/queue/").content.decode()

    desk.post(f"/queue/tickets/{ticket.pk}/return/")
    desk.post(f"/queue/tickets/{other.pk}/departure/", {"reason": "改天"})
    states = dict(Ticket.objects.values_list("number", "state"))
    assert states == {1: "waiting", 2: "abandoned"}


def test_a_number_called_by_a_colleague_is_not_ones_own(client, take, open_store, colleague):
    ticket = take(-5)
    call_next(store=open_store, advisor=colleague, called_at=at(-1))

    assert client.post(f"/queue/tickets/{ticket.pk}/start/").status_code == 404


def test_the_front_desk_does_not_call(desk, take):
    take(-5)

    assert desk.post("/queue/calls/").status_code == 403


def test_a_number_of_another_store_is_not_found(organisation, take, client_of):
    ticket = take(-5)
    elsewhere = make_user(organisation, "advisor", store=make_store(organisation))

    answer = client_of(elsewhere).post(f"/queue/tickets/{ticket.pk}/call/", {"reason": "x"})

    assert answer.status_code == 404


def test_the_board_alone_is_answered_to_the_page_that_asks_again(client, take):
    take(-35)
    part = client.get("/queue/", headers={"HX-Request": "true"}).content.decode()

    assert part.strip().startswith("<div")
    assert "等了 35 分，过长" in part


# --- Appointments -----------------------------------------------------------------------------


def appointment_form(advisor, /, **changes) -> dict[str, object]:
    return {
        "form_key": uuid4(),
        "advisor": advisor.pk,
        "kind": "new",
        "day": "2026-11-24",
        "at": "11:00",
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"at": "24:10"}, "at", "时间写成"),
        ({"at": "23:50"}, "at", "零点"),
        ({"day": "2026-11-22"}, "at", "已经过去"),
        ({"day": "2026-02-30"}, "day", "日期写成"),
        ({"day": "9999-01-01"}, "day", "年份不对"),
        ({"day": "2027-01-01"}, "day", "14 天"),
        ({"advisor": 0}, "advisor", "没有这位顾问"),
        ({"kind": "party"}, "kind", "没有这个事由"),
        ({"deal_number": "D999999"}, "deal_number", "没有 D999999"),
    ],
)
def test_a_bad_appointment_is_refused_at_its_field(desk, open_store, advisor, changes, field, said):
    answer = desk.post("/appointments/", appointment_form(advisor, **changes))

    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'id="{field}-error"' in page
    assert said in page


def test_an_appointment_is_booked_moved_and_cancelled_at_the_desk(desk, open_store, advisor):
    booked = desk.post("/appointments/", appointment_form(advisor, call_name="韩女士"))
    place = booked["Location"]
    moved = {"advisor": advisor.pk, "day": "2026-11-24", "at": "14:00"}

    assert "请写一句原因" in desk.post(place, moved).content.decode()
    page = desk.post(place, {**moved, "reason": "客户堵车"}, follow=True).content.decode()
    assert "2026-11-24 14:00 韩女士" in page
    assert desk.post(f"{place}cancellation/", {}).status_code == 422
    desk.post(f"{place}cancellation/", {"reason": "不买了"})
    late = desk.post(place, {**moved, "reason": "又来"})
    assert late.status_code == 409
    assert "已取消" in late.content.decode()


def test_an_arrival_on_the_wrong_day_is_answered_not_done(desk, book):
    appointment = book(clock_time(11, days=1))

    answer = desk.post(f"/appointments/{appointment.pk}/arrival/")

    assert answer.status_code == 409
    assert "请先改期" in answer.content.decode()


def test_an_arrival_puts_the_customer_into_the_queue(desk, book):
    appointment = book(clock_time(10, 30))

    answer = desk.post(f"/appointments/{appointment.pk}/arrival/", follow=True)

    assert "已到店，取号 A001" in answer.content.decode()


def test_a_reminder_whose_time_came_is_shown_with_its_link_and_ticked_off(
    desk, book, settings, advisor
):
    book(clock_time(11, days=1), call_name="韩女士")
    assert "现在没有要发的" in desk.get("/reminders/").content.decode()

    settings.CHEDAI_CLOCK_FIXED_AT = clock_time(18, 5).isoformat()
    page = desk.get("/reminders/").content.decode()
    assert "韩女士您好，您约了11月24日 11:00" in page
    assert "http://testserver/a/" in page
    reminder = advisor.appointments.get().reminders.get(kind="day_before")
    desk.post(f"/reminders/{reminder.pk}/sent/")
    assert "待发送 0 条" in desk.get("/reminders/").content.decode()


# --- Hours, shifts, absences --------------------------------------------------------------------


def test_a_manager_sets_the_week_and_is_told_what_is_wrong(client_of, manager, open_store):
    manages = client_of(manager)
    wrong = {"opens_0": "09:00", "closes_0": "08:00", "opens_1": "09:00"}

    page = manages.post("/store-hours/", wrong)
    assert page.status_code == 422
    assert "跨零点" in page.content.decode()
    assert 'id="closes_1-error"' in page.content.decode()
    assert (
        manages.post("/store-hours/", {"opens_0": "10:00", "closes_0": "20:00"}).status_code == 302
    )
    assert open_store.hours.count() == 1


def test_the_week_is_the_managers_to_set(client, open_store):
    assert client.post("/store-hours/", {}).status_code == 403


def test_a_day_is_closed_and_opened_again(client_of, manager, open_store):
    manages = client_of(manager)
    manages.post("/store-hours/days/", {"day": "2026-12-24", "reason": "年会"})
    row = open_store.days.get()

    assert "年会" in manages.get("/store-hours/").content.decode()
    assert manages.post("/store-hours/days/", {"day": "x"}).status_code == 422
    manages.post(f"/store-hours/days/{row.pk}/removal/")
    assert not open_store.days.exists()


def test_shifts_over_midnight_or_twice_are_refused_at_the_field(
    client_of, manager, open_store, advisor
):
    manages = client_of(manager)
    shift = {"advisor": advisor.pk, "day": "2026-11-24", "starts": "09:00", "ends": "18:00"}

    night = manages.post("/shifts/", {**shift, "starts": "22:00", "ends": "02:00"})
    assert night.status_code == 422
    assert "跨零点" in night.content.decode()
    assert manages.post("/shifts/", shift).status_code == 302
    twice = manages.post("/shifts/", shift)
    assert twice.status_code == 422
    assert "已经有班" in twice.content.decode()
    manages.post(f"/shifts/{advisor.shifts.get().pk}/removal/")
    assert not advisor.shifts.exists()


def test_an_advisor_notes_an_absence_of_their_own_only(client, advisor, colleague, open_store):
    away = {"kind": "errand", "day": "2026-11-24", "starts": "10:00", "ends": "12:00"}

    assert client.post("/absences/", {**away, "advisor": colleague.pk}).status_code == 422
    assert client.post("/absences/", {**away, "advisor": advisor.pk}).status_code == 302
    assert "外出办理" in client.get("/shifts/").content.decode()
    assert client.post(f"/absences/{advisor.absences.get().pk}/removal/").status_code == 302
