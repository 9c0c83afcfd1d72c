"""How long it takes to serve a customer, learned from the store's own times.

A Gamma distribution whose mean and variance lean on a prior as long as there are few
observations: ``weight_count`` observations' worth of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

# The spread of a conversation, as a share of its mean, before the store has its own: a session
# that takes half an hour on average takes between 13 and 53 minutes in nine cases of ten.
PRIOR_VARIATION: Final = 0.42
# Shorter: a slip of the hand. Longer: somebody forgot to finish. Neither says anything.
SHORTEST_MINUTES: Final = 1.0
LONGEST_MINUTES: Final = 240.0


@dataclass(frozen=True, kw_only=True)
class ServicePrior:
    """What to expect before anything was observed, and how many observations it is worth."""

    mean_minutes: int
    weight_count: int


@dataclass(frozen=True, kw_only=True)
class ServiceTimes:
    """A Gamma distribution of minutes, and how many of the store's own times are in it."""

    mean_minutes: float
    variance: float
    observed_count: int

    @property
    def shape(self) -> float:
        """The Gamma's shape, without a unit."""
        return self.mean_minutes**2 / self.variance

    @property
    def scale_minutes(self) -> float:
        """The Gamma's scale."""
        return self.variance / self.mean_minutes


def learn(observed_minutes: Sequence[float], *, prior: ServicePrior) -> ServiceTimes:
    """Shrink the mean and the variance of what was observed towards the prior.

    The variance is that of the mixture of both: it grows while they disagree.
    """
    times = [m for m in observed_minutes if SHORTEST_MINUTES <= m <= LONGEST_MINUTES]
    weight, count = float(prior.weight_count), len(times)
    prior_mean = float(prior.mean_minutes)
    prior_square = prior_mean**2 * (1 + PRIOR_VARIATION**2)
    total = weight + count
    if total == 0:
        return ServiceTimes(
            mean_minutes=prior_mean, variance=prior_square - prior_mean**2, observed_count=0
        )
    mean = (weight * prior_mean + math.fsum(times)) / total
    square = (weight * prior_square + math.fsum(m * m for m in times)) / total
    # Times that are all alike leave no spread; a Gamma needs one.
    variance = max(square - mean**2, (0.05 * mean) ** 2)
    return ServiceTimes(mean_minutes=mean, variance=variance, observed_count=count)
