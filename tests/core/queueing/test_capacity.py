from __future__ import annotations

import pytest

from chedai.core.queueing.capacity import (
    Floor,
    mean_wait_minutes,
    share_waiting_longer,
    share_who_wait,
    simulate_day,
)


def floor(arrivals: float, minutes: float, advisors: int) -> Floor:
    return Floor(arrivals_per_hour=arrivals, service_minutes=minutes, advisor_count=advisors)


@pytest.mark.parametrize(
    ("asked", "minutes"),
    [
        # Closed form: C(3, 2) = 4/9, so 4/9 × 30 / 1 = 13.3.
        (floor(4, 30, 3), 13.33),
        (floor(5, 30, 3), 42.13),
        (floor(5, 30, 4), 6.40),
        (floor(5, 20, 3), 4.50),
        # One advisor: M/M/1, load/(1 − load) × service.
        (floor(1, 30, 1), 30.0),
    ],
)
def test_the_mean_wait_is_erlangs(asked, minutes):
    assert mean_wait_minutes(asked) == pytest.approx(minutes, abs=0.03)


def test_with_two_of_three_busy_four_ninths_wait_and_a_quarter_longer_than_a_quarter_of_an_hour():
    assert share_who_wait(floor(4, 30, 3)) == pytest.approx(4 / 9)
    # 4/9 × exp(−1 × 15 / 30)
    assert share_waiting_longer(floor(4, 30, 3), minutes=15) == pytest.approx(0.2696, abs=0.0005)


def test_nobody_comes_and_nobody_waits():
    assert share_who_wait(floor(0, 30, 2)) == 0
    assert simulate_day(floor(0, 30, 2), open_minutes=60).p90_minutes == 0


@pytest.mark.parametrize("arrivals", [6, 7])
def test_from_full_load_on_the_formula_has_no_answer_but_the_day_has(arrivals):
    full = floor(arrivals, 30, 3)

    assert mean_wait_minutes(full) is None
    assert share_who_wait(full) == 1
    assert share_waiting_longer(full, minutes=500) == 1
    assert 10 < simulate_day(full, open_minutes=540).mean_minutes < 120


def test_one_more_advisor_or_a_shorter_service_shortens_the_simulated_day():
    now = simulate_day(floor(5, 30, 3), open_minutes=540)
    more = simulate_day(floor(5, 30, 4), open_minutes=540)
    quicker = simulate_day(floor(5, 20, 3), open_minutes=540)

    assert more.mean_minutes < now.mean_minutes / 2
    assert quicker.mean_minutes < now.mean_minutes / 2
    assert now.p50_minutes <= now.p90_minutes
