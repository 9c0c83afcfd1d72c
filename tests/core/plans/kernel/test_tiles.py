import numpy as np

from chedai.core.plans.kernel.tiles import LANES, arrange, line_of


def test_rows_are_sorted_by_layout_and_keep_their_order():
    condition = np.array([2, 0, 1, 0, 2, 1])
    layout = np.array([1, 0, 1])  # conditions 0 and 2 look alike
    starts = np.zeros(3, dtype=np.int64)
    order = np.zeros(6, dtype=np.int32)

    arrange(condition, layout, starts, order)

    assert order.tolist() == [2, 5, 0, 1, 3, 4]
    assert starts.tolist() == [0, 2, 6]


def test_a_line_is_a_view_of_its_lanes():
    lines = np.arange(4.0 * LANES)

    line = line_of(lines, LANES, 2)

    assert len(line) == LANES
    assert line[0] == 3 * LANES
    assert np.shares_memory(line, lines)
