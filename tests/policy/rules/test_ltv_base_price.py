from __future__ import annotations

from datetime import date

import pytest
from tests.policy.plans import findings_of, make_facts, severities_of

from chedai.core.rules import ContractNature, VehicleCondition


@pytest.mark.parametrize(
    ("changes", "severities"),
    [
        ({"list_price_fen": 10_000_000}, []),
        ({"list_price_fen": 9_999_999}, ["informs"]),
        ({"list_price_fen": 10_000_001}, []),
        ({"government_subsidy_fen": 1}, ["informs"]),
        ({"list_price_fen": None}, ["warns"]),
        ({"government_subsidy_fen": 10_000_000}, ["warns"]),
        ({"vehicle_condition": VehicleCondition.USED}, ["warns"]),
        ({"vehicle_condition": VehicleCondition.USED, "appraised_price_fen": 10_000_000}, []),
        ({"contract_nature": ContractNature.FINANCE_LEASE_DIRECT, "list_price_fen": None}, []),
        ({"contract_on": date(2017, 12, 31), "list_price_fen": None}, []),
    ],
)
def test_the_base_is_remarked_on_when_lower_and_doubted_when_unknown(book, changes, severities):
    assert severities_of("ltv_base_price", make_facts(**changes), book) == severities


def test_the_remark_derives_the_base_step_by_step(book):
    facts = make_facts(government_subsidy_fen=1_500_000, list_price_fen=9_000_000)

    (finding,) = findings_of("ltv_base_price", facts, book)

    assert "减政府补贴 15,000.00 元 = 85,000.00 元" in finding.message
    assert "厂商指导价 90,000.00 元" in finding.message
    assert finding.remedy == "贷款成数按 85,000.00 元 计算"
