"""Monthly rates of many rows of payments at once: months as rows, contracts as columns."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from chedai.core.loans.rates import RateError, monthly_rate

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NEWTON_STEPS: Final = 6
BRACKETED_STEPS_MAX: Final = 80
MOVED_ENOUGH: Final = 1e-12
"""Newton squares its error: the step after one as small is below the noise of float64."""


def monthly_rates(received_fen: Ints, paid_fen: Ints) -> Floats:
    """Solve one monthly rate per column: Newton on ``ln Σ paid v^k = ln received``.

    Rows are months. NaN where nothing is received or no single rate exists.
    """
    rates = np.full(received_fen.shape, np.nan)
    plain = (received_fen > 0) & (paid_fen >= 0).all(axis=0) & (paid_fen.sum(axis=0) > 0)
    if plain.any():
        rates[plain] = _newton(received_fen[plain].astype(float), paid_fen[:, plain].astype(float))
    returned = _is_dear_and_returned(received_fen, paid_fen)
    if returned.any():
        rates[returned] = _bracketed(
            received_fen[returned].astype(float), paid_fen[:, returned].astype(float)
        )
    for lane in np.flatnonzero(~plain & ~returned & (received_fen > 0)):
        rates[lane] = _scalar_rate(int(received_fen[lane]), paid_fen[:, lane])
    return rates


def _newton(received: Floats, paid: Floats) -> Floats:
    months = np.arange(1, len(paid) + 1, dtype=float)
    total = paid.sum(axis=0)
    mean = months @ paid / total
    spread = (months**2) @ paid / total - mean**2
    target = np.log(received / total)
    y = target / mean
    y -= 0.5 * spread * y * y / mean
    for _ in range(NEWTON_STEPS):
        v = np.exp(y)
        value, slope = _value_and_slope(v, paid)
        y -= (np.log(value) + y - np.log(received)) / (1.0 + v * slope / value)
    rates: Floats = np.expm1(-y)
    return rates


def _is_dear_and_returned(received_fen: Ints, paid_fen: Ints) -> NDArray[np.bool_]:
    """Say where money comes back in the last month alone, and the credit still costs something.

    The signs of the flows turn twice, and paid less received turns between a discount of 0 and
    of 1: there is one root in between (Descartes), and so one rate that is not negative.
    """
    is_dear = (paid_fen.sum(axis=0) > received_fen) & (received_fen > 0)
    found: NDArray[np.bool_] = is_dear & (paid_fen[-1] < 0) & (paid_fen[:-1] >= 0).all(axis=0)
    return found


def _bracketed(received: Floats, paid: Floats) -> Floats:
    """Newton on ``Σ paid v^k = received``, halving where a step leaves the bracket."""
    low, high = np.zeros_like(received), np.ones_like(received)
    v = high - 1 / 128
    for _ in range(BRACKETED_STEPS_MAX):
        value, slope = _value_and_slope(v, paid)
        gap = value * v - received
        low, high = np.where(gap < 0, v, low), np.where(gap < 0, high, v)
        step = gap / (value + v * slope)
        following = v - step
        is_out = ~((following > low) & (following < high)) & (np.abs(step) > MOVED_ENOUGH)
        following = np.where(is_out, 0.5 * (low + high), following)
        moved, v = np.abs(following - v).max(), following
        if moved < MOVED_ENOUGH:
            break
    rates: Floats = 1 / v - 1
    return rates


def _value_and_slope(v: Floats, paid: Floats) -> tuple[Floats, Floats]:
    value = np.zeros_like(v)
    slope = np.zeros_like(v)
    for row in paid[::-1]:
        slope = slope * v + value
        value = value * v + row
    return value, slope


def _scalar_rate(received_fen: int, paid_fen: Ints) -> float:
    try:
        return monthly_rate(received_fen=received_fen, paid_fen=[int(fen) for fen in paid_fen])
    except RateError:
        return float("nan")
