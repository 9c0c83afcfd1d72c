from dataclasses import replace

import numpy as np
import pytest
from tests.core.plans.kernel.contracts import NASTY, equal_instalment

from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import ImpossibleTermsError, LoanTerms
from chedai.core.money import AMOUNT_FEN_MAX
from chedai.core.plans.kernel.columns import LoanColumns, LoanColumnsError
from chedai.core.plans.kernel.pricing import price_by_oracle

CONDITIONS = (
    equal_instalment(1, 36, "0.05"),
    equal_instalment(1, 36, "0.05", method="balloon"),
)


def loans(**changes) -> LoanColumns:
    columns = {
        "conditions": CONDITIONS,
        "condition_index": np.array([0, 1]),
        "principal_fen": np.array([5_000_000, 6_000_000]),
    }
    return LoanColumns.of(**(columns | changes))


def test_columns_left_out_are_zero():
    made = loans()

    assert len(made) == 2
    assert made.balloon_fen.tolist() == made.taken_at_start_fen.tolist() == [0, 0]


def test_a_row_is_told_as_its_contract():
    made = loans(balloon_fen=np.array([0, 2_000_000]))

    expected = replace(CONDITIONS[1], principal_fen=6_000_000, balloon_fen=2_000_000)
    assert made.terms_of(1) == expected


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"condition_index": np.array([0, 2])}, "condition_index"),
        ({"condition_index": np.array([-1, 0])}, "condition_index"),
        ({"condition_index": np.array([0])}, "condition_index"),
        ({"principal_fen": np.array([0, 1])}, "principal_fen"),
        ({"principal_fen": np.array([1, AMOUNT_FEN_MAX + 1])}, "principal_fen"),
        ({"principal_fen": np.array([1.0, 2.0])}, "principal_fen"),
        ({"balloon_fen": np.array([0, -1])}, "balloon_fen"),
        ({"balloon_fen": np.array([0, 6_000_001])}, "balloon_fen"),
        ({"balloon_fen": np.array([1, 0])}, "balloon_fen"),
        ({"taken_at_start_fen": np.array([0, AMOUNT_FEN_MAX + 1])}, "taken_at_start_fen"),
        ({"added_each_fen": np.array([0, -AMOUNT_FEN_MAX - 1])}, "added_each_fen"),
    ],
)
def test_a_column_out_of_bounds_is_refused_by_name(changes, named):
    with pytest.raises(LoanColumnsError, match=named):
        loans(**changes)


def test_an_unknown_method_is_refused():
    with pytest.raises(ImpossibleTermsError, match="没有还款方式"):
        loans(conditions=(LoanTerms(method="none", principal_fen=1, term_months=1),) * 2)


def test_schedules_give_each_row_its_months():
    terms = [NASTY["no interest"], NASTY["57 fen in equal parts"]]

    schedules = price_by_oracle(LoanColumns.of_terms(terms), with_schedules=True).schedules

    assert schedules is not None
    for row, contract in enumerate(terms):
        expected = build_schedule(contract)
        assert tuple(schedules.instalments_of(row)) == expected.instalment_fen
        assert tuple(schedules.principals_of(row)) == expected.principal_fen
        assert tuple(schedules.charges_of(row)) == expected.interest_fen
