from __future__ import annotations

from datetime import date

import pytest
from tests.policy.plans import make_facts, make_fee, severities_of


@pytest.mark.parametrize(
    ("fee", "contract_on", "severities"),
    [
        ({"is_prepaid_success_fee": True}, date(2021, 1, 1), ["warns"]),
        ({"is_prepaid_success_fee": True}, date(2020, 12, 31), []),
        ({"is_prepaid_success_fee": True, "amount_fen": 0}, date(2026, 11, 23), []),
        ({}, date(2026, 11, 23), []),
    ],
)
def test_a_success_fee_taken_before_success_is_found(book, fee, contract_on, severities):
    facts = make_facts(contract_on=contract_on, fees=(make_fee(**fee),))

    assert severities_of("success_fee_prepaid", facts, book) == severities
