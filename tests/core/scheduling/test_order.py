from __future__ import annotations

from tests.core.scheduling.builders import NINE, make_day, make_job, make_task

from chedai.core.scheduling.day import Lock
from chedai.core.scheduling.order import bring_tasks_forward, passed_over, settle_order
from chedai.core.scheduling.plan import DayPlan, Placement, cost_of


def plan(*rows):
    return DayPlan(tuple(Placement(job, "a0", start) for job, start in rows))


def test_who_came_earlier_in_the_same_class_goes_first():
    day = make_day(jobs=[make_job(1, due_slot=NINE), make_job(2, due_slot=NINE + 1)])
    made = plan(("c2", NINE + 1), ("c1", NINE + 9))

    assert passed_over(made, day) == [("c1", "c2")]
    settled = settle_order(made, day)
    assert passed_over(settled, day) == []
    assert settled.by_job["c1"].start_slot == NINE + 1
    assert cost_of(settled, day).total == cost_of(made, day).total


def test_the_higher_class_goes_first_although_it_came_later():
    day = make_day(jobs=[make_job(1, due_slot=NINE), make_job(2, due_slot=NINE + 1, weight=3)])
    made = plan(("c1", NINE + 1), ("c2", NINE + 9))

    assert settle_order(made, day).by_job["c2"].start_slot == NINE + 1


def test_nobody_is_called_before_coming():
    day = make_day(jobs=[make_job(1, due_slot=NINE), make_job(2, due_slot=NINE + 1, weight=3)])
    made = plan(("c1", NINE), ("c2", NINE + 8))

    assert passed_over(made, day) == []


def test_who_is_left_out_takes_the_place_of_a_lower_class():
    day = make_day(jobs=[make_job(1), make_job(2, weight=3)])
    settled = settle_order(plan(("c1", NINE)), day)

    assert set(settled.by_job) == {"c2"}


def test_a_shorter_visit_may_use_a_gap():
    day = make_day(jobs=[make_job(1), make_job(2, due_slot=NINE + 1, service_minutes=10)])

    assert passed_over(plan(("c2", NINE + 1), ("c1", NINE + 5)), day) == []


def test_a_task_is_done_in_the_earliest_gap_nobody_waits_for():
    day = make_day(jobs=[make_job(1), make_task(2)])
    late = DayPlan((Placement("c1", "a0", NINE), Placement("t2", "a0", NINE + 60)))
    sooner = bring_tasks_forward(late, day)

    assert sooner.by_job["t2"].start_slot == NINE + 8
    assert sooner.by_job["c1"].start_slot == NINE


def test_a_task_locked_to_its_time_is_not_brought_forward():
    day = make_day(jobs=[make_task(2)], locks={"t2": Lock("a0", NINE + 60)})
    made = DayPlan((Placement("t2", "a0", NINE + 60),))

    assert bring_tasks_forward(made, day) == made
