"""A store's floor simulated event by event, to ask what one more advisor would change.

Two floors simulated with the same seed meet the same customers, so that their difference is the
change and not chance.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, replace
from random import Random
from typing import Final

LONG_WAIT_MINUTES: Final = 15
HOUR_MINUTES: Final = 60


class FloorInputError(ValueError):
    """The floor cannot be simulated as described; the message says why."""


@dataclass(frozen=True, slots=True)
class Floor:
    """One store on days like this one.

    Parameters
    ----------
    arrivals_per_hour
        Expected arrivals in each hour from ``open_minute`` on.
    shifts
        Minute of the day each advisor begins and ends to take customers; a break makes two.
    service_minutes
        Mean time with a customer, buffer included.
    service_spread
        Standard deviation over mean; 1 is exponential, below that log-normal.
    """

    open_minute: int
    arrivals_per_hour: tuple[float, ...]
    shifts: tuple[tuple[int, int], ...]
    service_minutes: float
    service_spread: float = 0.6

    def __post_init__(self) -> None:
        if not self.arrivals_per_hour or min(self.arrivals_per_hour) < 0:
            raise FloorInputError("每小时到店人数须有且不为负")
        if not self.shifts or any(start >= end for start, end in self.shifts):
            raise FloorInputError("至少要有一名顾问当班，且班次首尾不颠倒")
        if not 1 <= self.service_minutes <= 480 or not 0 <= self.service_spread <= 1:
            raise FloorInputError("接待时长须在 1 到 480 分钟之间，离散程度在 0 到 1 之间")


@dataclass(frozen=True, slots=True)
class FloorOutcome:
    """What the simulated days came to; waits in minutes, of those who were received.

    Parameters
    ----------
    long_wait_share
        Part of the customers who waited more than ``LONG_WAIT_MINUTES``.
    not_received_share
        Part of the customers still waiting when the last shift ended.
    load
        Part of the shifts spent with customers.
    """

    customers: int
    wait_mean: float
    wait_p50: float
    wait_p90: float
    long_wait_share: float
    not_received_share: float
    load: float


def simulate(floor: Floor, *, days: int, seed: int) -> FloorOutcome:
    """Simulate independent days.

    Raises
    ------
    FloorInputError
        No day was asked for.
    """
    if days < 1:
        raise FloorInputError("至少要模拟一天")
    waits: list[float] = []
    missed, busy = 0, 0.0
    for number in range(days):
        # Separate draws for arrivals and service: changing one does not disturb the other.
        arrivals = _arrivals(floor, Random(f"{seed}/{number}/arrivals"))  # noqa: S311
        service = Random(f"{seed}/{number}/service")  # noqa: S311
        of_day, not_received, spent = _run(floor, arrivals, service)
        waits += of_day
        missed += not_received
        busy += spent
    waits.sort()
    count = len(waits) + missed
    available = sum(end - start for start, end in floor.shifts) * days
    return FloorOutcome(
        customers=count,
        wait_mean=sum(waits) / len(waits) if waits else 0.0,
        wait_p50=_quantile(waits, 0.5),
        wait_p90=_quantile(waits, 0.9),
        long_wait_share=sum(wait > LONG_WAIT_MINUTES for wait in waits) / count if count else 0.0,
        not_received_share=missed / count if count else 0.0,
        load=busy / available,
    )


def with_another_advisor(floor: Floor) -> Floor:
    """Return the floor with one more advisor, there from the earliest start to the latest end."""
    whole = (min(start for start, _ in floor.shifts), max(end for _, end in floor.shifts))
    return replace(floor, shifts=(*floor.shifts, whole))


def with_service_of(floor: Floor, minutes: float) -> Floor:
    """Return the floor with another mean service time."""
    return replace(floor, service_minutes=minutes)


def assumptions_of(floor: Floor, *, days: int) -> tuple[str, ...]:
    """Say in Chinese what the simulation takes for granted."""
    total = sum(floor.arrivals_per_hour)
    shape = "指数分布" if floor.service_spread == 1 else "对数正态分布"
    return (
        f"按同样的一天重复模拟 {days} 天，平均每天到店 {total:.0f} 人，每小时内随机到达（泊松）",
        f"每人接待平均 {floor.service_minutes:.0f} 分钟（含间隔），长短不一（{shape}）",
        f"{len(floor.shifts)} 个班段接待同一条队，先到先接，不挑顾问、不看技能",
        "没有人等不及离开；下班时已在接待的接待完，仍在排队的计为未接待",
        "对比各方案用同一批客户，差别只来自所改的一项",
    )


def _arrivals(floor: Floor, random: Random) -> list[float]:
    moments = []
    for hour, rate in enumerate(floor.arrivals_per_hour):
        begin = floor.open_minute + HOUR_MINUTES * hour
        time = 0.0
        while rate > 0:
            time += random.expovariate(rate / HOUR_MINUTES)
            if time >= HOUR_MINUTES:
                break
            moments.append(begin + time)
    return moments


def _run(floor: Floor, arrivals: list[float], random: Random) -> tuple[list[float], int, float]:
    """Serve one day in order of arrival; return waits, who was not received, minutes of service."""
    free = [(float(start), float(end)) for start, end in floor.shifts]
    heapq.heapify(free)
    waits: list[float] = []
    busy = 0.0
    for number, arrival in enumerate(arrivals):
        # Shifts that end before the advisor could begin are over for good.
        while free and max(arrival, free[0][0]) >= free[0][1]:
            heapq.heappop(free)
        if not free:
            return waits, len(arrivals) - number, busy
        ready, end = heapq.heappop(free)
        begin = max(arrival, ready)
        length = _service(floor, random)
        waits.append(begin - arrival)
        busy += length
        heapq.heappush(free, (begin + length, end))
    return waits, 0, busy


def _service(floor: Floor, random: Random) -> float:
    spread = floor.service_spread
    if spread == 1:
        return floor.service_minutes * random.expovariate(1.0)
    sigma = math.sqrt(math.log1p(spread * spread))
    # One draw whatever the spread, so that the customers stay the same.
    return floor.service_minutes * math.exp(sigma * random.gauss(0, 1) - sigma * sigma / 2)


def _quantile(ordered: list[float], share: float) -> float:
    if not ordered:
        return 0.0
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
