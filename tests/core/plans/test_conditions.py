from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.core.plans.builders import make_terms
from tests.core.plans.test_columns import RATE, fee

from chedai.core.loans.terms import ImpossibleTermsError
from chedai.core.plans import conditions
from chedai.core.plans.conditions import kernel_conditions, sample_fees
from chedai.core.plans.plan import ContractDates, CostLine
from chedai.core.plans.product import AddOnCondition, TermOffer

DECEMBER = ContractDates(first_due_on=date(2026, 12, 10))
MARCH = ContractDates(first_due_on=date(2027, 3, 10))
GPS = CostLine(code="gps", name="GPS", amount_fen=1_500_00, payee="云岭车联（虚构）")


def test_an_offer_is_worked_out_once_for_all_days_and_searches(monkeypatch: pytest.MonkeyPatch):
    terms = make_terms()
    told = kernel_conditions(terms, terms.offers[0], DECEMBER)
    monkeypatch.delattr(conditions, "loan_terms_of")

    assert told is not None
    assert kernel_conditions(terms, terms.offers[0], MARCH) is told
    assert kernel_conditions(terms, terms.offers[0], None) is told


def test_the_principal_and_its_balloon_are_the_rows_own():
    terms = make_terms(
        method="balloon", offers=(TermOffer(36, RATE, balloon_ratio=Decimal("0.3")),)
    )

    told = kernel_conditions(terms, terms.offers[0], None)

    assert told is not None
    assert (told.method, told.term_months, told.balloon_fen) == ("balloon", 36, 0)


def test_terms_that_look_alike_are_not_mistaken_for_each_other():
    cheap = make_terms(offers=(TermOffer(36, Decimal("0.03")),))
    dear = replace(cheap, offers=(TermOffer(36, Decimal("0.09")),))

    rates = [
        told.nominal_rate_annual
        for terms in (cheap, dear)
        if (told := kernel_conditions(terms, terms.offers[0], None))
    ]

    assert rates == [Decimal("0.03"), Decimal("0.09")]


def test_interest_by_days_and_seasons_have_no_conditions_for_the_kernel():
    by_days = make_terms(day_count="ACT/365")
    seasonal = make_terms(
        method="seasonal", offers=(TermOffer(36, RATE, slack_months_of_year=(1, 2)),)
    )

    assert kernel_conditions(by_days, by_days.offers[0], DECEMBER) is None
    assert kernel_conditions(seasonal, seasonal.offers[0], DECEMBER) is None


def test_an_offer_that_makes_no_contract_is_refused_each_time():
    terms = make_terms(offers=(TermOffer(36, RATE, balloon_ratio=Decimal("0.2")),))

    for _ in range(2):
        with pytest.raises(ImpossibleTermsError, match="尾款"):
            kernel_conditions(terms, terms.offers[0], None)


def test_fees_follow_the_add_ons_that_the_lender_insists_on():
    insisted = AddOnCondition(
        code="gps", name="GPS", payee="云岭车联（虚构）", is_condition_of_loan=True
    )
    terms = make_terms(fees=(fee("upfront"),), add_ons=(insisted,))

    assert [row.code for row in sample_fees(terms, ())] == ["upfront-fee"]
    assert [row.code for row in sample_fees(terms, (GPS,))] == ["upfront-fee", "gps"]
    assert sample_fees(terms, (replace(GPS, amount_fen=1),))[1].amount_fen == 1
