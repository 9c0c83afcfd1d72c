from __future__ import annotations

import pytest

from chedai.core.scheduling.floor import (
    Floor,
    FloorInputError,
    assumptions_of,
    simulate,
    with_another_advisor,
    with_service_of,
)
from chedai.core.scheduling.queueing import steady_queue

NINE = 540
STORE = Floor(
    open_minute=NINE,
    arrivals_per_hour=(2, 4, 5, 3, 3, 5, 6, 5, 2),
    shifts=((NINE, 1080),) * 3,
    service_minutes=30,
)


def endless(advisors, service=30.0, hours=24_000):
    """One day so long that its beginning does not matter."""
    return Floor(
        open_minute=0,
        arrivals_per_hour=(5.0,) * hours,
        shifts=((0, 60 * hours + 100_000),) * advisors,
        service_minutes=service,
        service_spread=1,
    )


@pytest.mark.parametrize(("advisors", "service"), [(4, 30.0), (3, 20.0), (3, 30.0)])
def test_a_long_run_agrees_with_the_textbook_queue(advisors, service):
    expected = steady_queue(arrivals_per_hour=5, service_minutes=service, advisors=advisors)
    found = simulate(endless(advisors, service), days=1, seed=7)

    assert found.wait_mean == pytest.approx(expected.wait_minutes, rel=0.1)
    assert found.long_wait_share == pytest.approx(expected.share_waiting_over(15), abs=0.02)


def test_the_same_seed_simulates_the_same_days():
    assert simulate(STORE, days=20, seed=3) == simulate(STORE, days=20, seed=3)
    assert simulate(STORE, days=20, seed=3) != simulate(STORE, days=20, seed=4)


def test_one_more_advisor_and_a_shorter_service_each_shorten_the_wait():
    now = simulate(STORE, days=100, seed=1)
    more = simulate(with_another_advisor(STORE), days=100, seed=1)
    shorter = simulate(with_service_of(STORE, 20), days=100, seed=1)

    assert more.customers == now.customers == shorter.customers
    assert more.wait_p90 < now.wait_p90
    assert shorter.wait_p90 < now.wait_p90
    assert shorter.load < now.load


def test_who_still_queues_when_the_last_shift_ends_is_counted():
    late = Floor(
        open_minute=NINE, arrivals_per_hour=(60.0,), shifts=((NINE, NINE + 30),), service_minutes=30
    )
    found = simulate(late, days=10, seed=1)

    assert found.not_received_share > 0.9


def test_nobody_comes_to_an_empty_store():
    empty = Floor(
        open_minute=NINE, arrivals_per_hour=(0.0,), shifts=((NINE, 600),), service_minutes=30
    )
    found = simulate(empty, days=2, seed=1)

    assert (found.customers, found.wait_p90, found.load) == (0, 0.0, 0.0)


def test_equal_visits_on_one_advisor_are_counted_by_hand():
    # Spread 0: every visit takes exactly half an hour.
    one = Floor(
        open_minute=0,
        arrivals_per_hour=(0.0,) * 9 + (1.0,),
        shifts=((NINE, 1080),),
        service_minutes=30,
        service_spread=0,
    )
    found = simulate(one, days=50, seed=1)

    assert found.load * 50 * 540 == pytest.approx(30 * found.customers)


def test_the_assumptions_name_the_numbers():
    said = "\n".join(assumptions_of(STORE, days=200))

    assert "200 天" in said
    assert "平均每天到店 35 人" in said
    assert "平均 30 分钟" in said
    assert "对数正态" in said


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"arrivals_per_hour": ()}, "到店人数"),
        ({"arrivals_per_hour": (-1.0,)}, "到店人数"),
        ({"shifts": ()}, "至少要有一名顾问"),
        ({"shifts": ((600, 600),)}, "班次首尾"),
        ({"service_minutes": 0}, "接待时长"),
        ({"service_spread": 1.1}, "离散程度"),
    ],
)
def test_a_floor_that_cannot_be_simulated_is_refused(fields, message):
    with pytest.raises(FloorInputError, match=message):
        Floor(
            **{
                "open_minute": 0,
                "arrivals_per_hour": (1.0,),
                "shifts": ((0, 60),),
                "service_minutes": 30,
            }
            | fields
        )


def test_simulating_no_day_is_refused():
    with pytest.raises(FloorInputError, match="至少要模拟一天"):
        simulate(STORE, days=0, seed=1)
