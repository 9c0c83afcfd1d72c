from __future__ import annotations

from datetime import date

import pytest
from tests.policy.plans import make_facts, severities_of

from chedai.core.rules import LenderKind


@pytest.mark.parametrize(
    ("lender_kind", "contract_on", "severities"),
    [
        (LenderKind.CONSUMER_FINANCE_COMPANY, date(2024, 4, 18), ["warns"]),
        (LenderKind.CONSUMER_FINANCE_COMPANY, date(2024, 4, 17), []),
        (LenderKind.BANK, date(2026, 11, 23), []),
    ],
)
def test_a_consumer_finance_company_is_no_lender_for_a_car(
    book, lender_kind, contract_on, severities
):
    facts = make_facts(lender_kind=lender_kind, contract_on=contract_on)

    assert severities_of("consumer_finance_lender", facts, book) == severities
