import numpy as np
from tests.core.plans.kernel.contracts import NASTY

from chedai.core.loans.cost import cost_of_plan
from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import Fee
from chedai.core.plans.kernel.columns import LoanColumns, LoanQuotes
from chedai.core.plans.kernel.scalar import price_rows


def test_the_oracle_says_what_the_cost_of_the_whole_contract_says():
    terms = NASTY["deposit"]
    fee = Fee(code="F", name="费", amount_fen=200_000, payee="清禾咨询（虚构）")
    loans = LoanColumns.of(
        conditions=[terms],
        condition_index=np.zeros(1, dtype=np.int64),
        principal_fen=np.array([terms.principal_fen]),
        taken_at_start_fen=np.array([fee.amount_fen]),
    )
    quotes = LoanQuotes.empty(1)

    price_rows(loans, [0], quotes)

    cost = cost_of_plan(build_schedule(terms), [fee])
    assert quotes.irr_monthly.tolist() == [cost.irr_monthly]
    assert quotes.total_charge_fen.tolist() == [
        cost.total_paid_fen - terms.principal_fen - fee.amount_fen
    ]


def test_only_the_rows_asked_for_are_filled():
    loans = LoanColumns.of_terms([NASTY["flat"], NASTY["no interest"]])
    quotes = LoanQuotes.empty(2)
    quotes.first_fen[:] = -1

    price_rows(loans, [1], quotes)

    # 100,000.00 over 36 months is 2,777.78
    assert quotes.first_fen.tolist() == [-1, 277_778]
