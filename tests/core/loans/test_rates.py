"""The solved rate against a 50-digit reference, and what is refused."""

import math
import random

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chedai.core.loans.rates import (
    NoRateError,
    SeveralRatesError,
    bisected,
    effective_rate,
    monthly_rate,
    rate_per_unit_period,
)


def reference(received_fen: int, paid_fen: list[int]) -> float:
    """Solve with 50 digits: bisection in ln v, on the whole line."""
    with mpmath.workdps(50):

        def worth(y: mpmath.mpf) -> mpmath.mpf:
            v = mpmath.exp(y)
            return mpmath.polyval([-received_fen, *paid_fen], v, asc=True)

        low, high = mpmath.mpf(-40), mpmath.mpf(40)
        while worth(low) > 0:
            low *= 2
        for _ in range(180):
            middle = (low + high) / 2
            low, high = (low, middle) if worth(middle) > 0 else (middle, high)
        return float(mpmath.expm1(-low))


NASTY = {
    "0 %": (10_000, [100] * 100),
    "1 ppm": (10_000_000, [166_667] * 60),
    "a rebate: negative": (11_300_000, [166_667] * 60),
    "half the money back": (20_000_000, [166_667] * 60),
    "fee of 50 %": (5_000_000, [193_328] * 60),
    "fee of 95 %": (500_000, [193_328] * 60),
    "fee of 99.99 %": (1_000, [193_328] * 60),
    "1 fen in one month": (1, [1]),
    "1 fen at 500 %": (1, [0] * 11 + [7]),
    "100 fen over 84 months, cleared early": (100, [2] * 71 + [0] * 13),
    "57 fen in equal parts": (57, [2] * 20 + [1] * 37 + [0] * 27),
    "balloon of everything": (10_000_000, [50_000] * 35 + [10_050_000]),
    "balloon of everything at 0 %": (10_000_000, [0] * 35 + [10_000_000]),
    "10 million yuan over 84 months": (1_000_000_000, [14_600_000] * 84),
    "500 %": (10_000_000, [4_166_700] * 60),
    "360 months": (10_000_000, [59_956] * 360),
    "free for three years": (20_000_000, [238_095] * 36 + [259_524] * 48),
    "first payment tiny, last huge": (100, [1] + [0] * 358 + [10**9]),
    "received beyond all payments": (10**12, [1] + [0] * 358 + [1]),
}


@pytest.mark.parametrize("name", NASTY)
def test_the_monthly_rate_is_right_to_ten_digits_in_nasty_cases(name: str) -> None:
    received_fen, paid_fen = NASTY[name]

    rate = monthly_rate(received_fen=received_fen, paid_fen=paid_fen)

    expected = reference(received_fen, paid_fen)
    assert rate == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_the_monthly_rate_is_right_to_ten_digits_in_60_random_contracts() -> None:
    chance = random.Random(20_261_123)
    for _ in range(60):
        months = chance.randint(1, 84)
        paid_fen = [chance.randint(0, 500_000) for _ in range(months - 1)] + [500_000]
        received_fen = max(1, int(sum(paid_fen) * chance.uniform(0.3, 1.1)))

        rate = monthly_rate(received_fen=received_fen, paid_fen=paid_fen)

        assert abs(rate - reference(received_fen, paid_fen)) < 1e-10


@given(
    st.integers(1, 10**9),
    st.lists(st.integers(0, 10**8), min_size=1, max_size=120).filter(any),
)
def test_every_contract_with_payments_has_a_rate_above_minus_one(
    received_fen: int, paid_fen: list[int]
) -> None:
    rate = monthly_rate(received_fen=received_fen, paid_fen=paid_fen)

    assert rate > -1
    assert math.copysign(1, sum(paid_fen) - received_fen) * rate >= -1e-12


@pytest.mark.parametrize(
    ("received_fen", "paid_fen"),
    [(0, [100]), (-5, [100]), (100, []), (100, [0, 0]), (100, [-50, -60]), (100, [10, -50])],
)
def test_flows_without_a_rate_are_refused(received_fen: int, paid_fen: list[int]) -> None:
    with pytest.raises(NoRateError, match=r"年化成本|平衡"):
        monthly_rate(received_fen=received_fen, paid_fen=paid_fen)


def test_flows_with_several_rates_are_refused() -> None:
    # 100 in, 230 out, 132 in: zero at 10 % and at 20 % a month.
    with pytest.raises(SeveralRatesError, match="多个利率"):
        monthly_rate(received_fen=100, paid_fen=[230, -132])


