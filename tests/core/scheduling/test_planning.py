from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from tests.core.scheduling.builders import (
    NINE,
    SIX,
    least_cost,
    make_advisor,
    make_day,
    make_job,
    make_task,
)
from tests.core.scheduling.strategies import days

from chedai.core.scheduling.baselines import first_come_first_served, greedy
from chedai.core.scheduling.day import Interval, Lock
from chedai.core.scheduling.order import passed_over
from chedai.core.scheduling.plan import cost_of, violations
from chedai.core.scheduling.planning import MORNING, Effort, plan_day, replanning_effort
from chedai.core.scheduling.room import unserved

SMALL = Effort(moves=2_000, restarts=2, deterministic_seconds=0.5)
THOROUGH = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@THOROUGH
@given(days())
def test_every_plan_keeps_every_hard_rule_and_is_never_worse_than_a_baseline(day):
    plan = plan_day(day, effort=SMALL)

    assert violations(plan, day) == []
    assert passed_over(plan, day) == []
    for baseline in (greedy(day), first_come_first_served(day)):
        assert violations(baseline, day) == []
        assert cost_of(plan, day).total <= cost_of(baseline, day).total


@THOROUGH
@given(days())
def test_every_customer_is_served_or_told_why_not(day):
    plan = plan_day(day, effort=SMALL)
    told = {row.job.id for row in unserved(plan, day) if row.reason}

    assert told | set(plan.by_job) == set(day.job_by_id)
    assert told & set(plan.by_job) == set()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(days(most_jobs=4, most_advisors=2))
def test_a_plan_called_optimal_costs_what_trying_everything_finds(day):
    plan = plan_day(day, effort=SMALL)

    assert plan.is_optimal
    assert cost_of(plan, day).total == least_cost(day)


@pytest.mark.parametrize("seed", range(12))
def test_a_crowded_half_hour_is_planned_as_well_as_trying_everything(seed):
    random = Random(seed)
    advisors = [
        make_advisor(0, skills=frozenset({"used_car"}), working=(Interval(NINE, NINE + 18),)),
        make_advisor(1, pace_percent=130, breaks=(Interval(NINE + 8, NINE + 12),), deal_room=2),
    ]
    jobs = [
        make_job(
            n,
            due_slot=NINE + random.randrange(6),
            weight=random.randint(1, 4),
            service_minutes=random.choice((15, 30, 45)),
            adds_deal=random.random() < 0.5,
            skills=frozenset({"used_car"} if random.random() < 0.3 else ()),
        )
        for n in range(4)
    ]
    day = make_day(advisors=advisors, jobs=jobs)
    plan = plan_day(day, effort=SMALL)

    assert plan.is_optimal
    assert violations(plan, day) == []
    assert cost_of(plan, day).total == least_cost(day)


@pytest.fixture
def busy_day():
    advisors = [make_advisor(n, breaks=(Interval(144, 156),)) for n in range(2)]
    jobs = [make_job(n, due_slot=NINE + 5 * n, weight=2 + n % 3) for n in range(14)]
    return make_day(advisors=advisors, jobs=[*jobs, make_task(20), make_task(21)])


def test_the_same_seed_gives_the_same_plan(busy_day):
    assert plan_day(busy_day, effort=SMALL) == plan_day(busy_day, effort=SMALL)


def test_planning_again_without_news_moves_nobody(busy_day):
    plan = plan_day(busy_day, effort=SMALL)
    again = plan_day(busy_day, effort=replanning_effort(16), previous=plan)

    assert again.by_job == plan.by_job


def test_locked_and_started_work_stays_where_it_is(busy_day):
    locks = {"c3": Lock("a1", NINE + 30), "c0": Lock("a0", NINE, is_started=True), "c5": Lock("a1")}
    day = busy_day.with_changes(locks=locks, now_slot=NINE + 2)
    plan = plan_day(day, effort=SMALL)

    assert plan.by_job["c3"].start_slot == NINE + 30
    assert plan.by_job["c0"].start_slot == NINE
    assert plan.by_job["c5"].advisor_id == "a1"
    assert violations(plan, day) == []


def test_a_day_without_jobs_or_advisors_has_the_empty_plan():
    assert plan_day(make_day(jobs=[]), effort=MORNING).placements == ()
    nobody = plan_day(make_day(advisors=[]), effort=MORNING)
    assert (nobody.placements, nobody.is_optimal) == ((), True)


def test_without_the_exact_model_nothing_is_called_proven(busy_day):
    plan = plan_day(busy_day, effort=Effort(moves=100, restarts=1, deterministic_seconds=0))

    assert not plan.is_optimal


def test_what_cannot_be_done_in_time_is_left_and_the_weightier_is_kept():
    jobs = [
        make_job(1, due_slot=SIX, latest_slot=SIX, weight=2),
        make_job(2, due_slot=SIX, latest_slot=SIX, weight=4),
    ]
    plan = plan_day(make_day(jobs=jobs), effort=SMALL)

    assert set(plan.by_job) == {"c2"}


def test_more_effort_is_spent_on_a_large_day():
    assert replanning_effort(70).deterministic_seconds > replanning_effort(36).deterministic_seconds
