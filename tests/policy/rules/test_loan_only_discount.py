from __future__ import annotations

from datetime import date

import pytest
from tests.policy.plans import findings_of, make_facts, severities_of


@pytest.mark.parametrize(
    ("discount_fen", "is_shown", "contract_on", "severities"),
    [
        (0, False, date(2026, 11, 23), []),
        (1, False, date(2026, 11, 23), ["blocks"]),
        (1, True, date(2026, 11, 23), ["informs"]),
        (1, False, date(2022, 7, 1), ["blocks"]),
        (1, False, date(2022, 6, 30), []),
    ],
)
def test_a_discount_for_loan_buyers_only_is_shown_beside_the_cash_price(
    book, discount_fen, is_shown, contract_on, severities
):
    facts = make_facts(
        loan_only_discount_fen=discount_fen,
        is_loan_only_discount_shown=is_shown,
        contract_on=contract_on,
    )

    assert severities_of("loan_only_discount", facts, book) == severities


def test_the_remedy_counts_the_lost_discount_as_a_cost(book):
    (finding,) = findings_of("loan_only_discount", make_facts(loan_only_discount_fen=800_000), book)

    assert "把 8,000.00 元 计入与全款对比的实际成本" in finding.remedy
