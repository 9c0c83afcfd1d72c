"""The jobs of a store's day: appointments, numbers in the queue, tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from chedai.core.queueing.service_times import learn
from chedai.core.scheduling.day import (
    SLOT_MINUTES,
    SLOTS_PER_DAY,
    Advisor,
    Job,
    JobKind,
    Lock,
)
from chedai.needs.chips import chip_from_json
from chedai.needs.facts import facts_from
from chedai.policy.day import PolicyDay
from chedai.policy.day_planning import JobWeights, day_rules, job_weights
from chedai.policy.queueing import appointment_rules, service_prior
from chedai.reception.models import Appointment, DayTask, NeedVersion, Ticket
from chedai.staff.models import Store
from chedai.web.formats import SHANGHAI

SERVED_LATEST: Final = 200
"""How many of the store's own service times are learned from."""
ONE_DAY: Final = timedelta(days=1)


def slot_at(moment: datetime) -> int:
    """Give the slot of the day a moment lies in, in Shanghai."""
    local = moment.astimezone(SHANGHAI)
    return (local.hour * 60 + local.minute) // SLOT_MINUTES


def moment_of(slot: int, *, on: date) -> datetime:
    """Give the moment at which a slot of a day begins."""
    midnight = datetime.combine(on, time.min, tzinfo=SHANGHAI)
    return midnight + timedelta(minutes=slot * SLOT_MINUTES)


