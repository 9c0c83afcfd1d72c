import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chedai.core.loans.rates import RateError, monthly_rate
from chedai.core.plans.rate_columns import monthly_rates


@settings(max_examples=150, deadline=None)
@given(
    received_fen=st.integers(1, 30_000_000),
    each_fen=st.integers(0, 600_000),
    last_fen=st.integers(-20_000_000, 20_000_000),
    months=st.integers(2, 84),
)
def test_every_rate_is_the_scalar_rate(
    received_fen: int, each_fen: int, last_fen: int, months: int
):
    paid = [each_fen] * (months - 1) + [last_fen]
    assume(sum(paid) > 0)
    try:
        expected = monthly_rate(received_fen=received_fen, paid_fen=paid)
    except RateError:
        expected = float("nan")

    found = monthly_rates(np.array([received_fen]), np.array(paid).reshape(months, 1))

    assert found[0] == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True)


def test_a_deposit_larger_than_the_last_rents_is_solved_as_the_scalar_does():
    # 100,000 less a deposit of 20,000; rents of 3,200 for 36 months, the deposit back at the end.
    paid = [3_200_00] * 35 + [3_200_00 - 20_000_00]

    found = monthly_rates(np.array([80_000_00]), np.array(paid).reshape(36, 1))

    assert found[0] == pytest.approx(monthly_rate(received_fen=80_000_00, paid_fen=paid), abs=1e-12)


def test_flows_with_no_single_rate_have_no_annual_cost():
    rates = monthly_rates(np.array([10]), np.array([[0], [0], [-20]]))

    assert np.isnan(rates).all()
