from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.scheduling.builders import NINE, make_advisor, make_day, make_job
from tests.core.scheduling.strategies import days

from chedai.core.scheduling import events
from chedai.core.scheduling.day import DayInputError, Lock
from chedai.core.scheduling.plan import violations
from chedai.core.scheduling.planning import Effort, plan_day

QUICK = Effort(moves=500, restarts=1, deterministic_seconds=0)


@pytest.fixture
def day():
    return make_day(
        advisors=[make_advisor(0), make_advisor(1)],
        jobs=[make_job(n, due_slot=NINE + 2 * n) for n in range(6)],
    )


def test_what_began_before_now_is_under_way_and_stays(day):
    plan = plan_day(day, effort=QUICK)
    later = events.time_passes(day, plan, now_slot=NINE + 3)

    began = {key for key, placed in plan.by_job.items() if placed.start_slot < NINE + 3}
    assert began == set(later.locks)
    again = plan_day(later, effort=QUICK, previous=plan)
    assert all(again.by_job[key] == plan.by_job[key] for key in began)


def test_an_arrival_is_planned_without_moving_what_is_under_way(day):
    plan = plan_day(day, effort=QUICK)
    later = events.arrives(
        events.time_passes(day, plan, now_slot=NINE + 3), make_job(9, due_slot=NINE + 3)
    )
    again = plan_day(later, effort=QUICK, previous=plan)

    assert "c9" in again.by_job
    assert violations(again, later) == []


def test_a_no_show_frees_the_time_and_the_lock(day):
    locked = day.with_changes(locks={"c2": Lock("a0", NINE + 30)})
    later = events.does_not_come(locked, "c2")

    assert "c2" not in later.job_by_id
    assert later.locks == {}


def test_a_visit_that_takes_longer_pushes_what_was_locked_behind_it(day):
    locks = {
        "c0": Lock("a0", NINE, is_started=True),
        "c1": Lock("a0", NINE + 8),
        "c2": Lock("a0", NINE + 60),
        "c3": Lock("a1", NINE + 8),
    }
    later = events.takes_longer(day.with_changes(locks=locks), "c0", service_minutes=60)

    assert later.locks["c1"] == Lock("a0", None)  # the advisor stays, the time gives way
    assert later.locks["c2"] == locks["c2"]
    assert later.locks["c3"] == locks["c3"]
    assert later.job_by_id["c0"].service_minutes == 60


def test_who_falls_ill_leaves_everything_unfinished_to_others(day):
    locks = {
        "c0": Lock("a0", NINE, is_started=True),
        "c1": Lock("a0", NINE + 8, is_started=True),
        "c2": Lock("a0", NINE + 30),
    }
    later = events.leaves(
        day.with_changes(locks=locks, now_slot=NINE + 10), "a0", from_slot=NINE + 10
    )
    plan = plan_day(later, effort=QUICK)

    assert set(later.locks) == {"c0"}  # finished at NINE + 6
    assert {placed.job_id for placed in plan.of_advisor("a1")} == {f"c{n}" for n in range(1, 6)}
    assert violations(plan, later) == []


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda day: events.arrives(day, make_job(0)), "已经在今天的安排里"),
        (lambda day: events.does_not_come(day, "c99"), "没有 c99"),
        (lambda day: events.takes_longer(day, "c99", service_minutes=5), "没有 c99"),
        (lambda day: events.leaves(day, "a99", from_slot=1), "a99 不在"),
        (
            lambda day: events.time_passes(
                day.with_changes(now_slot=NINE), plan_day(day, effort=QUICK), now_slot=NINE - 1
            ),
            "时钟不能倒退",
        ),
    ],
)
def test_an_event_that_cannot_be_is_refused(day, act, message):
    with pytest.raises(DayInputError, match=message):
        act(day)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(days(most_jobs=7), st.integers(NINE, NINE + 100), st.integers(0, 2))
def test_after_sick_leave_the_new_plan_keeps_every_rule(day, moment, number):
    moment = max(moment, day.now_slot)
    plan = plan_day(day, effort=QUICK)
    later = events.time_passes(day, plan, now_slot=moment)
    if number < len(day.advisors):
        later = events.leaves(later, f"a{number}", from_slot=moment)

    assert violations(plan_day(later, effort=QUICK, previous=plan), later) == []
