import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from chedai.core.plans.dominance import dominates, front

ROWS = st.lists(st.tuples(*[st.integers(0, 4)] * 3), max_size=40)


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
