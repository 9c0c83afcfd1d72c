from __future__ import annotations

from datetime import date

import pytest
from tests.policy.plans import make_facts, severities_of

from chedai.core.rules import ContractNature, LenderKind

CARD = ContractNature.CARD_INSTALMENT


@pytest.mark.parametrize(
    ("changes", "severities"),
    [
        ({"is_cost_shown_as_interest": True}, []),
        ({"is_cost_shown_as_interest": None}, []),
        ({"is_cost_shown_as_interest": False}, ["warns"]),
        ({"is_all_interest_upfront": True}, ["warns"]),
        ({"is_all_interest_upfront": True, "is_cost_shown_as_interest": False}, ["warns"] * 2),
        ({"is_all_interest_upfront": True, "contract_on": date(2022, 7, 6)}, []),
        ({"is_all_interest_upfront": True, "contract_nature": ContractNature.CAR_LOAN}, []),
    ],
)
def test_card_instalments_show_interest_and_do_not_take_it_up_front(book, changes, severities):
    facts = make_facts(**{"lender_kind": LenderKind.CARD_CENTRE, "contract_nature": CARD} | changes)

    assert severities_of("card_instalment_terms", facts, book) == severities
