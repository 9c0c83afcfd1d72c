from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.plans.compiled import compile_once

from chedai.core.plans import dominance
from chedai.core.plans.dominance import (
    ATTRIBUTES,
    CHUNK_ROWS,
    basis_points,
    dominates,
    front,
)

pytestmark = pytest.mark.usefixtures("_swept_either_way")

ROWS = st.lists(st.tuples(*[st.integers(0, 4)] * 3), max_size=40)


@pytest.fixture(params=["by arrays", "by the kernel"], scope="module")
def _swept_either_way(request: pytest.FixtureRequest) -> Iterator[None]:
    compile_once()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dominance, "is_kernel_loaded", lambda: request.param == "by the kernel")
        yield


@settings(max_examples=200, deadline=None)
@given(rows=ROWS)
def test_the_front_is_what_comparing_every_pair_leaves(rows: list[tuple[int, int, int]]):
    expected = [
        i
        for i, mine in enumerate(rows)
        if not any(
            dominates(other, mine) and (other != mine or j < i)
            for j, other in enumerate(rows)
            if j != i
        )
    ]

    found = front(np.array(rows, dtype=np.int64).reshape(len(rows), 3))

    assert found.tolist() == expected


def test_an_equal_plan_counts_as_dominated():
    assert dominates((1, 2), (1, 2))
    assert dominates((1, 2), (1, 3))
    assert not dominates((1, 3), (2, 2))


def undominated(rows: np.ndarray) -> list[int]:
    """Compare every pair; of equal rows the first stays."""
    kept = []
    for i, mine in enumerate(rows):
        beats = (rows <= mine).all(axis=1)
        equal = (rows == mine).all(axis=1)
        if not (beats & ~equal).any() and not equal[:i].any():
            kept.append(i)
    return kept


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), highest=st.sampled_from([2, 6, 60, 10**6]))
def test_the_front_of_many_rows_is_the_brute_force_front(seed: int, highest: int):
    chance = np.random.default_rng(seed)
    rows = chance.integers(0, highest, size=(2 * CHUNK_ROWS + 77, len(ATTRIBUTES)))
    rows[CHUNK_ROWS:, 5] = rows[: len(rows) - CHUNK_ROWS, 5]

    assert front(rows).tolist() == undominated(rows)


def test_a_front_of_plans_that_trade_cash_for_payments_keeps_them_all():
    cash = np.arange(3 * CHUNK_ROWS)
    rows = np.zeros((len(cash), len(ATTRIBUTES)), dtype=np.int64)
    rows[:, 0], rows[:, 5] = cash[::-1], cash

    assert front(rows).tolist() == cash.tolist()


def test_no_rows_have_no_front():
    assert front(np.zeros((0, len(ATTRIBUTES)), dtype=np.int64)).tolist() == []


@pytest.mark.parametrize(
    ("apr_simple", "expected"),
    [
        (0.0, 0),
        (0.038849, 388),
        (0.03885 - 1e-13, 389),  # one solver's answer for a contract rate of 3.885 %
        (0.03885 + 1e-13, 389),  # another's
        (0.038851, 389),
        (-0.0101, -101),
    ],
)
def test_an_annual_cost_on_the_edge_is_rounded_up_by_every_solver(apr_simple: float, expected: int):
    assert basis_points(np.array([apr_simple])).tolist() == [expected]