@dataclass(frozen=True)
class _Reading:
    """What every job needs to know of the store and the policy."""

    on: date
    now: datetime
    weights: JobWeights
    usual_minutes: int
    grace: timedelta
    latest_slot: int
    skills_of_deal: Mapping[int, frozenset[str]]
    free: Mapping[str, list[tuple[int, int]]]

    def only(self, advisor_id: int, *, due_slot: int, minutes: int) -> frozenset[str]:
        """Give the advisor somebody has an appointment with.

        Anybody, when that one is not there long enough from the agreed time on.
        """
        slots = -(-minutes // SLOT_MINUTES)
        has_time = any(
            end - max(start, due_slot) >= slots for start, end in self.free.get(str(advisor_id), ())
        )
        return frozenset({str(advisor_id)}) if has_time else frozenset()


def free_spans(advisor: Advisor) -> list[tuple[int, int]]:
    """Give the slots from which and up to which the advisor is there, overtime left out."""
    spans = [(shift.start_slot, shift.end_slot) for shift in advisor.working]
    for pause in advisor.breaks:
        spans = [
            piece
            for start, end in spans
            for piece in ((start, min(end, pause.start_slot)), (max(start, pause.end_slot), end))
            if piece[0] < piece[1]
        ]
    return spans


def jobs_of(
    store: Store, on: date, *, now: datetime, policy: PolicyDay, advisors: tuple[Advisor, ...]
) -> tuple[tuple[Job, ...], dict[str, Lock]]:
    """List the jobs still open, and what is under way by job."""
    tickets = list(
        Ticket.objects.filter(store=store, day=on, state__in=["waiting", "called", "serving"])
        .select_related("appointment")
        .order_by("number")
    )
    begin = moment_of(0, on=on)
    appointments = list(
        Appointment.objects.filter(
            store=store, state="booked", starts_at__gte=begin, starts_at__lt=begin + ONE_DAY
        ).order_by("starts_at", "id")
    )
    deals = {row.deal_id for row in tickets if row.deal_id is not None}
    deals |= {row.deal_id for row in appointments if row.deal_id is not None}
    taught = frozenset().union(*(advisor.skills for advisor in advisors))
    reading = _Reading(
        on=on,
        now=now,
        weights=job_weights(policy),
        usual_minutes=usual_minutes(store, policy),
        grace=timedelta(minutes=appointment_rules(policy).grace_minutes),
        latest_slot=max((one.shift_end_slot for one in advisors), default=SLOTS_PER_DAY - 13)
        + day_rules(policy).overtime_slots_max,
        skills_of_deal=_skills(deals, taught=taught),
        free={one.id: free_spans(one) for one in advisors},
    )
    found = [_of_appointment(row, reading) for row in appointments if _may_still_come(row, reading)]
    started: dict[str, Lock] = {}
    for ticket in tickets:
        job, lock = _of_ticket(ticket, reading)
        if lock is not None and lock.advisor_id in {one.id for one in advisors}:
            started[job.id] = lock
        elif lock is not None:
            continue  # served by somebody who has no shift: nobody's time is planned
        found.append(job)
    tasks = DayTask.objects.filter(store=store, day=on, done_at__isnull=True).order_by(
        "opens", "id"
    )
    return (*found, *(_of_task(task, reading) for task in tasks)), started


def usual_minutes(store: Store, policy: PolicyDay) -> int:
    """Say how long a visit takes in this store, learned from its own, at least one slot."""
    observed = [
        (ended - started).total_seconds() / 60
        for started, ended in Ticket.objects.filter(
            store=store, state="finished", started_at__isnull=False, ended_at__isnull=False
        )
        .order_by("-ended_at")
        .values_list("started_at", "ended_at")[:SERVED_LATEST]
        if started is not None and ended is not None
    ]
    return max(SLOT_MINUTES, round(learn(observed, prior=service_prior(policy)).mean_minutes))


def _skills(deal_ids: set[int], *, taught: frozenset[str]) -> dict[int, frozenset[str]]:
    """Read off the needs what each deal asks of an advisor.

    A skill that no advisor of the day is said to have is not asked for: the store has not said
    who can do it.
    """
    if not deal_ids or not taught:
        return {}
    latest = (
        NeedVersion.objects.filter(deal_id__in=deal_ids)
        .order_by("deal_id", "-number")
        .distinct("deal_id")
    )
    found = {}
    for need in latest:
        facts = facts_from(tuple(chip_from_json(chip) for chip in need.chips))
        words = set()
        if facts.vehicle_condition == "used":
            words.add("used_car")
        if facts.vehicle_use == "commercial":
            words.add("commercial")
        found[need.deal_id] = frozenset(words) & taught
    return found


def _may_still_come(row: Appointment, reading: _Reading) -> bool:
    return reading.now <= row.starts_at + reading.grace


def _of_appointment(row: Appointment, reading: _Reading) -> Job:
    due = slot_at(row.starts_at)
    minutes = round((row.ends_at - row.starts_at).total_seconds() / 60)
    return Job(
        id=f"A{row.pk}",
        kind=JobKind.APPOINTMENT,
        label=f"{row.get_kind_display()} {row.call_name}".strip(),
        due_slot=due,
        earliest_slot=due,
        latest_slot=min(SLOTS_PER_DAY - 1, max(due, reading.latest_slot)),
        service_minutes=minutes,
        wait_weight=reading.weights.appointment,
        drop_weight=reading.weights.appointment,
        skills=reading.skills_of_deal.get(row.deal_id or 0, frozenset()),
        adds_deal=row.kind == Appointment.Kind.NEW and row.deal_id is None,
        advisor_ids=reading.only(row.advisor_id, due_slot=due, minutes=minutes),
    )


def _of_ticket(ticket: Ticket, reading: _Reading) -> tuple[Job, Lock | None]:
    """Give the job of a number, with its lock when somebody has called it."""
    booked = ticket.appointment
    came = ticket.queued_at
    is_on_time = booked is not None and came <= booked.starts_at + reading.grace
    due = slot_at(max(came, booked.starts_at) if booked is not None and is_on_time else came)
    weight = reading.weights.walk_in
    if is_on_time:
        weight = reading.weights.appointment
    elif ticket.is_assisted:
        weight = reading.weights.assisted
    minutes = reading.usual_minutes
    if booked is not None:
        minutes = round((booked.ends_at - booked.starts_at).total_seconds() / 60)
    lock = None
    if ticket.state != Ticket.State.WAITING and ticket.advisor_id is not None:
        since = ticket.started_at or ticket.called_at or reading.now
        lock = Lock(str(ticket.advisor_id), slot_at(since), is_started=True)
        due = min(due, slot_at(since))
        elapsed = (reading.now - since).total_seconds() / 60
        # Whoever sits longer than usual is taken to need one slot more.
        minutes = max(minutes, SLOT_MINUTES * (int(elapsed // SLOT_MINUTES) + 1))
    job = Job(
        id=f"T{ticket.pk}" if booked is None else f"A{booked.pk}",
        kind=JobKind.APPOINTMENT if is_on_time else JobKind.WALK_IN,
        label=f"{ticket.label} {ticket.call_name}".strip(),
        due_slot=due,
        earliest_slot=due,
        latest_slot=min(SLOTS_PER_DAY - 1, max(due, reading.latest_slot)),
        service_minutes=min(minutes, 720),
        wait_weight=weight,
        drop_weight=weight,
        skills=reading.skills_of_deal.get(ticket.deal_id or 0, frozenset()),
        adds_deal=ticket.deal_id is None,
        advisor_ids=frozenset()
        if booked is None
        else reading.only(booked.advisor_id, due_slot=due, minutes=minutes),
    )
    return job, lock


def _of_task(task: DayTask, reading: _Reading) -> Job:
    opens = (task.opens.hour * 60 + task.opens.minute) // SLOT_MINUTES
    closes = (task.closes.hour * 60 + task.closes.minute) // SLOT_MINUTES
    slots = -(-(task.service_minutes + task.travel_minutes) // SLOT_MINUTES)
    return Job(
        id=f"F{task.pk}",
        kind=JobKind.ERRAND if task.kind == DayTask.Kind.ERRAND else JobKind.FOLLOW_UP,
        label=task.label,
        due_slot=opens,
        earliest_slot=opens,
        latest_slot=max(opens, closes - slots),
        service_minutes=task.service_minutes,
        travel_minutes=task.travel_minutes,
        wait_weight=0,
        drop_weight=reading.weights.task,
        advisor_ids=frozenset() if task.advisor_id is None else frozenset({str(task.advisor_id)}),
    )
