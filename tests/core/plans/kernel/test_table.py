import pytest
from tests.core.plans.kernel.contracts import NASTY, equal_instalment

from chedai.core.loans.schedules import build_schedule
from chedai.core.plans.kernel.shapes import Kind
from chedai.core.plans.kernel.table import growth_max, table_of


def test_conditions_of_the_same_months_share_a_layout():
    table = table_of(
        [
            equal_instalment(1, 36, "0.05"),
            equal_instalment(1, 36, "0.06"),
            equal_instalment(1, 36, "0.06", method="balloon"),
            equal_instalment(1, 48, "0.06"),
            NASTY["deposit"],
        ]
    )

    assert table.layout.tolist() == [0, 0, 0, 1, 2]
    assert table.kind.tolist() == [Kind.ANNUITY, Kind.ANNUITY, Kind.SCALAR]
    assert table.term.tolist() == [36, 48, 36]


def test_the_factor_is_the_instalment_of_one_fen():
    table = table_of([equal_instalment(1, 36, "0.0588"), equal_instalment(1, 36, "0")])

    # 0.0049 / (1 − 1.0049^−36)
    assert table.values[0, 0, 2] == pytest.approx(0.0049 / (1 - 1.0049**-36), rel=1e-12)
    assert table.values[1, 0, 2] == 1 / 36


@pytest.mark.parametrize(
    ("rounding", "rate", "added", "band"),
    [
        ("half_up", "0.0588", 0.5, 1),
        ("half_even", "0.0588", 0.5, 1),
        ("up", "0.0588", 1, 1),
        ("down", "0.0588", 0, 1),
        # Without interest whole parts of 1/3,600 decide: between two of them.
        ("half_up", "0", 0.5 + 0.25 / 3_600, 0),
        ("half_even", "0", 0.5, 1),
        ("up", "0", 1 - 0.5 / 3_600, 0),
        ("down", "0", 0.25 / 3_600, 0),
    ],
)
def test_what_is_added_before_the_floor_rounds_as_the_contract_says(rounding, rate, added, band):
    terms = equal_instalment(1, 36, rate, rounding=rounding, rounding_unit_fen=100)

    assert table_of([terms]).values[0, 0, 3:].tolist() == [added, band, 100]


@pytest.mark.parametrize("name", NASTY)
def test_no_instalment_grows_beyond_its_bound(name):
    terms = NASTY[name]

    assert max(build_schedule(terms).instalment_fen) <= growth_max([terms]) * terms.principal_fen


def test_no_conditions_grow_nothing():
    assert growth_max([]) == 1.0
