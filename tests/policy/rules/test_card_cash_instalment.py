from __future__ import annotations

from datetime import date

import pytest
from tests.policy.plans import make_facts, severities_of

from chedai.core.rules import ContractNature, LenderKind

CASH = ContractNature.CARD_CASH_INSTALMENT


@pytest.mark.parametrize(
    ("nature", "contract_on", "principal_fen", "severities"),
    [
        (CASH, date(2022, 7, 7), 5_000_000, []),
        (CASH, date(2022, 7, 7), 5_000_001, ["warns"]),
        (CASH, date(2022, 7, 6), 5_000_001, []),
        (ContractNature.CARD_INSTALMENT, date(2026, 11, 23), 5_000_001, []),
    ],
)
def test_cash_instalments_are_capped_since_the_notice(
    book, nature, contract_on, principal_fen, severities
):
    facts = make_facts(
        lender_kind=LenderKind.CARD_CENTRE,
        contract_nature=nature,
        contract_on=contract_on,
        principal_fen=principal_fen,
    )

    assert severities_of("card_cash_instalment", facts, book) == severities
