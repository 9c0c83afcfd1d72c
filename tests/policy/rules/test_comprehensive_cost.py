from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.policy.plans import findings_of, make_facts, severities_of

from chedai.core.rules import LenderKind

ASSISTED = {"is_internet_assisted": True}
MICRO = {"lender_kind": LenderKind.MICROLOAN_COMPANY}


@pytest.mark.parametrize(
    ("changes", "contract_on", "apr_simple", "apr_compound", "severities"),
    [
        (ASSISTED, date(2025, 10, 1), "0.2400", "0.2400", []),
        (ASSISTED, date(2025, 10, 1), "0.2401", "0.2684", ["warns"]),
        (ASSISTED, date(2025, 9, 30), "0.2401", "0.2684", []),
        (ASSISTED, date(2025, 10, 1), "0.2400", "0.2682", ["informs"]),
        (MICRO, date(2026, 1, 1), "0.2401", "0.2684", ["warns"]),
        (MICRO, date(2025, 12, 31), "0.2401", "0.2684", []),
        ({}, date(2026, 11, 23), "0.3600", "0.4258", []),
    ],
)
def test_the_ceiling_binds_only_its_own_regime_since_its_own_day(
    book, changes, contract_on, apr_simple, apr_compound, severities
):
    facts = make_facts(
        contract_on=contract_on,
        apr_simple=Decimal(apr_simple),
        apr_compound=Decimal(apr_compound),
        **changes,
    )

    assert severities_of("comprehensive_cost", facts, book) == severities


def test_an_unknown_cost_is_not_measured(book):
    facts = make_facts(apr_simple=None, apr_compound=None, **ASSISTED)

    assert findings_of("comprehensive_cost", facts, book) == []


def test_the_message_names_the_regime_and_asks_to_check_the_fees(book):
    facts = make_facts(apr_simple=Decimal("0.2500"), apr_compound=Decimal("0.2807"), **ASSISTED)

    (finding,) = findings_of("comprehensive_cost", facts, book)

    assert "（单利口径）25.00% 高于 24%（仅适用于银行互联网助贷业务）" in finding.message
    assert "建议核对收费依据" in finding.remedy
