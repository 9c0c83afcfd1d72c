"""Roots between 0 and 1, counted exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chedai.core.loans.roots import cumulated_sign_changes, roots_between_zero_and_one


def product(*roots_of_ten: int) -> list[int]:
    """Coefficients of the product of (10 x - root), constant first."""
    coefficients = [1]
    for root in roots_of_ten:
        shifted = [0, *(10 * c for c in coefficients)]
        scaled = [*(-root * c for c in coefficients), 0]
        coefficients = [a + b for a, b in zip(shifted, scaled, strict=True)]
    return coefficients


@given(st.sets(st.integers(1, 9), max_size=5), st.lists(st.integers(11, 30), max_size=3))
def test_every_root_inside_is_found_and_none_outside(inside: set[int], outside: list[int]) -> None:
    roots = roots_between_zero_and_one(product(*inside, *outside))

    assert roots == pytest.approx([root / 10 for root in sorted(inside)], abs=1e-9)


@pytest.mark.parametrize(
    ("coefficients", "bound"), [([1, 1, 1], 0), ([-1, 1, 1], 1), (product(3, 7), 2)]
)
def test_the_bound_counts_sign_changes(coefficients: list[int], bound: int) -> None:
    assert cumulated_sign_changes(coefficients) == bound


def test_a_touching_root_counts_as_two() -> None:
    assert len(roots_between_zero_and_one(product(3, 3))) == 2


def test_a_root_exactly_in_the_middle_is_found_once() -> None:
    assert roots_between_zero_and_one(product(2, 5, 8)) == pytest.approx([0.2, 0.5, 0.8])
