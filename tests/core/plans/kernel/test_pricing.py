import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.loans.strategies import loan_terms
from tests.core.plans.kernel.agreement import assert_agrees, assert_same
from tests.core.plans.kernel.contracts import METHODS, NASTY, draw, equal_instalment

from chedai.core.plans.kernel import pricing
from chedai.core.plans.kernel.columns import LoanColumns, LoanColumnsError, RateState
from chedai.core.plans.kernel.pricing import (
    is_kernel_loaded,
    load_kernel,
    price_by_kernel,
    price_by_oracle,
    price_columns,
)
from chedai.core.plans.kernel.shapes import SHAPES


@pytest.mark.parametrize("method", METHODS)
def test_kernel_agrees_with_the_oracle_in_every_fen_of_1300_random_contracts(method: str):
    chance = random.Random(f"kernel {method}")

    quotes = assert_agrees(LoanColumns.of_terms([draw(chance, method) for _ in range(1_300)]))

    is_shaped = method in SHAPES
    assert (quotes.is_scalar.mean() < 0.6) == is_shaped, "the kernel must answer for most"


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(loan_terms(), min_size=1, max_size=20))
def test_kernel_agrees_with_the_oracle_on_whatever_a_contract_can_say(rows):
    assert_agrees(LoanColumns.of_terms(rows))


@settings(max_examples=100, deadline=None)
@given(
    terms=loan_terms(principal_fen=(10_000, 10**9), plain=True),
    beside=st.tuples(*[st.integers(-2_000_000, 2_000_000)] * 4),
)
def test_payments_beside_the_schedule_enter_the_rate_as_in_the_oracle(terms, beside):
    taken, first, each, last = (np.array([fen], dtype=np.int64) for fen in beside)
    loans = LoanColumns.of(
        conditions=[terms],
        condition_index=np.zeros(1, dtype=np.int64),
        principal_fen=np.array([terms.principal_fen]),
        balloon_fen=np.array([terms.balloon_fen]),
        taken_at_start_fen=taken,
        added_first_fen=first,
        added_each_fen=each,
        added_last_fen=last,
    )

    assert_agrees(loans)


@pytest.mark.parametrize(
    ("taken_share", "state"),
    [
        (-0.2, RateState.NEGATIVE),
        (0.0, RateState.SOLVED),
        (0.5, RateState.SOLVED),
        (0.95, RateState.SOLVED),
        (0.9999, RateState.SOLVED),
        (1.0, RateState.NO_RATE),
        (1.1, RateState.NO_RATE),
    ],
)
def test_a_fee_up_to_the_principal_is_priced_and_beyond_it_named(taken_share, state):
    terms = equal_instalment(10_000_000, 36, "0.05")
    loans = LoanColumns.of(
        conditions=[terms],
        condition_index=np.zeros(1, dtype=np.int64),
        principal_fen=np.array([10_000_000]),
        taken_at_start_fen=np.array([round(10_000_000 * taken_share)]),
    )

    quotes = assert_agrees(loans)

    assert quotes.rate_state.tolist() == [state]
    assert np.isnan(quotes.irr_monthly[0]) == (state is RateState.NO_RATE)


@pytest.mark.parametrize("deposit_share", [0.05, 0.1, 0.2, 0.3])
@pytest.mark.parametrize("timing", ["arrears", "advance"])
def test_the_kernel_itself_answers_for_deposits_that_come_back(timing, deposit_share):
    principals = np.arange(50_000_00, 200_000_00, 1_777_77)
    deposits = (principals * deposit_share).astype(np.int64)
    terms = equal_instalment(
        100_000_00, 36, "0.0688", method="lease_rent", rent_timing=timing, rounding="up"
    )
    loans = LoanColumns.of(
        conditions=[terms],
        condition_index=np.zeros(len(principals), dtype=np.int64),
        principal_fen=principals,
        taken_at_start_fen=deposits,
        added_last_fen=-deposits,
    )

    quotes = assert_agrees(loans)

    assert not quotes.is_scalar.any()


def test_a_deposit_nearly_as_large_as_what_is_lent_is_left_to_the_oracle():
    loans = LoanColumns.of(
        conditions=[equal_instalment(100_000_00, 36, "0.0688")],
        condition_index=np.zeros(1, dtype=np.int64),
        principal_fen=np.array([100_000_00]),
        taken_at_start_fen=np.array([95_000_00]),
        added_last_fen=np.array([-95_000_00]),
    )

    assert assert_agrees(loans).is_scalar.all()


def test_several_rates_are_named_and_none_is_chosen():
    # Paid 23,000 and then −13,200 on 10,000: the rates are 10 % and 20 %.
    loans = LoanColumns.of(
        conditions=[equal_instalment(10_000, 2, "0")],
        condition_index=np.zeros(1, dtype=np.int64),
        principal_fen=np.array([10_000]),
        added_first_fen=np.array([18_000]),
        added_last_fen=np.array([-18_200]),
    )

    quotes = assert_agrees(loans)

    assert quotes.rate_state.tolist() == [RateState.SEVERAL_RATES]
    assert np.isnan(quotes.irr_monthly).all()


def test_two_threads_answer_as_one():
    chance = random.Random(2)
    loans = LoanColumns.of_terms([draw(chance, METHODS[row % 8]) for row in range(600)])

    assert_same(price_by_kernel(loans, threads=2), price_by_kernel(loans))


@pytest.mark.parametrize("threads", [0, 65])
def test_a_number_of_threads_out_of_bounds_is_refused(threads):
    with pytest.raises(LoanColumnsError, match="threads"):
        price_columns(LoanColumns.of_terms([NASTY["flat"]]), threads=threads)


def test_small_batches_go_to_the_oracle_and_large_ones_to_the_kernel():
    load_kernel()
    few = LoanColumns.of_terms([NASTY["no interest"]] * pricing.ROWS_MAX_OF_ORACLE)
    many = LoanColumns.of_terms([NASTY["no interest"]] * (pricing.ROWS_MAX_OF_ORACLE + 1))

    assert is_kernel_loaded()
    assert price_columns(few, with_schedules=True).is_scalar.all()
    assert not price_columns(many, with_schedules=True).is_scalar.any()


def test_before_the_kernel_is_loaded_the_oracle_takes_larger_batches():
    load_kernel.cache_clear()

    quotes = price_columns(LoanColumns.of_terms([NASTY["no interest"]] * 200))

    assert not is_kernel_loaded()
    assert quotes.is_scalar.all()


def test_no_rows_give_no_quotes():
    loans = LoanColumns.of_terms([])

    assert len(price_by_kernel(loans, with_schedules=True)) == 0
    assert len(price_by_oracle(loans, with_schedules=True)) == 0
