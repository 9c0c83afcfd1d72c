"""How long somebody will wait, as a range.

Half of the customers wait less than its lower end (p50), four of five less than its upper
end (p80). Promise the upper, deliver the lower.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from chedai.core.queueing.service_times import ServiceTimes

DRAWS: Final = 2_000
# The same question gets the same answer on every machine.
SEED: Final = 20_261_124
LOW: Final = 0.5
HIGH: Final = 0.8
# Told in steps of five minutes: more would pretend.
STEP_MINUTES: Final = 5

Minutes = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class WaitRange:
    """Minutes, p50 to p80, in steps of five, and what it was computed from."""

    low_minutes: int
    high_minutes: int
    people_ahead: int
    advisor_count: int


def wait_range(
    *, people_ahead: int, elapsed_minutes: Sequence[float], idle_count: int, times: ServiceTimes
) -> WaitRange | None:
    """Say how long the next in line behind ``people_ahead`` will wait.

    Parameters
    ----------
    people_ahead
        How many will be called before.
    elapsed_minutes
        For each advisor who serves now: for how long already.
    idle_count
        Advisors who are there and serve nobody.

    Returns
    -------
    WaitRange or None
        None when no advisor is there: then nothing can be said.
    """
    ranges = wait_ranges(
        people_ahead_max=people_ahead,
        elapsed_minutes=elapsed_minutes,
        idle_count=idle_count,
        times=times,
    )
    return ranges[people_ahead] if ranges else None


def wait_ranges(
    *,
    people_ahead_max: int,
    elapsed_minutes: Sequence[float],
    idle_count: int,
    times: ServiceTimes,
) -> tuple[WaitRange, ...]:
    """Say it for the whole line at once: behind nobody, behind one, and so on.

    Nobody's range ends before the range of somebody ahead. Empty when no advisor is there.
    """
    advisor_count = len(elapsed_minutes) + idle_count
    if advisor_count == 0:
        return ()
    generator = np.random.default_rng(SEED)
    free_at = np.zeros((DRAWS, advisor_count))
    for place, elapsed in enumerate(elapsed_minutes):
        free_at[:, place] = _rest(elapsed, times=times, generator=generator)
    rows = np.arange(DRAWS)
    ranges = []
    for people_ahead in range(people_ahead_max + 1):
        low, high = np.quantile(free_at.min(axis=1), [LOW, HIGH])
        ranges.append(
            WaitRange(
                low_minutes=int(low // STEP_MINUTES) * STEP_MINUTES,
                high_minutes=math.ceil(high / STEP_MINUTES) * STEP_MINUTES,
                people_ahead=people_ahead,
                advisor_count=advisor_count,
            )
        )
        service = generator.gamma(times.shape, times.scale_minutes, size=DRAWS)
        free_at[rows, free_at.argmin(axis=1)] += service
    return tuple(ranges)


def _rest(elapsed: float, *, times: ServiceTimes, generator: np.random.Generator) -> Minutes:
    """Draw what is left of a service that has lasted ``elapsed`` minutes."""
    drawn = generator.gamma(times.shape, times.scale_minutes, size=DRAWS)
    longer = drawn[drawn > elapsed]
    if longer.size < DRAWS // 100:
        # Beyond all experience: what is left is anybody's guess, about the spread of one service.
        return generator.exponential(math.sqrt(times.variance), size=DRAWS)
    return np.asarray(generator.choice(longer, size=DRAWS) - elapsed, dtype=np.float64)
