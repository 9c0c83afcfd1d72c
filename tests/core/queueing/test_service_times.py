from __future__ import annotations

import pytest

from chedai.core.queueing.service_times import PRIOR_VARIATION, ServicePrior, learn

PRIOR = ServicePrior(mean_minutes=30, weight_count=10)


def test_without_observations_the_prior_holds():
    times = learn([], prior=PRIOR)

    assert (times.mean_minutes, times.observed_count) == (30, 0)
    assert times.variance == pytest.approx((30 * PRIOR_VARIATION) ** 2)
    assert times.shape * times.scale_minutes == pytest.approx(30)


def test_ten_observations_weigh_as_much_as_the_prior():
    # (10 × 30 + 10 × 20) / 20
    assert learn([20.0] * 10, prior=PRIOR).mean_minutes == pytest.approx(25)


def test_many_observations_leave_nothing_of_the_prior():
    times = learn([18.0, 22.0] * 2_000, prior=PRIOR)

    assert times.mean_minutes == pytest.approx(20, abs=0.05)
    assert times.variance == pytest.approx(4, abs=1.2)


@pytest.mark.parametrize(("minutes", "count"), [(0.9, 0), (1.0, 1), (240.0, 1), (240.1, 0)])
def test_slips_and_forgotten_ends_are_not_learned(minutes, count):
    assert learn([minutes], prior=PRIOR).observed_count == count


def test_times_all_alike_and_no_prior_still_have_a_spread():
    times = learn([20.0] * 5, prior=ServicePrior(mean_minutes=30, weight_count=0))

    assert times.variance == pytest.approx(1.0)  # (5 % of 20)²


def test_neither_prior_nor_observations_still_answer():
    times = learn([], prior=ServicePrior(mean_minutes=30, weight_count=0))

    assert times.mean_minutes == 30
