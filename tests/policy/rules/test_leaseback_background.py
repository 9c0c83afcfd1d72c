from __future__ import annotations

from datetime import date

import pytest
from tests.policy.plans import make_facts, severities_of

from chedai.core.rules import ContractNature, LenderKind

AFC, LESSOR = LenderKind.AUTO_FINANCE_COMPANY, LenderKind.LEASING_COMPANY
BACK = ContractNature.FINANCE_LEASE_LEASEBACK


@pytest.mark.parametrize(
    ("lender_kind", "nature", "contract_on", "severities"),
    [
        (AFC, BACK, date(2023, 8, 11), ["informs"]),
        (AFC, BACK, date(2023, 8, 10), []),
        (LESSOR, BACK, date(2026, 11, 23), []),
        (AFC, ContractNature.CAR_LOAN, date(2026, 11, 23), []),
    ],
)
def test_an_auto_finance_leaseback_is_reminded_of_its_trade(
    book, lender_kind, nature, contract_on, severities
):
    facts = make_facts(lender_kind=lender_kind, contract_nature=nature, contract_on=contract_on)

    assert severities_of("leaseback_background", facts, book) == severities
