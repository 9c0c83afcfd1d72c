from __future__ import annotations

from datetime import date

import pytest
from tests.policy.plans import make_facts

from chedai.core.rules import ContractNature, LenderKind, contract_nature_in_law


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

    assert leases == {ContractNature.FINANCE_LEASE_DIRECT, ContractNature.FINANCE_LEASE_LEASEBACK}


@pytest.mark.parametrize(
    ("product_nature", "lender_kind", "family", "nature"),
    [
        ("loan", "bank", "bank_car_loan", "consumer_loan"),
        ("loan", "bank", "used_car", "car_loan"),
        ("loan", "auto_finance_company", "bank_car_loan", "car_loan"),
        ("loan", "private_lender", "standard", "private_loan"),
        ("card_instalment", "card_centre", "card_instalment", "card_instalment"),
        ("finance_lease_direct", "leasing_company", "lease_direct", "finance_lease_direct"),
        ("finance_lease_leaseback", "leasing_company", "x", "finance_lease_leaseback"),
    ],
)
def test_a_products_word_is_read_as_the_contract_the_law_knows(
    product_nature, lender_kind, family, nature
):
    read = contract_nature_in_law(
        product_nature=product_nature, lender_kind=LenderKind(lender_kind), family=family
    )

    assert read is ContractNature(nature)


def test_plain_words_from_elsewhere_become_the_words_the_rules_compare_with():
    facts = make_facts(contract_nature="finance_lease_direct", lender_kind="leasing_company")

    assert facts.contract_nature is ContractNature.FINANCE_LEASE_DIRECT
    assert facts.contract_nature.is_lease


@pytest.mark.parametrize(
    "changes", [{"contract_nature": "loan"}, {"lender_kind": "shop"}, {"power": ""}]
)
def test_a_word_the_rules_do_not_know_is_refused(changes):
    with pytest.raises(ValueError, match="is not a valid"):
        make_facts(**changes)