def test_one_rate_at_zero_and_one_above_are_several() -> None:
    # (1 - v)(1.1 v - 1) x 100: zero at 0 % and at 10 %.
    with pytest.raises(SeveralRatesError):
        monthly_rate(received_fen=100, paid_fen=[210, -110])


def test_a_returned_deposit_leaves_one_rate() -> None:
    # 1 000 lent less 100 of deposit; 12 x 90, the deposit back with the last.
    paid_fen = [9_000] * 11 + [-1_000]

    rate = monthly_rate(received_fen=90_000, paid_fen=paid_fen)

    worth = sum(fen / (1 + rate) ** month for month, fen in enumerate(paid_fen, start=1))
    assert worth == pytest.approx(90_000)
    assert 0 < rate < 0.02


def test_a_returned_deposit_at_no_cost_is_zero_percent() -> None:
    assert monthly_rate(received_fen=1_000, paid_fen=[100] * 12 + [-200]) == 0


def test_a_returned_deposit_with_a_rebate_is_a_small_negative_rate() -> None:
    rate = monthly_rate(received_fen=1_010, paid_fen=[100] * 12 + [-200])

    assert -0.01 < rate < 0


def test_a_large_deposit_with_a_rebate_has_the_rate_of_the_loan_not_of_the_deposit() -> None:
    # -100 w^2 + 178 w - 79.2 = 0 for the growth w = 0.88 and 0.9: the loan's rate is -10 %.
    assert monthly_rate(received_fen=1_000, paid_fen=[1_780, -792]) == pytest.approx(-0.10)


def test_several_negative_rates_are_refused_when_money_goes_back_and_forth() -> None:
    # 1000 (w - 0.9)(w - 0.8)(w - 0.7): zero at -10 %, -20 % and -30 %.
    with pytest.raises(SeveralRatesError):
        monthly_rate(received_fen=1_000, paid_fen=[2_400, -1_910, 504])


@pytest.mark.parametrize(
    ("years", "owed", "rate"), [(1 / 12, 200.0, 4095.0), (1, 20.0, -0.8), (0.5, 90.0, -0.19)]
)
def test_extreme_effective_rates_are_found(years: float, owed: float, rate: float) -> None:
    assert effective_rate([(0, 100.0), (years, -owed)]) == pytest.approx(rate)


def test_a_rate_beyond_all_bounds_is_refused() -> None:
    with pytest.raises(NoRateError, match="平衡"):
        effective_rate([(0, 1.0), (0.001, -1e6)])


def test_an_effective_rate_comes_from_any_times() -> None:
    assert effective_rate([(0, 100.0), (1, -110.0)]) == pytest.approx(0.1)
    assert effective_rate([(0, 100.0), (0.5, -110.0)]) == pytest.approx(0.21)
    assert effective_rate([(0, 100.0), (2, -81.0)]) == pytest.approx(-0.1)


def test_flows_at_one_time_are_one_flow() -> None:
    assert effective_rate([(0, 120.0), (0, -20.0), (1, -110.0)]) == pytest.approx(0.1)


def test_an_effective_rate_after_a_return_is_the_non_negative_one() -> None:
    flows = [(0, 100.0), (1, -60.0), (2, -60.0), (3, 5.0)]

    rate = effective_rate(flows)

    assert rate > 0
    assert sum(amount / (1 + rate) ** t for t, amount in flows) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("flows", [[(0, 100.0)], [(0, -100.0), (1, 110.0)], []])
def test_money_one_way_or_paid_first_has_no_effective_rate(
    flows: list[tuple[float, float]],
) -> None:
    with pytest.raises(NoRateError):
        effective_rate(flows)


def test_several_effective_rates_are_refused() -> None:
    with pytest.raises(SeveralRatesError):
        effective_rate([(0, 100.0), (1, -230.0), (2, 132.0)])


def test_a_fraction_of_a_unit_period_bears_simple_interest() -> None:
    # 100 (1 + 0.5 x 0.1)(1 + 0.1) = 115.5
    assert rate_per_unit_period([(0, 0, 100.0), (1, 0.5, -115.5)]) == pytest.approx(0.1)


def test_bisection_finds_falling_and_rising_roots() -> None:
    assert bisected(lambda x: 2 - x, 0, 5) == pytest.approx(2)
    assert bisected(lambda x: x - 2, 0, 5) == pytest.approx(2)
