import random

import mpmath
import numpy as np
from tests.core.plans.kernel.contracts import METHODS, draw, equal_instalment

from chedai.core.loans.schedules import build_schedule
from chedai.core.plans.kernel.columns import LoanColumns, RateState
from chedai.core.plans.kernel.pricing import price_by_kernel


def residual_of_rate(received_fen: int, paid_fen: tuple[int, ...], rate: float) -> float:
    """How far a rate is from the root, by one exact Newton step in 50 digits."""
    with mpmath.workdps(50):
        v = 1 / (1 + mpmath.mpf(rate))
        value = mpmath.fsum(fen * v**k for k, fen in enumerate(paid_fen, start=1)) - received_fen
        slope = mpmath.fsum(k * fen * v ** (k - 1) for k, fen in enumerate(paid_fen, start=1))
        return float(value / slope / v**2)


def test_rates_are_within_1e_10_of_a_root_in_50_digits():
    chance = random.Random(50)
    terms = [draw(chance, METHODS[row % len(METHODS)]) for row in range(600)]
    taken = np.array([row.principal_fen * chance.randint(-5, 60) // 100 for row in terms])
    loans = LoanColumns.of(
        conditions=terms,
        condition_index=np.arange(600),
        principal_fen=np.array([row.principal_fen for row in terms]),
        balloon_fen=np.array([row.balloon_fen for row in terms]),
        taken_at_start_fen=taken,
    )

    quotes = price_by_kernel(loans)

    solved = np.flatnonzero(quotes.rate_state <= RateState.NEGATIVE)
    assert len(solved) > 550
    for row in solved:
        schedule = build_schedule(terms[row])
        received_fen = terms[row].principal_fen - int(taken[row]) - schedule.paid_at_start_fen
        paid_fen = schedule.instalment_fen
        off = residual_of_rate(received_fen, paid_fen, float(quotes.irr_monthly[row]))
        assert abs(off) < 1e-10, terms[row]


def test_a_loan_that_costs_nothing_has_a_rate_of_exactly_zero():
    free = [equal_instalment(1_000_001 + 7 * months, months, "0") for months in range(1, 121)]

    quotes = price_by_kernel(LoanColumns.of_terms(free))

    assert quotes.irr_monthly.tolist() == [0.0] * 120
    assert set(quotes.rate_state.tolist()) == {int(RateState.SOLVED)}
