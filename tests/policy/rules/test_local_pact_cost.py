from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.policy.plans import findings_of, make_facts, severities_of

from chedai.core.rules import LenderKind

HENAN, HUBEI = "410000", "420000"


@pytest.mark.parametrize(
    ("province", "contract_on", "apr_simple", "severities"),
    [
        (HENAN, date(2026, 1, 31), "0.0600", []),  # 2 × 3.00 %
        (HENAN, date(2026, 1, 31), "0.0601", ["warns"]),
        (HENAN, date(2025, 5, 31), "0.0601", []),
        (HUBEI, date(2026, 1, 31), "0.0601", []),
        (None, date(2026, 1, 31), "0.0601", []),
    ],
)
def test_the_pact_on_annual_cost_binds_its_province_from_its_day(
    book, province, contract_on, apr_simple, severities
):
    facts = make_facts(
        province=province,
        contract_on=contract_on,
        apr_simple=Decimal(apr_simple),
        apr_compound=Decimal(apr_simple),
    )

    assert severities_of("local_pact_cost", facts, book) == severities


@pytest.mark.parametrize(
    ("term_months", "total", "severities"),
    [
        (12, "0.03", []),
        (12, "0.0301", ["warns"]),
        (36, "0.09", []),
        (36, "0.0901", ["warns"]),
        (60, "0.15", []),
        (60, "0.1501", ["warns"]),
        (72, "0.5000", []),
    ],
)
def test_the_ladder_of_total_fees_goes_by_term(book, term_months, total, severities):
    facts = make_facts(
        province=HENAN,
        contract_on=date(2026, 2, 1),
        term_months=term_months,
        flat_fee_rate_total=Decimal(total),
        apr_simple=None,
        apr_compound=None,
    )

    assert severities_of("local_pact_cost", facts, book) == severities


def test_before_the_ladder_a_total_fee_is_not_measured(book):
    facts = make_facts(
        province=HENAN, contract_on=date(2026, 1, 31), flat_fee_rate_total=Decimal("0.2")
    )

    assert findings_of("local_pact_cost", facts, book) == []


def test_a_pact_of_banks_does_not_bind_an_auto_finance_company(book):
    facts = make_facts(
        province=HENAN,
        lender_kind=LenderKind.AUTO_FINANCE_COMPANY,
        apr_simple=Decimal("0.0900"),
    )

    assert findings_of("local_pact_cost", facts, book) == []
