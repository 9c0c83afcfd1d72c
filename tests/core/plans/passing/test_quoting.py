from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from tests.core.plans.builders import make_terms, make_version
from tests.core.plans.passing.brute import make_case

from chedai.core.plans.passing.quoting import QuoteTable
from chedai.core.plans.plan import Plan
from chedai.core.plans.pricing import price
from chedai.core.plans.product import FeeRule, ProductTerms


def table(terms: ProductTerms) -> QuoteTable:
    return QuoteTable(
        terms=terms,
        offer=terms.offers[0],
        add_ons=(),
        cash_discount_fen=None,
        dates=make_case().inputs.dates,
    )


@pytest.mark.parametrize("day_count", [None, "ACT/365"], ids=["by months", "by days"])
def test_quotes_are_those_of_the_plan_in_the_order_asked(day_count):
    product = make_version(day_count=day_count)
    plan = price(replace(make_case().inputs, product=product))
    assert isinstance(plan, Plan)

    rows = table(plan.product).at(np.array([90_000_00, 100_000_00, 90_000_00]))

    assert rows.payment_fen[1] == plan.payment_fen
    assert rows.extra_over_cash_fen[1] == plan.extra_over_cash_fen
    assert rows.payment_fen[0] == rows.payment_fen[2] < rows.payment_fen[1]
    assert rows.is_priced.all()


def test_a_principal_is_quoted_once(monkeypatch):
    quotes = table(make_terms())
    first = quotes.at(np.array([90_000_00]))
    monkeypatch.setattr(QuoteTable, "_price", None)

    assert quotes.at(np.array([90_000_00])).payment_fen == first.payment_fen


def test_fees_that_eat_the_loan_leave_no_price():
    fee = FeeRule(
        code="handling",
        name="手续费",
        payee="清禾咨询（虚构）",
        basis="fixed",
        timing="upfront",
        is_condition_of_loan=True,
        is_refundable=False,
        amount_fen=30_000_00,
    )

    rows = table(make_terms(fees=(fee,))).at(np.array([20_000_00, 90_000_00]))

    assert rows.is_priced.tolist() == [False, True]


def test_nothing_asked_is_nothing_answered():
    assert len(table(make_terms()).at(np.array([], np.int64)).payment_fen) == 0


def test_one_impossible_principal_does_not_spoil_the_others(monkeypatch):
    from chedai.core.loans.terms import ImpossibleTermsError
    from chedai.core.plans.passing import quoting

    real = quoting.price_block

    def price_block(**values):
        if (values["principal_fen"] == 20_000_00).any():
            raise ImpossibleTermsError("principal_fen", "试试别的贷款额")
        return real(**values)

    monkeypatch.setattr(quoting, "price_block", price_block)

    rows = table(make_terms()).at(np.array([20_000_00, 90_000_00]))

    assert rows.is_priced.tolist() == [False, True]
    assert Decimal(int(rows.payment_fen[1])) > 0
