"""Whether waits turned out as they were told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Told:
    """A range as the customer heard it and the wait as it was; minutes."""

    low_minutes: int
    high_minutes: int
    waited_minutes: float


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Shares of the waits within the ends of their ranges; good are 0.5 and 0.8.

    The ends are told in steps, the lower rounded down and the upper up, so a good store
    stands a little below the former and above the latter.
    """

    count: int
    within_low: float
    within_high: float
    mean_overrun_minutes: float


def calibrate(told: Sequence[Told]) -> Calibration | None:
    """Measure the ranges that were told; None before there are any."""
    if not told:
        return None
    over = [max(0.0, each.waited_minutes - each.high_minutes) for each in told]
    return Calibration(
        count=len(told),
        within_low=sum(each.waited_minutes <= each.low_minutes for each in told) / len(told),
        within_high=sum(each.waited_minutes <= each.high_minutes for each in told) / len(told),
        mean_overrun_minutes=sum(over) / len(told),
    )
