import numpy as np
import pytest
from tests.core.plans.compiled import compile_once

from chedai.core.plans.kernel.sweeping import sweep


def swept(rows: list[tuple[int, ...]]) -> list[int]:
    ranked = np.array(rows, dtype=np.int64).reshape(len(rows), 2)
    kept = np.full(len(rows), -1, dtype=np.int64)
    count = sweep(ranked, np.arange(len(rows), dtype=np.int64) + 100, kept)
    return kept[:count].tolist()


@pytest.fixture(autouse=True, scope="module")
def _loaded() -> None:
    compile_once()


@pytest.mark.parametrize(
    ("rows", "stay"),
    [
        ([], []),
        ([(1, 1)], [100]),
        ([(1, 1), (1, 1)], [100]),
        ([(1, 2), (2, 1)], [100, 101]),
        ([(1, 2), (2, 1), (2, 2)], [100, 101]),
        # The second beats the first for all that follow; the first stays all the same.
        ([(3, 3), (2, 3), (2, 4), (1, 9), (9, 1), (1, 8)], [100, 101, 103, 104, 105]),
        # What beats often moves forward, past rows that still matter.
        ([(1, 9), (9, 1), (5, 5), (6, 6), (5, 7), (1, 9), (9, 1)], [100, 101, 102]),
    ],
)
def test_a_row_stays_unless_an_earlier_one_equals_or_beats_it(rows, stay):
    assert swept(rows) == stay
