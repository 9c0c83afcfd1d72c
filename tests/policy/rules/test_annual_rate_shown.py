from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.policy.plans import make_facts, severities_of


@pytest.mark.parametrize(
    ("apr_simple", "contract_on", "severities"),
    [
        (None, date(2021, 3, 31), ["warns"]),
        (None, date(2021, 3, 30), []),
        (Decimal(0), date(2026, 11, 23), []),
    ],
)
def test_an_offer_without_an_annual_rate_is_found(book, apr_simple, contract_on, severities):
    facts = make_facts(apr_simple=apr_simple, contract_on=contract_on)

    assert severities_of("annual_rate_shown", facts, book) == severities
