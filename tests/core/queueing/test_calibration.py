from __future__ import annotations

import pytest

from chedai.core.queueing.calibration import Told, calibrate


def told(low: int, high: int, waited: float) -> Told:
    return Told(low_minutes=low, high_minutes=high, waited_minutes=waited)


def test_before_anybody_was_told_anything_there_is_no_measure():
    assert calibrate([]) is None


def test_shares_count_waits_on_the_edge_as_kept():
    measured = calibrate([told(10, 20, 10), told(10, 20, 20), told(10, 20, 26), told(0, 5, 2)])

    assert measured is not None
    assert measured.count == 4
    assert measured.within_low == pytest.approx(1 / 4)
    assert measured.within_high == pytest.approx(3 / 4)
    assert measured.mean_overrun_minutes == pytest.approx(6 / 4)
