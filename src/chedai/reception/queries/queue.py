"""The queue of a store as it stands: who is called when, and how long it will take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import F, QuerySet

from chedai.core.queueing.calibration import Calibration, Told, calibrate
from chedai.core.queueing.order import (
    OrderRules,
    Standing,
    Waiting,
    callable_by,
    published_order,
)
from chedai.core.queueing.service_times import ServiceTimes, learn
from chedai.core.queueing.waiting import WaitRange, wait_ranges
from chedai.policy.day import PolicyDay
from chedai.policy.queueing import order_rules, service_prior
from chedai.reception.models import Appointment, Ticket, TicketEvent
from chedai.reception.queries.hours import present_ids
from chedai.reception.queries.scenes import policy_book
from chedai.staff.models import Store, User
from chedai.staff.scope import rows_within
from chedai.web.formats import SHANGHAI

LEARNED_FROM_DAYS: Final = 90
LEARNED_FROM_MAX: Final = 400
HAS_ADVISOR: Final = (Ticket.State.CALLED, Ticket.State.SERVING)


@dataclass(frozen=True, slots=True)
class Place:
    """One ticket in the order, with what its holder is told."""

    ticket: Ticket
    standing: Standing
    people_ahead: int
    told: WaitRange | None
    waited_minutes: int


@dataclass(frozen=True, slots=True)
class Board:
    """A store's queue at one moment."""

    store: Store
    now: datetime
    places: tuple[Place, ...]
    engaged: tuple[Ticket, ...]
    missed: tuple[Ticket, ...]
    present_ids: frozenset[int]
    times: ServiceTimes
    coming_count: int
    # What somebody who takes a number now would be told.
    newcomer: WaitRange | None
    rules: OrderRules

    def callable_by(self, advisor: User) -> tuple[Place, ...]:
        """The places this advisor may call, in order."""
        mine = {
            standing.waiting.number
            for standing in callable_by(
                [place.standing for place in self.places],
                advisor_id=advisor.pk,
                present_ids=self.present_ids,
                now=self.now,
                rules=self.rules,
            )
        }
        return tuple(place for place in self.places if place.ticket.number in mine)

    @property
    def serving(self) -> tuple[Ticket, ...]:
        return tuple(t for t in self.engaged if t.state == Ticket.State.SERVING)

    @property
    def called(self) -> tuple[Ticket, ...]:
        return tuple(t for t in self.engaged if t.state == Ticket.State.CALLED)


