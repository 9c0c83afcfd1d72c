"""What one more advisor, or a shorter service, would do to the wait.

Erlang's formula for M/M/c in the long run, and a simulated day for where the formula has no
answer: more customers than can be served, or services less random than exponential ones.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from chedai.core.queueing.service_times import PRIOR_VARIATION

SIMULATED_DAYS: Final = 200
SEED: Final = 20_261_124
MINUTES_PER_HOUR: Final = 60


@dataclass(frozen=True, kw_only=True)
class Floor:
    """A store's floor: arrivals an hour, mean minutes of a service, advisors."""

    arrivals_per_hour: float
    service_minutes: float
    advisor_count: int

    @property
    def load(self) -> float:
        """Share of the advisors' time that customers ask for; from 1 on the queue only grows."""
        return self.arrivals_per_hour * self.service_minutes / MINUTES_PER_HOUR / self.advisor_count


@dataclass(frozen=True, kw_only=True)
class DayOfWaiting:
    """Waits over a day; minutes."""

    mean_minutes: float
    p50_minutes: float
    p90_minutes: float


def share_who_wait(floor: Floor) -> float:
    """Return the probability that a customer waits at all (Erlang C); 1 from a load of 1 on."""
    if floor.load >= 1:
        return 1.0
    offered = floor.load * floor.advisor_count
    blocked = 1.0
    for servers in range(1, floor.advisor_count + 1):
        blocked = offered * blocked / (servers + offered * blocked)
    return blocked / (1 - floor.load * (1 - blocked))


def mean_wait_minutes(floor: Floor) -> float | None:
    """Return the mean wait in the long run; None where the queue grows without end."""
    if floor.load >= 1:
        return None
    return share_who_wait(floor) * floor.service_minutes / _spare(floor)


def share_waiting_longer(floor: Floor, *, minutes: float) -> float:
    """Return the probability of waiting longer than ``minutes``."""
    if floor.load >= 1:
        return 1.0
    return share_who_wait(floor) * math.exp(-_spare(floor) * minutes / floor.service_minutes)


def simulate_day(floor: Floor, *, open_minutes: float) -> DayOfWaiting:
    """Simulate days that begin empty and serve everybody who came while the doors were open.

    Arrivals are Poisson, services Gamma with the usual spread, the same draws at every call.
    """
    generator = np.random.default_rng(SEED)
    waits: list[float] = []
    for _ in range(SIMULATED_DAYS):
        waits.extend(_one_day(floor, open_minutes=open_minutes, generator=generator))
    if not waits:
        return DayOfWaiting(mean_minutes=0.0, p50_minutes=0.0, p90_minutes=0.0)
    p50, p90 = np.quantile(waits, [0.5, 0.9])
    return DayOfWaiting(
        mean_minutes=float(np.mean(waits)), p50_minutes=float(p50), p90_minutes=float(p90)
    )


def _spare(floor: Floor) -> float:
    return floor.advisor_count * (1 - floor.load)


def _one_day(floor: Floor, *, open_minutes: float, generator: np.random.Generator) -> list[float]:
    count = int(generator.poisson(floor.arrivals_per_hour * open_minutes / MINUTES_PER_HOUR))
    arrivals = np.sort(generator.uniform(0, open_minutes, size=count))
    shape = PRIOR_VARIATION**-2
    services = generator.gamma(shape, floor.service_minutes / shape, size=count)
    free_at = [0.0] * floor.advisor_count
    waits = []
    for arrived, service in zip(arrivals.tolist(), services.tolist(), strict=True):
        begun = max(arrived, heapq.heappop(free_at))
        waits.append(begun - arrived)
        heapq.heappush(free_at, begun + service)
    return waits
