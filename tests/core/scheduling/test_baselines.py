from __future__ import annotations

from tests.core.scheduling.builders import NINE, SIX, make_advisor, make_day, make_job, make_task

from chedai.core.scheduling.baselines import first_come_first_served, greedy
from chedai.core.scheduling.day import Interval


def starts(plan):
    return {key: placed.start_slot for key, placed in plan.by_job.items()}


def test_first_come_is_first_served_whatever_the_weight():
    jobs = [make_job(1, due_slot=NINE), make_job(2, due_slot=NINE + 1, weight=4), make_task(3)]

    # Half an hour and ten minutes between are eight slots; the task fills what is left.
    plan = first_come_first_served(make_day(jobs=jobs))

    assert starts(plan) == {"c1": NINE, "c2": NINE + 8, "t3": NINE + 16}


def test_greedy_serves_the_weightiest_first():
    jobs = [make_job(1, due_slot=NINE), make_job(2, due_slot=NINE + 1, weight=4)]

    assert starts(greedy(make_day(jobs=jobs))) == {"c2": NINE + 1, "c1": NINE + 9}


def test_greedy_uses_the_gap_before_an_appointment():
    jobs = [make_job(1, due_slot=NINE + 10, weight=4), make_job(2, due_slot=NINE)]

    assert starts(greedy(make_day(jobs=jobs))) == {"c1": NINE + 10, "c2": NINE}


def test_first_come_first_served_never_calls_into_a_gap():
    late = make_advisor(0, working=(Interval(NINE + 12, SIX),))
    jobs = [
        make_job(1, due_slot=NINE, skills=frozenset()),
        make_job(2, due_slot=NINE + 30, service_minutes=20),
        make_job(3, due_slot=NINE + 31, service_minutes=5),
    ]
    plan = first_come_first_served(make_day(advisors=[late], jobs=jobs))

    assert starts(plan) == {"c1": NINE + 12, "c2": NINE + 30, "c3": NINE + 36}


def test_a_full_cap_sends_the_customer_to_somebody_else():
    advisors = [make_advisor(0, deal_room=1), make_advisor(1)]
    jobs = [make_job(n, due_slot=NINE + 20 * n, adds_deal=True) for n in range(3)]
    plan = greedy(make_day(advisors=advisors, jobs=jobs))

    assert [plan.by_job[f"c{n}"].advisor_id for n in range(3)] == ["a0", "a1", "a1"]
