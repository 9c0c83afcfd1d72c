"""The textbook queue (Erlang C): the yardstick the simulated floor is held against."""

from __future__ import annotations

import math
from dataclasses import dataclass


class QueueOverloadedError(ValueError):
    """More work arrives than the advisors can do: the queue grows without end."""


@dataclass(frozen=True, slots=True)
class QueueAnswer:
    """The steady state of M/M/c.

    Parameters
    ----------
    load
        Part of the advisors' time taken up, below 1.
    wait_share
        Part of the customers who wait at all.
    wait_minutes
        Mean wait of all customers, those who do not wait included.
    """

    load: float
    wait_share: float
    wait_minutes: float
    leaving_per_minute: float

    def share_waiting_over(self, minutes: float) -> float:
        """Part of the customers who wait longer than ``minutes``."""
        return self.wait_share * math.exp(-self.leaving_per_minute * minutes)


def steady_queue(*, arrivals_per_hour: float, service_minutes: float, advisors: int) -> QueueAnswer:
    """Return the steady state of ``advisors`` serving one queue, all times exponential.

    Raises
    ------
    QueueOverloadedError
        The load is 1 or above.
    """
    offered = arrivals_per_hour * service_minutes / 60
    if offered >= advisors:
        raise QueueOverloadedError(
            f"每小时 {arrivals_per_hour:g} 人、每人 {service_minutes:g} 分钟，"
            f"{advisors} 名顾问忙不过来，排队会越来越长；请加人或缩短接待"
        )
    # Erlang B by its recurrence, which never overflows; Erlang C from it.
    blocked = 1.0
    for count in range(1, advisors + 1):
        blocked = offered * blocked / (count + offered * blocked)
    load = offered / advisors
    wait_share = blocked / (1 - load * (1 - blocked))
    leaving = (advisors - offered) / service_minutes
    return QueueAnswer(
        load=load,
        wait_share=wait_share,
        wait_minutes=wait_share / leaving,
        leaving_per_minute=leaving,
    )
