from __future__ import annotations

import pytest

from chedai.core.scheduling.queueing import QueueOverloadedError, steady_queue


@pytest.mark.parametrize(
    ("arrivals", "service", "advisors", "wait", "over_15"),
    [
        # Erlang C of 3 servers at load 2.5 is 0.702: 0.702 · 60 = 42.1, 0.702 · e^(−15/60) = 0.547.
        (4, 30, 3, 13.33, 0.27),
        (5, 30, 3, 42.13, 0.547),
        (5, 30, 4, 6.40, 0.15),
        (5, 20, 3, 4.50, 0.12),
        (1, 30, 1, 30.0, 0.389),  # M/M/1: ρ / (μ − λ) = 0.5 / (1/30 − 1/60) = 30
    ],
)
def test_the_wait_is_that_of_the_textbook(arrivals, service, advisors, wait, over_15):
    answer = steady_queue(arrivals_per_hour=arrivals, service_minutes=service, advisors=advisors)

    assert answer.wait_minutes == pytest.approx(wait, rel=0.01)
    assert answer.share_waiting_over(15) == pytest.approx(over_15, abs=0.01)


def test_nobody_waits_where_nobody_comes():
    answer = steady_queue(arrivals_per_hour=0, service_minutes=30, advisors=2)

    assert (answer.wait_minutes, answer.load) == (0.0, 0.0)


def test_a_queue_without_end_is_refused():
    with pytest.raises(QueueOverloadedError, match="忙不过来"):
        steady_queue(arrivals_per_hour=6, service_minutes=30, advisors=3)
