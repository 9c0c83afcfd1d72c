from __future__ import annotations

from datetime import date

import pytest
from tests.policy.plans import findings_of, make_facts, severities_of

from chedai.core.rules import LenderKind


def with_extras(**changes):
    return make_facts(
        **{
            "lender_kind": LenderKind.AUTO_FINANCE_COMPANY,
            "are_extras_applied_separately": True,
        }
        | changes
    )


@pytest.mark.parametrize(
    ("extras_price_fen", "financed_extras_fen", "severities"),
    [
        (20_000_000, 16_000_000, []),  # 200,000 × 80 % = 160,000
        (20_000_000, 16_000_001, ["warns"]),
        (20_000_100, 14_000_070, []),  # one yuan above the line: 200,001 × 70 %
        (20_000_100, 14_000_071, ["warns"]),
        (0, 1, ["warns"]),
        (20_000_000, 0, []),
    ],
)
def test_extras_are_financed_up_to_their_cap(
    book, extras_price_fen, financed_extras_fen, severities
):
    facts = with_extras(extras_price_fen=extras_price_fen, financed_extras_fen=financed_extras_fen)

    assert severities_of("extras_financing", facts, book) == severities


@pytest.mark.parametrize(
    ("applied", "contract_on", "severities"),
    [
        (True, date(2023, 8, 11), []),
        (None, date(2023, 8, 11), ["informs"]),
        (False, date(2023, 8, 11), ["warns"]),
        (False, date(2023, 8, 10), []),
    ],
)
def test_extras_are_applied_for_separately_since_the_new_rules(
    book, applied, contract_on, severities
):
    facts = with_extras(
        extras_price_fen=1_000_000,
        financed_extras_fen=500_000,
        are_extras_applied_separately=applied,
        contract_on=contract_on,
    )

    assert severities_of("extras_financing", facts, book) == severities


def test_the_remedy_names_the_most_that_may_be_financed(book):
    facts = with_extras(extras_price_fen=1_000_000, financed_extras_fen=900_000)

    (finding,) = findings_of("extras_financing", facts, book)

    assert finding.remedy == "附加品融资不超过 8,000.00 元，其余自付"


def test_a_bank_is_not_held_to_the_auto_finance_rules(book):
    facts = with_extras(lender_kind=LenderKind.BANK, extras_price_fen=100, financed_extras_fen=100)

    assert findings_of("extras_financing", facts, book) == []


def test_without_financed_extras_nothing_is_asked_for(book):
    facts = with_extras(financed_extras_fen=0, are_extras_applied_separately=None)

    assert findings_of("extras_financing", facts, book) == []
