"""Counting and finding roots of a whole-number polynomial between 0 and 1, without guessing.

Descartes' rule on a transformed polynomial bounds the roots in an interval; where the bound is not
0 or 1 the interval is halved (Vincent–Collins–Akritas). All in integers, so nothing is missed.
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

HALVINGS_MAX: Final = 40
"""Roots closer than 2**-40 count as two: no rate can be named between them."""


def cumulated_sign_changes(coefficients: Sequence[int]) -> int:
    """Return an upper bound, right to an even number, of the roots between 0 and 1.

    The transformed coefficients are sums of sums of the flows, hence the name.
    """
    return sign_changes(_moved_by_one(coefficients[::-1]))


def roots_between_zero_and_one(coefficients: Sequence[int]) -> list[float]:
    """Return the roots of ``Σ c_k x^k`` in the open interval, ascending; close pairs twice."""
    found: list[float] = []
    pending = [(list(coefficients), 0, 0)]  # polynomial on (0, 1), numerator of left end, halvings
    while pending:
        polynomial, left, halvings = pending.pop()
        bound = cumulated_sign_changes(polynomial)
        scale = 1 << halvings
        if bound == 1:
            found.append(_bisected(coefficients, left / scale, (left + 1) / scale))
        elif bound > 1 and halvings == HALVINGS_MAX:
            found += [left / scale] * 2
        elif bound > 1:
            degree = len(polynomial) - 1
            lower = [c << (degree - k) for k, c in enumerate(polynomial)]
            upper = _moved_by_one(lower)
            if upper[0] == 0:
                found.append((2 * left + 1) / (2 * scale))
            pending += [(lower, 2 * left, halvings + 1), (upper, 2 * left + 1, halvings + 1)]
    return sorted(found)


def sign_changes(numbers: Sequence[float]) -> int:
    """Return how often the sign turns, zeros left out."""
    signs = [number > 0 for number in numbers if number]
    return sum(left != right for left, right in pairwise(signs))


def _moved_by_one(coefficients: Sequence[int]) -> list[int]:
    """Return the coefficients of ``p(x + 1)``."""
    falling = list(coefficients[::-1])
    for end in range(len(falling), 1, -1):
        falling[:end] = accumulate(falling[:end])
    return falling[::-1]


def _bisected(coefficients: Sequence[int], low: float, high: float) -> float:
    falling = [float(c) for c in reversed(coefficients)]
    rises = _value(falling, high) > _value(falling, low)
    while low < (middle := 0.5 * (low + high)) < high:
        if (_value(falling, middle) > 0) == rises:
            high = middle
        else:
            low = middle
    return 0.5 * (low + high)


def _value(falling: Sequence[float], x: float) -> float:
    value = 0.0
    for coefficient in falling:
        value = value * x + coefficient
    return value
