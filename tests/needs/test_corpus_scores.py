"""The two promises of the grammar, measured on sentences written before it existed.

The held-out file is only counted here. A failure tells totals, never a sentence.
"""

import pytest
from tests.needs.corpus_scoring import totals_of

# (file, F1 at least, share of wrongly certain chips at most)
FLOORS = [
    ("tuning.yaml", 0.99, 0.005),
    ("tuning_more.yaml", 0.99, 0.005),
    ("tuning_third.yaml", 0.98, 0.005),
]
HELD_OUT_F1_MIN = 0.93
HELD_OUT_FALSE_CERTAIN_MAX = 0.03


@pytest.mark.parametrize(
    ("name", "f1_min"),
    [*((name, f1) for name, f1, _ in FLOORS), ("held_out.yaml", HELD_OUT_F1_MIN)],
)
def test_slots_are_found_well_enough(name: str, f1_min: float) -> None:
    f1 = round(totals_of(name).f1, 4)
    assert f1 >= f1_min


@pytest.mark.parametrize(
    ("name", "rate_max"),
    [*((name, rate) for name, _, rate in FLOORS), ("held_out.yaml", HELD_OUT_FALSE_CERTAIN_MAX)],
)
def test_false_certainty_is_rare(name: str, rate_max: float) -> None:
    rate = round(totals_of(name).false_certain_rate, 4)
    assert rate <= rate_max
