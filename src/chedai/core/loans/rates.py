"""Solving for the rate of a row of cash flows.

Borrower's view throughout: received is positive, paid is negative, unless a name says otherwise.
A rate is refused rather than guessed when there is none, or when there are several.
"""

from __future__ import annotations

import math
from itertools import pairwise
from operator import itemgetter, mul
from typing import TYPE_CHECKING, Final, TypeVar

from chedai.core.loans.roots import (
    cumulated_sign_changes,
    roots_between_zero_and_one,
    sign_changes,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

STEP_ENOUGH: Final = 1e-9
"""Newton's error is squared at each step: stopping below this leaves about 1e-16."""
RETURN_AT_THE_END: Final = 2
"""Sign changes of flows received, paid, and at the end received again."""
OVERFLOW_NEAR: Final = 1e290
"""Beyond it the slope may overflow: the step is halved instead."""


class RateError(ValueError):
    """The flows have no single rate."""


class NoRateError(RateError):
    """No rate solves the flows."""


class SeveralRatesError(RateError):
    """More than one rate solves the flows; naming one would be arbitrary."""


def monthly_rate(*, received_fen: int, paid_fen: Sequence[int]) -> float:
    """Solve ``received = Σ paid_k / (1 + r)^k`` for the monthly rate ``r > −1``.

    Negative rates (more received than paid) are solved. With a return at the end (deposit) the
    equation has a second root: the only non-negative one is taken. If all are negative and money
    comes back only at the end, it is the highest, which is the loan's own as the deposit shrinks.

    Raises
    ------
    NoRateError
        Nothing is received, nothing is paid, or no rate fits. ``SeveralRatesError`` likewise.
    """
    if received_fen <= 0:
        raise NoRateError("客户实际没有拿到钱，无法计算年化成本")
    if min(paid_fen, default=0) < 0:
        return _rate_with_returns([-received_fen, *paid_fen])
    if not any(paid_fen):
        raise NoRateError("没有任何还款，无法计算年化成本")
    # + 0.0 turns a negative zero into zero.
    return math.expm1(-_log_discount(float(received_fen), paid_fen)) + 0.0


def _log_discount(received: float, paid: Sequence[int]) -> float:
    """Return ``y = ln v`` with ``received = Σ paid_k e^(k·y)``, all paid ≥ 0.

    ``ln Σ paid_k e^(k·y)`` is convex and nearly straight in y, so Newton on it, begun from the
    first two moments of the payment times, takes two or three steps.
    """
    months = range(1, len(paid) + 1)
    weighted: list[int] = list(map(mul, months, paid))
    total = float(sum(paid))
    mean_month = sum(weighted) / total
    spread = float(sum(map(mul, months, weighted))) / total - mean_month**2
    log_received = math.log(received)
    target = log_received - math.log(total)
    low, high = _bracket(target, paid)
    # ln(Σ / total) is about mean·y + spread·y²/2.
    y = target / mean_month
    y -= 0.5 * spread * y * y / mean_month
    falling = [float(fen) for fen in reversed(paid)]
    step = math.inf
    while abs(step) > STEP_ENOUGH:
        if not low <= y <= high:
            y = 0.5 * (low + high)
        value, slope = _log_value_and_slope(falling, y)
        gap = value - log_received
        low, high = (low, y) if gap > 0 else (y, high)
        step = gap / slope
        y -= step
    return y


def _bracket(target: float, paid: Sequence[int]) -> tuple[float, float]:
    """All payments lie between the first and the last month: so does the root's slope."""
    earliest = next(month for month, fen in enumerate(paid, start=1) if fen)
    latest = next(len(paid) - back for back, fen in enumerate(reversed(paid)) if fen)
    low, high = sorted((target / earliest, target / latest))
    return low - 1e-12, high + 1e-12


def _log_value_and_slope(falling: list[float], y: float) -> tuple[float, float]:
    """Return ``ln P`` and its derivative in y, ``P = Σ paid_k v^k`` by Horner's rule."""
    v = math.exp(min(y, 700.0))
    value = slope = 0.0
    for coefficient in falling:
        slope = slope * v + value
        value = value * v + coefficient
    if not value < OVERFLOW_NEAR:
        return math.inf, 1.0
    return math.log(value) + y, 1.0 + v * slope / value


def _rate_with_returns(flows: list[int]) -> float:
    """Solve ``Σ flows_k v^k = 0`` when some later flow comes back to the borrower."""
    costs_nothing = sum(flows) == 0
    if cumulated_sign_changes(flows) + costs_nothing == 0:
        discounts = []
    else:
        discounts = roots_between_zero_and_one(flows)
    rates = [1 / v - 1 for v in discounts] + [0.0] * costs_nothing
    if not rates:
        rates = [growth - 1 for growth in roots_between_zero_and_one(flows[::-1])]
        if sign_changes(flows) <= RETURN_AT_THE_END:
            rates = [max(rates)] if rates else []
    return _only(rates)


def effective_rate(flows: Iterable[tuple[float, float]]) -> float:
    """Solve ``Σ amount / (1 + R)^t = 0`` for the effective annual rate.

    Parameters
    ----------
    flows
        (years from the start, amount); received positive, paid negative. Refused with
        ``NoRateError`` when the borrower pays first or no rate fits, ``SeveralRatesError``.
    """
    ordered = sorted(flows, key=itemgetter(0))
    forces = _roots_of_discounting(ordered, lambda t, force: math.exp(-force * t))
    return math.expm1(_only(forces))


def rate_per_unit_period(flows: Iterable[tuple[int, float, float]]) -> float:
    """Solve ``Σ amount / ((1 + f·i)(1 + i)^t) = 0`` for the rate of one unit period.

    The actuarial method of US Regulation Z, Appendix J: a first odd period is ``t`` whole periods
    and a fraction ``f``, the fraction at simple interest.

    Parameters
    ----------
    flows
        (whole periods, fraction of a period, amount); received positive, paid negative. Refused
        as in ``effective_rate``.
    """
    ordered = sorted(flows, key=lambda flow: flow[0] + flow[1])
    placed = [((whole, fraction), amount) for whole, fraction, amount in ordered]

    def discount(when: tuple[int, float], force: float) -> float:
        whole, fraction = when
        rate = math.expm1(force)
        return math.exp(-force * whole) / (1 + fraction * rate)

    return math.expm1(_only(_roots_of_discounting(placed, discount)))


When = TypeVar("When")
SCAN_FORCES: Final = tuple(-4 + 0.02 * step for step in range(1001))
"""Forces of interest −4 … 16: e^−4 − 1 = −98 % to beyond eight million times a year."""


def _roots_of_discounting(
    flows: Sequence[tuple[When, float]], discount: Callable[[When, float], float]
) -> list[float]:
    """Return the forces of interest at which the flows, in order of time, are worth nothing.

    Raises
    ------
    NoRateError
        Money flows one way only, or the borrower pays before receiving anything.
    """
    merged: dict[When, float] = {}
    for when, amount in flows:
        merged[when] = merged.get(when, 0.0) + amount
    ordered = [(when, amount) for when, amount in merged.items() if amount]
    changes = sign_changes([amount for _, amount in ordered])
    if not changes or ordered[0][1] < 0:
        raise NoRateError("客户实际没有拿到钱或没有任何还款，无法计算年化成本")

    def worth(force: float) -> float:
        terms = [amount * discount(when, force) for when, amount in ordered]
        # Scaled, so that a steep discount leaves the sign readable.
        return math.fsum(terms) / max(map(abs, terms))

    if changes == 1:
        low, high = -1.0, 1.0
        while worth(low) > 0 and low > -64:
            low *= 2
        while worth(high) < 0 and high < 64:
            high *= 2
        return [bisected(worth, low, high)] if worth(low) <= 0 <= worth(high) else []
    worths = [(force, worth(force)) for force in SCAN_FORCES]
    roots = [
        bisected(worth, left[0], right[0])
        for left, right in pairwise(worths)
        if (left[1] > 0) != (right[1] > 0)
    ]
    return [root for root in roots if root > -STEP_ENOUGH] or roots


def _only(rates: list[float]) -> float:
    if not rates:
        raise NoRateError("没有任何利率能使这组现金流平衡")
    if len(rates) > 1:
        raise SeveralRatesError("这组现金流对应多个利率，不能给出唯一的年化成本")
    return rates[0]


def bisected(function: Callable[[float], float], low: float, high: float) -> float:
    """Return the root of ``function`` between two points of opposite sign, to the last bit."""
    rises = function(high) > function(low)
    while low < (middle := 0.5 * (low + high)) < high:
        if (function(middle) > 0) == rises:
            high = middle
        else:
            low = middle
    return 0.5 * (low + high)
