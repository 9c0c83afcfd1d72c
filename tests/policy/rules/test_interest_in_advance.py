from __future__ import annotations

from datetime import date

import pytest
from tests.policy.plans import findings_of, make_facts, severities_of

from chedai.core.rules import ContractNature


@pytest.mark.parametrize(
    ("deducted_fen", "contract_on", "severities"),
    [
        (0, date(2026, 11, 23), []),
        (1, date(2026, 11, 23), ["blocks"]),
        (1, date(2021, 1, 1), ["blocks"]),
        (1, date(2020, 12, 31), []),
    ],
)
def test_one_fen_of_interest_kept_back_blocks_since_the_civil_code(
    book, deducted_fen, contract_on, severities
):
    facts = make_facts(deducted_in_advance_fen=deducted_fen, contract_on=contract_on)

    assert severities_of("interest_in_advance", facts, book) == severities


def test_the_message_says_what_the_customer_really_receives(book):
    facts = make_facts(deducted_in_advance_fen=300_000)

    (finding,) = findings_of("interest_in_advance", facts, book)

    assert "实际到手 47,000.00 元，低于合同本金 50,000.00 元" in finding.message
    assert finding.citation.article == "第六百七十条"


def test_rent_of_a_lease_paid_ahead_is_not_interest_kept_back(book):
    facts = make_facts(
        deducted_in_advance_fen=300_000, contract_nature=ContractNature.FINANCE_LEASE_DIRECT
    )

    assert findings_of("interest_in_advance", facts, book) == []
