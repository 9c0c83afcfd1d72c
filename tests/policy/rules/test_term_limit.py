from __future__ import annotations

from datetime import date

import pytest
from tests.policy.plans import findings_of, make_facts, severities_of

from chedai.core.rules import ContractNature, LenderKind, VehicleCondition

CAR, CONSUMER = ContractNature.CAR_LOAN, ContractNature.CONSUMER_LOAN
CARD, CASH = ContractNature.CARD_INSTALMENT, ContractNature.CARD_CASH_INSTALMENT
FLOOR = ContractNature.DEALER_FLOOR_PLAN
BANK, AFC = LenderKind.BANK, LenderKind.AUTO_FINANCE_COMPANY
CENTRE = LenderKind.CARD_CENTRE
NEW, USED = VehicleCondition.NEW, VehicleCondition.USED


@pytest.mark.parametrize(
    ("contract_on", "lender", "nature", "condition", "limit_months"),
    [
        (date(2018, 1, 1), BANK, CAR, NEW, 60),
        (date(2026, 11, 23), BANK, CAR, NEW, 60),
        (date(2026, 11, 23), AFC, CAR, USED, 36),
        (date(2026, 11, 23), BANK, CAR, USED, 36),
        (date(2026, 11, 23), BANK, FLOOR, NEW, 12),
        (date(2025, 3, 13), BANK, CONSUMER, NEW, 60),
        (date(2025, 3, 14), BANK, CONSUMER, NEW, 84),
        (date(2025, 3, 14), BANK, CONSUMER, USED, 84),
        (date(2026, 11, 23), AFC, CONSUMER, NEW, 60),
        (date(2026, 11, 23), AFC, CONSUMER, USED, 36),
        (date(2022, 7, 7), CENTRE, CARD, NEW, 60),
        (date(2022, 7, 7), CENTRE, CASH, NEW, 24),
    ],
)
def test_a_term_passes_exactly_at_the_limit_and_is_found_one_month_beyond(
    book, contract_on, lender, nature, condition, limit_months
):
    base = make_facts(
        contract_on=contract_on,
        lender_kind=lender,
        contract_nature=nature,
        vehicle_condition=condition,
    )
    at = make_facts(**vars(base) | {"term_months": limit_months})
    beyond = make_facts(**vars(base) | {"term_months": limit_months + 1})

    assert severities_of("term_limit", at, book) == []
    assert severities_of("term_limit", beyond, book) == ["warns"]


def test_an_extension_counts_towards_the_limit(book):
    facts = make_facts(term_months=60, extension_months=1)

    (finding,) = findings_of("term_limit", facts, book)

    assert finding.message == "期限 61 个月（含展期 1 个月）超过上限 60 个月"
    assert finding.remedy == "期限改为不超过 60 个月"


@pytest.mark.parametrize(
    ("nature", "contract_on"),
    [
        (ContractNature.FINANCE_LEASE_DIRECT, date(2026, 11, 23)),
        (ContractNature.FINANCE_LEASE_LEASEBACK, date(2026, 11, 23)),
        (ContractNature.PRIVATE_LOAN, date(2026, 11, 23)),
        (CARD, date(2022, 7, 6)),
    ],
)
def test_leases_private_loans_and_cards_before_the_notice_have_no_limit(book, nature, contract_on):
    facts = make_facts(contract_nature=nature, contract_on=contract_on, term_months=96)

    assert findings_of("term_limit", facts, book) == []
