from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.plans.kernel.contracts import METHODS, NASTY, equal_instalment

from chedai.core.loans.terms import LoanTerms, RateSegment
from chedai.core.money import ROUNDINGS
from chedai.core.plans.kernel.shapes import OF_ANY_ROUNDING, SHAPES, Base, Kind, Run, shape_of
from chedai.core.plans.kernel.table import table_of


def test_every_method_but_the_seasonal_has_a_shape():
    # A season changes the instalment several times a year: the oracle prices it.
    assert set(METHODS) - set(SHAPES) == {"seasonal"}
    assert set(SHAPES) <= set(METHODS)


def test_a_rate_is_an_exact_reduced_fraction_of_a_month():
    # 0.0588 / 12 = 0.0049
    shape = shape_of(equal_instalment(1, 36, "0.0588"))

    assert shape is not None
    assert shape.runs == (Run(36, 49, 10_000, 36),)
    assert shape.layout == (Kind.ANNUITY, ((36, int(Base.BALANCE)),))


@pytest.mark.parametrize("name", ["deposit", "rent in advance, two months", "18 decimals"])
def test_conditions_outside_the_kernel_have_no_shape(name):
    assert shape_of(NASTY[name]) is None


@pytest.mark.parametrize("rounding", sorted(ROUNDINGS))
def test_only_interest_rounded_half_up_has_a_shape(rounding):
    shape = shape_of(equal_instalment(1, 36, "0.05", interest_rounding=rounding))

    assert (shape is not None) == (rounding == "half_up")


@pytest.mark.parametrize("method", sorted({*METHODS} - {"flat_fee", "stepped", "seasonal"}))
@pytest.mark.parametrize(("rounding", "unit_fen"), [("up", 1), ("half_up", 100), ("down", 10)])
def test_annuities_alone_may_be_rounded_in_any_way(method, rounding, unit_fen):
    shape = shape_of(
        equal_instalment(
            1, 36, "0.05", method=method, rounding=rounding, rounding_unit_fen=unit_fen
        )
    )

    assert (shape is not None) == (method in OF_ANY_ROUNDING)
    assert shape is None or (shape.rounding, shape.unit_fen) == (rounding, unit_fen)


def test_rents_in_advance_end_with_a_rest_and_the_balloon():
    shape = shape_of(NASTY["rent in advance"])

    assert shape is not None
    assert shape.layout == (Kind.ADVANCE, ((34, int(Base.BALANCE)), (2, int(Base.BALANCE))))
    assert [run.spread_months for run in shape.runs] == [36, 36]


def test_a_coarser_unit_lowers_the_largest_principal():
    fine, coarse = (
        shape_of(equal_instalment(1, 36, "0", rounding_unit_fen=unit)) for unit in (1, 100)
    )

    assert fine is not None
    assert coarse is not None
    assert coarse.principal_fen_max == fine.principal_fen_max // 100


@pytest.mark.parametrize(("segments", "fits"), [(4, True), (5, False)])
def test_more_than_four_runs_have_no_shape(segments, fits):
    terms = LoanTerms(
        method="stepped",
        principal_fen=1,
        term_months=segments,
        segments=(RateSegment(months=1, nominal_rate_annual=Decimal("0.05")),) * segments,
    )

    assert (shape_of(terms) is not None) == fits


@settings(deadline=None)
@given(
    rate=st.decimals(min_value=0, max_value=1, places=8),
    share=st.fractions(min_value=0, max_value=1),
)
def test_the_float_of_a_run_rounds_like_the_integers_up_to_its_limit(rate, share):
    terms = LoanTerms(
        method="equal_instalment", principal_fen=1, term_months=60, nominal_rate_annual=rate
    )
    shape = shape_of(terms)
    assert shape is not None
    run = shape.runs[0]
    part, bias = (float(number) for number in table_of([terms]).values[0, 0, :2])
    drawn = int(share * shape.principal_fen_max)
    # The amount whose interest is nearest to a tie is as good a test as any.
    ties = [drawn]
    if run.part:
        half = (2 * (drawn * run.part // run.whole) + 1) * run.whole
        ties += [half // (2 * run.part), -(-half // (2 * run.part))]

    for amount_fen in ties:
        exact = ROUNDINGS["half_up"](amount_fen * run.part, run.whole)
        assert int(amount_fen * part + bias) == exact
