from __future__ import annotations

import pytest
from tests.core.scheduling.builders import NINE, make_advisor, make_day, make_job, make_task

from chedai.core.scheduling.baselines import greedy
from chedai.core.scheduling.day import Interval
from chedai.core.scheduling.events import leaves
from chedai.core.scheduling.plan import cost_of, violations
from chedai.core.scheduling.search import improve, load_search


@pytest.fixture
def day():
    advisors = [make_advisor(n, breaks=(Interval(144, 156),), deal_room=5) for n in range(2)]
    jobs = [
        make_job(n, due_slot=NINE + 4 * n, weight=2 + n % 3, adds_deal=n % 2 == 0)
        for n in range(14)
    ]
    return make_day(advisors=advisors, jobs=[*jobs, make_task(1), make_task(2)])


@pytest.mark.parametrize("moves", [0, 1, 50, 20_000])
def test_searching_never_makes_a_plan_worse(day, moves):
    found = improve(day, moves=moves, seed=3)

    assert violations(found, day) == []
    assert cost_of(found, day).total <= cost_of(greedy(day), day).total


def test_searching_finds_what_greedy_does_not(day):
    found = improve(day, moves=20_000, seed=3)

    assert cost_of(found, day).total < cost_of(greedy(day), day).total


def test_searching_begins_from_what_is_left_of_an_older_plan(day):
    before = improve(day, moves=5_000, seed=1)
    shorter = leaves(day, "a1", from_slot=NINE + 30)
    after = improve(shorter, moves=0, seed=1, begin=before)

    assert violations(after, shorter) == []
    assert set(after.by_job) >= {placed.job_id for placed in before.of_advisor("a0")}


def test_the_compiled_search_is_there_after_loading():
    from chedai.core.scheduling import annealing

    load_search()

    assert annealing.anneal.signatures
