"""The compiled code against the same code not compiled, move by move."""

from __future__ import annotations

import numpy as np
from tests.core.scheduling.builders import NINE, make_advisor, make_day, make_job

from chedai.core.scheduling import annealing
from chedai.core.scheduling.search import improve


def test_random_numbers_stay_below_the_limit_and_do_not_repeat_soon():
    state = np.array([88_172_645_463_325_252], dtype=np.int64)
    drawn = [annealing._below(state, 1_000_000) for _ in range(2_000)]

    assert min(drawn) >= 0
    assert max(drawn) < 1_000_000
    assert len(set(drawn)) > 1_900


def test_a_seed_means_the_same_plan():
    jobs = [make_job(n, due_slot=NINE + 2 * n, weight=2 + n % 3) for n in range(10)]
    day = make_day(advisors=[make_advisor(0), make_advisor(1)], jobs=jobs)

    assert improve(day, moves=300, seed=1) == improve(day, moves=300, seed=1)


def test_an_order_that_comes_too_late_is_impossible():
    problem = annealing.Problem(
        # due, earliest, latest, wait, drop, adds, task slots
        job=np.array([[0, 0, 5, 2, 9, 0, 0], [0, 0, 5, 2, 9, 0, 0]]),
        advisor=np.array([[1, 10, 0, 9]]),
        duration=np.array([[6], [4]]),
        free_start=np.array([[0]]),
        free_end=np.array([[12]]),
        limits=np.array([0, 10, 0]),
    )
    starts = np.zeros(3, dtype=np.int64)

    def cost(*order):
        return annealing._cost_of_order(problem, 0, np.array(order), len(order), starts)

    assert cost(0, 1) == annealing.IMPOSSIBLE  # the second would start at 6, latest is 5
    assert cost(1, 0) == 8  # the second waits four slots
