from __future__ import annotations

from datetime import date

import pytest
from tests.policy.plans import findings_of, make_facts, severities_of

from chedai.core.rules import ContractNature, LenderKind

BEFORE, SINCE = date(2025, 3, 13), date(2025, 3, 14)


def consumer(**changes):
    return make_facts(contract_nature=ContractNature.CONSUMER_LOAN, **changes)


@pytest.mark.parametrize(
    ("contract_on", "way", "cap_fen"),
    [
        (BEFORE, "is_self_paid", 30_000_000),
        (SINCE, "is_self_paid", 50_000_000),
        (BEFORE, "is_internet_loan", 20_000_000),
        (SINCE, "is_internet_loan", 30_000_000),
    ],
)
def test_an_amount_passes_at_the_cap_and_is_found_one_fen_above(book, contract_on, way, cap_fen):
    at = consumer(contract_on=contract_on, principal_fen=cap_fen, **{way: True})
    beyond = consumer(
        contract_on=contract_on, principal_fen=cap_fen, financed_extras_fen=1, **{way: True}
    )

    assert severities_of("consumer_loan_amount", at, book) == []
    assert severities_of("consumer_loan_amount", beyond, book) == ["warns"]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"is_self_paid": True, "lender_kind": LenderKind.LEASING_COMPANY},
        {"is_self_paid": True, "contract_on": date(2024, 6, 30)},
    ],
)
def test_entrusted_payment_other_lenders_and_earlier_days_have_no_such_cap(book, changes):
    assert (
        findings_of("consumer_loan_amount", consumer(principal_fen=90_000_000, **changes), book)
        == []
    )


def test_a_car_loan_is_not_measured_by_these_caps(book):
    facts = make_facts(principal_fen=90_000_000, is_self_paid=True, is_internet_loan=True)

    assert findings_of("consumer_loan_amount", facts, book) == []
