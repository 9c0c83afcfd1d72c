"""A store's day planned, decided over and planned again: versions, locks, events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.apps.reception.day_builders import (
    ON,
    at,
    make_absence,
    make_appointment,
    make_shift,
    make_task,
    make_ticket,
)
from tests.factories import MOMENT

from chedai.audit.models import AuditEvent
from chedai.core.scheduling.plan import violations
from chedai.reception.models import PlanLock, StoreDayPlan
from chedai.reception.operations.day import (
    DayConflictError,
    lock_job,
    plan_store_day,
    release_job,
    room_for,
)
from chedai.reception.queries.day_inputs import store_day
from chedai.reception.queries.day_plans import day_plan_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from chedai.staff.models import Organisation, Store, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(user_with: Callable[..., User]) -> User:
    return user_with("advisor", display_name="许衡")


@pytest.fixture
def staffed(acting: Organisation, store: Store, advisor: User, other: User) -> Store:
    """Two advisors are there; the clock stands at ten."""
    for who in (advisor, other):
        make_shift(who)
    return store


def plan(store: Store, by: User | None = None, **changes: Any) -> StoreDayPlan | None:
    plain = {"cause": StoreDayPlan.Cause.NEWS, "made_by": by, "made_at": MOMENT}
    return plan_store_day(store=store, on=ON, **{**plain, **changes})


def lines(version: StoreDayPlan) -> dict[str, Any]:
    return {job.job_key: job for job in version.jobs.all()}


def test_a_day_is_planned_from_appointments_numbers_and_tasks(
    staffed: Store, advisor: User
) -> None:
    appointment = make_appointment(advisor, "11:00")
    ticket = make_ticket(staffed)
    task = make_task(staffed, advisor)
    version = plan(staffed)

    assert version is not None
    assert version.number == 1
    made = lines(version)
    assert set(made) == {f"A{appointment.pk}", f"T{ticket.pk}", f"F{task.pk}"}
    assert made[f"A{appointment.pk}"].advisor == advisor
    assert made[f"A{appointment.pk}"].starts_at == at("11:00")
    assert made[f"T{ticket.pk}"].starts_at == at("10:00")
    assert "按预约 11:00 准点开始" in made[f"A{appointment.pk}"].reason
    assert version.is_optimal
    assert AuditEvent.objects.filter(action="day.plan", actor_label="系统").count() == 1


def test_planning_again_without_news_writes_nothing(staffed: Store) -> None:
    make_ticket(staffed)
    version = plan(staffed)

    assert plan(staffed) == version
    assert StoreDayPlan.objects.count() == 1


def test_a_store_where_nothing_happens_has_no_plan(staffed: Store) -> None:
    assert plan(staffed) is None


def test_an_arrival_makes_the_next_version_and_the_earlier_one_stays(staffed: Store) -> None:
    make_ticket(staffed)
    earlier = plan(staffed)
    kept = lines(earlier)
    late = make_ticket(staffed, "09:58")
    version = plan(staffed)

    assert version.number == 2
    assert f"T{late.pk}" in lines(version)
    assert set(lines(earlier)) == set(kept)


def test_who_is_being_served_stays_and_the_next_waits_for_the_end(
    staffed: Store, advisor: User, other: User
) -> None:
    make_absence(other, "09:00", "18:00", kind="leave")
    serving = make_ticket(
        staffed, state="serving", advisor=advisor, started_at=at("09:50"), called_at=at("09:48")
    )
    waiting = make_ticket(staffed)
    made = lines(plan(staffed))

    assert made[f"T{serving.pk}"].is_started
    assert made[f"T{serving.pk}"].starts_at == at("09:50")
    # Half an hour from 09:50 on, ten minutes between.
    assert made[f"T{waiting.pk}"].starts_at == at("10:30")


def test_a_number_from_an_appointment_keeps_its_line(staffed: Store, advisor: User) -> None:
    appointment = make_appointment(advisor, "10:00")
    before = lines(plan(staffed))
    appointment.state = "arrived"
    appointment.save()
    make_ticket(staffed, "09:55", appointment=appointment)
    after = lines(plan(staffed))

    assert set(before) == set(after) == {f"A{appointment.pk}"}
    assert after[f"A{appointment.pk}"].starts_at == at("10:00")


def test_whose_advisor_is_away_is_received_by_somebody_else(
    staffed: Store, advisor: User, other: User
) -> None:
    appointment = make_appointment(advisor, "11:00")
    make_absence(advisor, "08:00", "20:00", kind="sick")

    assert lines(plan(staffed))[f"A{appointment.pk}"].advisor == other


def test_an_appointment_nobody_came_to_is_no_longer_planned(staffed: Store, advisor: User) -> None:
    make_appointment(advisor, "09:30")  # grace ends at 09:45, it is ten

    assert plan(staffed) is None


def test_what_does_not_fit_is_kept_with_its_reason(staffed: Store, advisor: User) -> None:
    task = make_task(staffed, advisor, service_minutes=480, travel_minutes=60)
    version = plan(staffed)

    assert version.unserved[0]["key"] == f"F{task.pk}"
    assert version.unserved[0]["reason"]


def test_a_lock_moves_the_job_and_is_kept_by_later_plans(
    staffed: Store, manager: User, other: User
) -> None:
    ticket = make_ticket(staffed)
    plan(staffed)
    version = lock_job(
        store=staffed,
        on=ON,
        job_key=f"T{ticket.pk}",
        advisor_id=other.pk,
        starts_at=at("14:00"),
        locked_by=manager,
        locked_at=MOMENT,
    )
    make_ticket(staffed)
    later = plan(staffed)

    for made in (lines(version), lines(later)):
        assert made[f"T{ticket.pk}"].starts_at == at("14:00")
        assert made[f"T{ticket.pk}"].advisor == other
        assert made[f"T{ticket.pk}"].is_locked
    assert AuditEvent.objects.filter(action="day_job.lock").count() == 1


def test_a_second_lock_replaces_the_first_and_releasing_frees_the_job(
    staffed: Store, manager: User, other: User, advisor: User
) -> None:
    ticket = make_ticket(staffed)
    for who, clock in ((other, "14:00"), (advisor, "15:00")):
        lock_job(
            store=staffed,
            on=ON,
            job_key=f"T{ticket.pk}",
            advisor_id=who.pk,
            starts_at=at(clock),
            locked_by=manager,
            locked_at=MOMENT,
        )
    assert PlanLock.objects.filter(released_at__isnull=True).get().advisor == advisor
    version = release_job(
        store=staffed, on=ON, job_key=f"T{ticket.pk}", released_by=manager, released_at=MOMENT
    )

    assert not PlanLock.objects.filter(released_at__isnull=True).exists()
    assert not lines(version)[f"T{ticket.pk}"].is_locked
    assert AuditEvent.objects.filter(action="day_job.release").count() == 1


@pytest.mark.parametrize(
    ("clock", "who", "key", "message"),
    [
        ("09:30", "other", None, "已经过了"),
        ("14:00", "manager", None, "没有班"),
        ("14:00", "other", "T999999", "不在今天的安排里"),
    ],
)
def test_a_lock_that_cannot_be_kept_is_refused(
    staffed: Store, manager: User, other: User, clock: str, who: str, key: str | None, message: str
) -> None:
    ticket = make_ticket(staffed)
    people = {"other": other, "manager": manager}
    with pytest.raises(DayConflictError, match=message):
        lock_job(
            store=staffed,
            on=ON,
            job_key=key or f"T{ticket.pk}",
            advisor_id=people[who].pk,
            starts_at=at(clock),
            locked_by=manager,
            locked_at=MOMENT,
        )
    assert not PlanLock.objects.exists()


def test_two_jobs_locked_at_once_are_refused_with_both_names(
    staffed: Store, manager: User, other: User
) -> None:
    tickets = [make_ticket(staffed) for _ in range(2)]

    def lock(ticket: Any, clock: str) -> None:
        lock_job(
            store=staffed,
            on=ON,
            job_key=f"T{ticket.pk}",
            advisor_id=other.pk,
            starts_at=at(clock),
            locked_by=manager,
            locked_at=MOMENT,
        )

    lock(tickets[0], "14:00")
    with pytest.raises(DayConflictError, match="14:30 才结束"):
        lock(tickets[1], "14:10")


def test_who_is_under_way_is_not_moved(staffed: Store, advisor: User, manager: User) -> None:
    ticket = make_ticket(staffed, state="serving", advisor=advisor, started_at=at("09:50"))
    with pytest.raises(DayConflictError, match="已经开始"):
        lock_job(
            store=staffed,
            on=ON,
            job_key=f"T{ticket.pk}",
            advisor_id=advisor.pk,
            starts_at=None,
            locked_by=manager,
            locked_at=MOMENT,
        )


def test_making_room_says_what_goes_and_writes_nothing(staffed: Store, advisor: User) -> None:
    task = make_task(staffed, advisor, service_minutes=300, travel_minutes=240)
    make_task(staffed, advisor, service_minutes=30)
    plan(staffed)
    before = StoreDayPlan.objects.count()
    day, proposal = room_for(store=staffed, on=ON, job_key=f"F{task.pk}", now=MOMENT)

    assert StoreDayPlan.objects.count() == before
    assert proposal.plan is None or violations(proposal.plan, day.day) == []
    with pytest.raises(DayConflictError, match="不在今天的安排里"):
        room_for(store=staffed, on=ON, job_key="T999999", now=MOMENT)


def test_a_stored_plan_keeps_every_hard_rule_of_its_day(staffed: Store, advisor: User) -> None:
    make_absence(advisor, "12:00", "13:00")
    make_appointment(advisor, "11:00")
    for clock in ("09:40", "09:45", "09:50", "09:55", "10:00"):
        make_ticket(staffed, clock)
    make_task(staffed, advisor, kind="errand", travel_minutes=60)
    version = plan(staffed)
    day = store_day(staffed, on=ON, now=MOMENT)

    assert violations(day_plan_of(version), day.day) == []
    assert version.cost <= version.cost_in_order_of_arrival
