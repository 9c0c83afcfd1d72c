import pytest
from tests.core.plans.kernel.agreement import assert_agrees
from tests.core.plans.kernel.contracts import NASTY

from chedai.core.plans.kernel.columns import LoanColumns
from chedai.core.plans.kernel.pricing import price_by_kernel


@pytest.mark.parametrize("name", NASTY)
def test_kernel_agrees_with_the_oracle_on_the_nasty_contract(name: str):
    assert_agrees(LoanColumns.of_terms([NASTY[name]]))


def test_the_last_of_84_months_takes_what_rounding_left_of_100_fen():
    quotes = price_by_kernel(LoanColumns.of_terms([NASTY["100 fen over 84 months"]]))

    # The instalment of 1.41 is rounded to 1 and interest of 0.42 to 0: 83 months repay 83 fen.
    assert quotes.last_fen.tolist() == [17]
    # 83 payments of 1 and one of 17 make 100: nothing is charged.
    assert quotes.irr_monthly.tolist() == [0.0]


def test_a_loan_that_rounding_clears_early_is_left_to_the_oracle():
    quotes = price_by_kernel(LoanColumns.of_terms([NASTY["90 fen in equal parts"]]))

    # Parts of 1.5 are rounded to 2: 45 of 60 months repay everything.
    assert quotes.is_scalar.all()
    assert quotes.last_fen.tolist() == [0]
