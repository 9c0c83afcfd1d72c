from __future__ import annotations

from datetime import date

import pytest
from tests.policy.plans import make_facts

from chedai.core.rules import ContractNature


@pytest.mark.parametrize(
    ("contract_on", "rules_day"),
    [(None, date(2026, 11, 23)), (date(2025, 12, 31), date(2025, 12, 31))],
)
def test_the_contract_day_decides_whose_rules_apply_and_before_it_the_decision(
    contract_on, rules_day
):
    facts = make_facts(decided_on=date(2026, 11, 23), contract_on=contract_on)

    assert facts.rules_day == rules_day


def test_only_the_two_lease_contracts_are_leases():
    leases = {nature for nature in ContractNature if nature.is_lease}

    assert leases == {ContractNature.FINANCE_LEASE, ContractNature.SALE_AND_LEASEBACK}
