"""A day in three stores: hours, shifts, appointments, and people who wait right now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final

from django.db import transaction

from chedai.demo.world import GROUP_CODE, World, key_of, organisation_of, person
from chedai.reception.models import StoreHours, Ticket
from chedai.reception.operations.appointments import AppointmentRefusedError, book_appointment
from chedai.reception.operations.hours import (
    make_link,
    record_absence,
    record_shift,
    set_store_day,
    set_store_hours,
)
from chedai.reception.operations.queue import (
    call_next,
    finish_service,
    issue_ticket,
    miss_call,
    start_service,
)
from chedai.reception.queries.hours import advisors_of, opening_on
from chedai.staff.isolation import acting_for, directory_window
from chedai.staff.models import Store, User
from chedai.web.formats import SHANGHAI

# Wide hours, so that the demo has an open store at whatever hour somebody looks.
OPENS: Final = time(8, 0)
CLOSES: Final = time(22, 0)
MANAGERS: Final = {
    "linjiang-east": "jiang.lan",
    "linjiang-west": "ren.shu",
    "jinxi": "bai.chuan",
}
SHIFT_DAYS: Final = 4
LEARNED_DAYS: Final = 6
# Minutes of services of the past days, and how long those customers had waited.
SERVICES: Final = (26, 34, 18, 41, 29, 22, 37, 31)
WAITS: Final = (4, 12, 0, 21, 9, 3, 16, 7)
TOLD: Final = ((5, 15), (10, 20), (0, 5), (15, 20), (10, 15), (0, 10), (15, 25), (10, 20))
NAMES: Final = ("韩女士", "", "陶先生", "葛先生", "", "米女士", "邵先生", "")


def tell(world: World) -> None:
    with directory_window():
        organisation = organisation_of(GROUP_CODE)
    with acting_for(organisation.pk):
        if StoreHours.objects.exists():
            return
        with transaction.atomic():
            for store in Store.objects.filter(code__in=MANAGERS).order_by("pk"):
                _open(store, world.now)


def _open(store: Store, now: datetime) -> None:
    manager = person(MANAGERS[store.code])
    advisors = [advisor for advisor in advisors_of(store) if advisor.store_id == store.pk]
    now = now.astimezone(SHANGHAI)
    set_store_hours(
        store=store, hours=dict.fromkeys(range(7), (OPENS, CLOSES)), set_by=manager, set_at=now
    )
    _keep_today_open(store, manager, now)
    _plan_shifts(store, advisors, manager, now)
    for kind in ("entrance", "wall"):
        make_link(kind=kind, store=store, created_by=manager, created_at=now)
    _remember_services(store, advisors, now)
    _take_appointments(store, advisors, manager, now)
    _let_wait(store, advisors, now)


def _keep_today_open(store: Store, manager: User, now: datetime) -> None:
    if opening_on(store, now.date()).span is None:
        set_store_day(
            store=store,
            day=now.date(),
            opens=OPENS,
            closes=CLOSES,
            reason="节日照常营业",
            recorded_by=manager,
            recorded_at=now,
        )


def _plan_shifts(store: Store, advisors: Sequence[User], manager: User, now: datetime) -> None:
    for offset in range(SHIFT_DAYS):
        day = now.date() + timedelta(days=offset)
        for advisor in advisors:
            record_shift(
                store=store,
                advisor=advisor,
                day=day,
                starts=OPENS,
                ends=CLOSES,
                recorded_by=manager,
                recorded_at=now,
            )
    noon = datetime.combine(now.date() + timedelta(days=1), time(12, 30), tzinfo=SHANGHAI)
    for n, advisor in enumerate(advisors):
        record_absence(
            advisor=advisor,
            kind="meal",
            starts_at=noon + timedelta(minutes=30 * n),
            ends_at=noon + timedelta(minutes=30 * n + 30),
            recorded_by=manager,
            recorded_at=now,
        )


def _remember_services(store: Store, advisors: Sequence[User], now: datetime) -> None:
    """Finished numbers of the past days, from which the store's own times are learned."""
    tickets = []
    for back in range(1, LEARNED_DAYS + 1):
        day = now.date() - timedelta(days=back)
        doors = datetime.combine(day, time(9, 30), tzinfo=SHANGHAI)
        for n, (service, wait) in enumerate(zip(SERVICES, WAITS, strict=True)):
            came = doors + timedelta(minutes=55 * n + 7 * back)
            called = came + timedelta(minutes=wait)
            tickets.append(
                Ticket(
                    organisation_id=store.organisation_id,
                    store=store,
                    day=day,
                    number=n + 1,
                    state=Ticket.State.FINISHED,
                    advisor=advisors[(n + back) % len(advisors)],
                    issued_at=came,
                    queued_at=came,
                    called_at=called,
                    started_at=called,
                    ended_at=called + timedelta(minutes=service + back),
                    told_low_minutes=TOLD[n][0],
                    told_high_minutes=TOLD[n][1],
                    form_key=key_of(store.code, "past", back, n),
                )
            )
    Ticket.objects.bulk_create(tickets)


def _take_appointments(
    store: Store, advisors: Sequence[User], manager: User, now: datetime
) -> None:
    begin = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
    kinds = ("new", "revisit", "signing", "new")
    for n, (advisor, kind) in enumerate((a, k) for a in advisors for k in kinds):
        starts_at = begin + timedelta(hours=n % len(kinds) + (22 if n % 2 else 0))
        try:
            book_appointment(
                store=store,
                advisor=advisor,
                kind=kind,
                starts_at=starts_at,
                call_name=NAMES[n % len(NAMES)],
                form_key=key_of(store.code, "appointment", n),
                booked_by=manager,
                booked_at=now - timedelta(minutes=50),
            )
        except AppointmentRefusedError:
            # Late in the evening the hours after this one are no time to meet.
            continue


def _let_wait(store: Store, advisors: Sequence[User], now: datetime) -> None:
    """Came in the past hour and a half: one is being served, one missed the call, some wait."""
    came = (85, 60, 34, 22, 15, 6)
    if (now - timedelta(minutes=came[0])).date() != now.date():
        return  # just after midnight nobody has been there yet
    for n, minutes in enumerate(came):
        issue_ticket(
            store=store,
            call_name=NAMES[n],
            is_assisted=n == 4,
            form_key=key_of(store.code, "today", n),
            issued_by=None,
            issued_at=now - timedelta(minutes=minutes),
        )
    served = advisors[-1]
    ticket = call_next(store=store, advisor=served, called_at=now - timedelta(minutes=70))
    start_service(ticket=ticket, started_by=served, started_at=ticket.called_at or now)
    finish_service(ticket=ticket, finished_by=served, finished_at=now - timedelta(minutes=31))
    missed = call_next(store=store, advisor=served, called_at=now - timedelta(minutes=30))
    miss_call(ticket=missed, missed_by=served, missed_at=now - timedelta(minutes=27))
    if len(advisors) > 1:
        ticket = call_next(store=store, advisor=served, called_at=now - timedelta(minutes=12))
        start_service(ticket=ticket, started_by=served, started_at=now - timedelta(minutes=11))
