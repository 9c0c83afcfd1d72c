from __future__ import annotations

from datetime import date

import pytest
from tests.policy.plans import make_facts, make_fee, severities_of

from chedai.core.rules import LenderKind, PayeeKind


@pytest.mark.parametrize(
    ("contract_on", "fee", "severities"),
    [
        (date(2026, 8, 1), {"is_on_disclosure_form": False}, ["warns"]),
        (date(2026, 7, 31), {"is_on_disclosure_form": False}, []),
        (date(2026, 8, 1), {"is_on_disclosure_form": True}, []),
        (date(2026, 8, 1), {"is_on_disclosure_form": None}, []),
        (date(2026, 8, 1), {"is_on_disclosure_form": False, "amount_fen": 0}, []),
        (
            date(2026, 8, 1),
            {"is_on_disclosure_form": False, "payee_kind": PayeeKind.AUTHORITY},
            [],
        ),
    ],
)
def test_a_loan_fee_outside_the_form_is_found_once_the_form_is_due(
    book, contract_on, fee, severities
):
    facts = make_facts(contract_on=contract_on, fees=(make_fee(**fee),))

    assert severities_of("fee_on_disclosure_form", facts, book) == severities


def test_a_lessor_is_not_yet_held_to_the_form(book):
    facts = make_facts(
        lender_kind=LenderKind.LEASING_COMPANY, fees=(make_fee(is_on_disclosure_form=False),)
    )

    assert severities_of("fee_on_disclosure_form", facts, book) == []
