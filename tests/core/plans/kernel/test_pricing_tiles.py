import numpy as np
import pytest
from tests.core.plans.kernel.agreement import assert_agrees
from tests.core.plans.kernel.contracts import NASTY, equal_instalment

from chedai.core.loans.schedules import build_schedule
from chedai.core.plans.kernel.columns import LoanColumns
from chedai.core.plans.kernel.pricing import price_by_kernel


@pytest.mark.parametrize("rows", [1, 63, 64, 65, 129])
def test_tiles_that_are_not_full_answer_for_their_rows_alone(rows):
    loans = LoanColumns.of(
        conditions=[NASTY["no interest"], equal_instalment(1, 36, "0.0588")],
        condition_index=np.arange(rows) % 2,
        principal_fen=5_000_000 + 1_234_567 * np.arange(rows),
    )

    assert_agrees(loans)


@pytest.mark.parametrize("name", NASTY)
def test_the_months_between_first_and_last_are_told_by_their_lowest_and_highest(name):
    paid = build_schedule(NASTY[name]).instalment_fen
    middle = paid[1:-1] or paid[:1]

    quotes = price_by_kernel(LoanColumns.of_terms([NASTY[name]]))

    assert quotes.lowest_fen.tolist() == [min(middle)]
    assert quotes.highest_fen.tolist() == [max(middle)]