def local_day(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()


def policy_on(now: datetime) -> PolicyDay:
    return policy_book().on(local_day(now))


def board_of(store: Store, *, now: datetime) -> Board:
    """Read the whole queue of the day and put it into the published order."""
    policy = policy_on(now)
    rules = order_rules(policy)
    tickets = list(
        Ticket.objects.filter(store=store, day=local_day(now))
        .exclude(state__in=[Ticket.State.FINISHED, Ticket.State.ABANDONED])
        .select_related("advisor", "deal", "appointment", "appointment__advisor")
        .order_by("number")
    )
    waiting = {t.number: t for t in tickets if t.state == Ticket.State.WAITING}
    engaged = tuple(t for t in tickets if t.state in HAS_ADVISOR)
    order = published_order((waiting_of(t) for t in waiting.values()), now=now, rules=rules)
    times = service_times(store, now=now, policy=policy)
    present = present_ids(store=store, now=now) | {t.advisor_id for t in engaged if t.advisor_id}
    coming = _coming_count(store, now=now, within=timedelta(minutes=times.mean_minutes))
    ranges = wait_ranges(
        people_ahead_max=len(order) + coming,
        elapsed_minutes=[elapsed_minutes(t, now=now) for t in engaged],
        idle_count=len(present) - len({t.advisor_id for t in engaged}),
        times=times,
    )
    return Board(
        store=store,
        now=now,
        places=tuple(
            Place(
                ticket=waiting[standing.waiting.number],
                standing=standing,
                people_ahead=ahead,
                told=ranges[ahead] if ranges else None,
                waited_minutes=int((now - standing.waiting.queued_at) / timedelta(minutes=1)),
            )
            for ahead, standing in enumerate(order)
        ),
        engaged=engaged,
        missed=tuple(t for t in tickets if t.state == Ticket.State.MISSED),
        present_ids=frozenset(present),
        times=times,
        coming_count=coming,
        newcomer=ranges[-1] if ranges else None,
        rules=rules,
    )


def waiting_of(ticket: Ticket) -> Waiting:
    """Say what the order needs to know of a ticket; moments in Shanghai, as they are shown."""
    appointment = ticket.appointment
    return Waiting(
        number=ticket.number,
        arrived_at=ticket.issued_at.astimezone(SHANGHAI),
        queued_at=ticket.queued_at.astimezone(SHANGHAI),
        appointment_at=appointment.starts_at.astimezone(SHANGHAI) if appointment else None,
        is_assisted=ticket.is_assisted,
        has_returned=ticket.queued_at > ticket.issued_at,
        wanted_advisor_id=appointment.advisor_id if appointment else None,
    )


def elapsed_minutes(ticket: Ticket, *, now: datetime) -> float:
    """For how long the advisor has been with this customer; a called one has not begun."""
    return max(0.0, (now - (ticket.started_at or now)) / timedelta(minutes=1))


def service_times(store: Store, *, now: datetime, policy: PolicyDay) -> ServiceTimes:
    """Learn from the store's latest finished services."""
    finished = (
        Ticket.objects.filter(
            store=store,
            state=Ticket.State.FINISHED,
            started_at__isnull=False,
            ended_at__gt=now - timedelta(days=LEARNED_FROM_DAYS),
            ended_at__lte=now,
        )
        .order_by("-ended_at")
        .values_list("started_at", "ended_at")[:LEARNED_FROM_MAX]
    )
    minutes = [(end - start) / timedelta(minutes=1) for start, end in finished if start and end]
    return learn(minutes, prior=service_prior(policy))


def calibration_of(store: Store, *, now: datetime) -> Calibration | None:
    """Compare what customers were told with how long they waited, over the learned days."""
    rows = Ticket.objects.filter(
        store=store,
        told_high_minutes__isnull=False,
        called_at__isnull=False,
        issued_at__gt=now - timedelta(days=LEARNED_FROM_DAYS),
        # Who came back after a missed call waited for other reasons.
        queued_at__lte=F("issued_at"),
    ).values_list("told_low_minutes", "told_high_minutes", "issued_at", "called_at")
    return calibrate(
        [
            Told(
                low_minutes=low or 0,
                high_minutes=high or 0,
                waited_minutes=(called - issued) / timedelta(minutes=1),
            )
            for low, high, issued, called in rows
            if called is not None
        ]
    )


def waited_today(store: Store, *, now: datetime) -> list[float]:
    """Minutes each called customer of the day waited, in order."""
    rows = Ticket.objects.filter(
        store=store, day=local_day(now), called_at__isnull=False
    ).values_list("issued_at", "called_at")
    return sorted((called - issued) / timedelta(minutes=1) for issued, called in rows if called)


def tickets_in_scope(*, user: User) -> QuerySet[Ticket]:
    """Tickets of the stores the user may see; a ticket belongs to the store, not to a person."""
    return rows_within(Ticket.objects.all(), user)


def ticket_by_id(ticket_id: int, *, seen_by: User) -> Ticket:
    """Get a ticket in the user's reach; else Ticket.DoesNotExist."""
    return (
        tickets_in_scope(user=seen_by)
        .select_related("store", "advisor", "deal", "appointment")
        .get(pk=ticket_id)
    )


def engaged_ticket(advisor: User) -> Ticket | None:
    """The customer the advisor has called or serves."""
    return (
        Ticket.objects.filter(advisor=advisor, state__in=HAS_ADVISOR)
        .select_related("deal", "store", "appointment")
        .first()
    )


def out_of_turn_today(store: Store, *, now: datetime) -> Sequence[TicketEvent]:
    """Calls of the day that went before others, with their reasons: everybody may see them."""
    return list(
        TicketEvent.objects.filter(
            ticket__store=store,
            ticket__day=local_day(now),
            kind=TicketEvent.Kind.CALLED_OUT_OF_TURN,
        )
        .select_related("ticket", "recorded_by")
        .order_by("-id")
    )


def stores_in_reach(*, user: User) -> list[Store]:
    """Stores whose queue the user may see."""
    return list(rows_within(Store.objects.order_by("pk"), user, store="pk"))


def _coming_count(store: Store, *, now: datetime, within: timedelta) -> int:
    """Appointments that will take their turn soon and are not there yet."""
    return Appointment.objects.filter(
        store=store,
        state=Appointment.State.BOOKED,
        starts_at__gte=now,
        starts_at__lte=now + within,
    ).count()
