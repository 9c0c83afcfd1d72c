from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chedai.core.queueing.calibration import Told, calibrate
from chedai.core.queueing.service_times import ServicePrior, learn
from chedai.core.queueing.waiting import wait_range, wait_ranges

TIMES = learn([], prior=ServicePrior(mean_minutes=30, weight_count=10))


def test_nobody_can_be_told_anything_when_no_advisor_is_there():
    assert wait_range(people_ahead=0, elapsed_minutes=[], idle_count=0, times=TIMES) is None


def test_an_idle_advisor_and_nobody_ahead_mean_no_wait():
    told = wait_range(people_ahead=0, elapsed_minutes=[5.0], idle_count=1, times=TIMES)

    assert told is not None
    assert (told.low_minutes, told.high_minutes) == (0, 0)


def test_the_whole_line_is_told_what_each_would_be_told_alone():
    asked = {"elapsed_minutes": [12.0], "idle_count": 1, "times": TIMES}

    line = wait_ranges(people_ahead_max=4, **asked)

    assert list(line) == [wait_range(people_ahead=ahead, **asked) for ahead in range(5)]


def test_one_ahead_of_one_idle_advisor_is_one_service_long():
    told = wait_range(people_ahead=1, elapsed_minutes=[], idle_count=1, times=TIMES)

    assert told is not None
    # Gamma with mean 30 and variation 0.42: median 28.3, 80 % quantile 39.9.
    assert (told.low_minutes, told.high_minutes) == (25, 40)


def test_a_service_beyond_all_experience_still_gets_an_answer():
    told = wait_range(people_ahead=0, elapsed_minutes=[300.0], idle_count=0, times=TIMES)

    assert told is not None
    # Exponential with mean 12.6: median 8.7, 80 % quantile about 20.
    assert told.low_minutes == 5
    assert told.high_minutes in {20, 25}


def test_the_same_question_gets_the_same_answer():
    asked = {"people_ahead": 4, "elapsed_minutes": [3.0, 17.0], "idle_count": 0, "times": TIMES}

    assert wait_range(**asked) == wait_range(**asked)


@settings(max_examples=40, deadline=None)
@given(
    ahead=st.integers(0, 12),
    elapsed=st.lists(st.floats(0, 60), max_size=4),
    idle=st.integers(0, 3),
)
def test_one_more_ahead_never_shortens_and_one_more_advisor_never_lengthens(ahead, elapsed, idle):
    def told(people_ahead, idle_count):
        return wait_range(
            people_ahead=people_ahead,
            elapsed_minutes=elapsed,
            idle_count=idle_count,
            times=TIMES,
        )

    now, more_advisors = told(ahead, idle + 1), told(ahead, idle + 2)
    more_ahead = told(ahead + 1, idle + 1)

    assert now is not None
    assert more_advisors is not None
    assert more_ahead is not None
    assert now.low_minutes <= now.high_minutes
    assert more_ahead.high_minutes >= now.high_minutes
    assert more_ahead.low_minutes >= now.low_minutes
    assert more_advisors.high_minutes <= now.high_minutes


def test_what_is_told_in_a_simulated_store_is_kept_as_promised():
    """Two advisors, three ahead, services as learned: 50 % within the median, 80 % within p80."""
    generator = np.random.default_rng(7)
    told = wait_range(people_ahead=3, elapsed_minutes=[], idle_count=2, times=TIMES)
    assert told is not None
    promises = []
    for _ in range(3_000):
        free = np.zeros(2)
        for service in generator.gamma(TIMES.shape, TIMES.scale_minutes, size=3):
            free[free.argmin()] += service
        promises.append(
            Told(
                low_minutes=told.low_minutes,
                high_minutes=told.high_minutes,
                waited_minutes=float(free.min()),
            )
        )

    kept = calibrate(promises)

    assert kept is not None
    assert kept.within_low == pytest.approx(0.45, abs=0.15)  # rounded down to five minutes
    assert 0.78 <= kept.within_high <= 0.95  # rounded up to five minutes
