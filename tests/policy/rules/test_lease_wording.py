from __future__ import annotations

from datetime import date

import pytest
from tests.policy.plans import make_facts, severities_of

from chedai.core.rules import ContractNature

GUANGDONG, HUNAN = "440000", "430000"


def lease(**changes):
    return make_facts(
        **{
            "contract_nature": ContractNature.FINANCE_LEASE_DIRECT,
            "province": GUANGDONG,
            "marketing_words": ("以租代购，轻松提车",),
        }
        | changes
    )


@pytest.mark.parametrize(
    ("changes", "severities"),
    [
        ({}, ["warns"]),
        ({"province": HUNAN}, ["informs"]),
        ({"marketing_words": ("车辆贷款", "车抵贷")}, ["warns", "warns"]),
        ({"marketing_words": ("融资租赁，按月付租金",)}, []),
        ({"marketing_words": ()}, []),
        ({"contract_on": date(2021, 3, 8)}, []),
        ({"contract_nature": ContractNature.CAR_LOAN}, []),
    ],
)
def test_a_lease_is_not_advertised_in_the_words_of_a_loan(book, changes, severities):
    assert severities_of("lease_wording", lease(**changes), book) == severities
