from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.policy.plans import findings_of, make_facts, severities_of

from chedai.core.rules import ContractNature, Power, VehicleCondition, VehicleUse

OLD, NEW = date(2024, 4, 2), date(2024, 4, 3)
PRIVATE, COMMERCIAL = VehicleUse.PRIVATE, VehicleUse.COMMERCIAL
FRESH, USED = VehicleCondition.NEW, VehicleCondition.USED
ICE, NEV = Power.COMBUSTION, Power.NEW_ENERGY


@pytest.mark.parametrize(
    ("contract_on", "use", "condition", "power", "allowed_fen"),
    [
        # base 100,000 yuan: the caps of 2018 on their latest day
        (OLD, PRIVATE, FRESH, ICE, 8_000_000),
        (OLD, PRIVATE, FRESH, NEV, 8_500_000),
        (OLD, COMMERCIAL, FRESH, ICE, 7_000_000),
        (OLD, COMMERCIAL, FRESH, NEV, 7_500_000),
        (OLD, PRIVATE, USED, ICE, 7_000_000),
        # the caps of 2024 on their earliest day
        (NEW, PRIVATE, FRESH, ICE, 10_000_000),
        (NEW, PRIVATE, FRESH, NEV, 10_000_000),
        (NEW, COMMERCIAL, FRESH, ICE, 7_000_000),
        (NEW, COMMERCIAL, FRESH, NEV, 7_500_000),
        (NEW, PRIVATE, USED, NEV, 7_000_000),
        (NEW, COMMERCIAL, USED, NEV, 7_000_000),
    ],
)
def test_a_loan_passes_exactly_at_the_cap_and_is_found_one_fen_above(
    book, contract_on, use, condition, power, allowed_fen
):
    facts = make_facts(
        contract_on=contract_on,
        vehicle_use=use,
        vehicle_condition=condition,
        power=power,
        appraised_price_fen=10_000_000,
        principal_fen=allowed_fen,
    )
    beyond = make_facts(
        contract_on=contract_on,
        vehicle_use=use,
        vehicle_condition=condition,
        power=power,
        appraised_price_fen=10_000_000,
        principal_fen=allowed_fen + 1,
    )

    assert severities_of("loan_to_value", facts, book) == []
    assert severities_of("loan_to_value", beyond, book) == ["warns"]


def test_the_message_gives_both_ratios_and_the_remedy_gives_yuan(book):
    facts = make_facts(
        vehicle_condition=USED, appraised_price_fen=10_000_000, principal_fen=7_500_000
    )

    (finding,) = findings_of("loan_to_value", facts, book)

    assert "贷款成数 75.00% 超过上限 70%" in finding.message
    assert finding.remedy == "贷款额不超过 70,000.00 元，其余付首付"
    assert (finding.value, finding.threshold) == (Decimal("0.75"), Decimal("0.70"))
    assert finding.citation.source_id == "pboc-nfra-2024-car-loan"


def test_the_subsidy_and_a_lower_list_price_shrink_what_may_be_lent(book):
    # commercial new energy, min(100,000 − 10,000, 95,000) = 90,000; × 75 % = 67,500
    facts = make_facts(
        vehicle_use=COMMERCIAL,
        power=NEV,
        list_price_fen=9_500_000,
        government_subsidy_fen=1_000_000,
        principal_fen=6_750_001,
    )

    (finding,) = findings_of("loan_to_value", facts, book)

    assert "67,500.00 元" in finding.remedy


@pytest.mark.parametrize(
    ("nature", "severities"),
    [
        (ContractNature.CONSUMER_LOAN, ["informs"]),
        (ContractNature.CARD_INSTALMENT, ["informs"]),
        (ContractNature.FINANCE_LEASE_DIRECT, []),
        (ContractNature.PRIVATE_LOAN, []),
    ],
)
def test_other_contracts_are_measured_as_a_remark_or_not_at_all(book, nature, severities):
    facts = make_facts(
        contract_nature=nature,
        vehicle_condition=USED,
        appraised_price_fen=10_000_000,
        principal_fen=7_000_001,
    )

    assert severities_of("loan_to_value", facts, book) == severities


def test_before_the_book_begins_nothing_is_claimed(book):
    facts = make_facts(contract_on=date(2017, 12, 31), principal_fen=9_999_999)

    assert findings_of("loan_to_value", facts, book) == []
