from __future__ import annotations

import pytest
from tests.policy.plans import make_facts

from chedai.policy.scope import PROVINCES, Scope, UnknownScopeWordError, scope_of


@pytest.mark.parametrize(
    "words",
    [{"province": "河南"}, {"lender_kind": "shop"}, {"power": "steam"}, {"channel": "dealer"}],
)
def test_a_word_no_policy_knows_is_refused(words):
    with pytest.raises(UnknownScopeWordError, match="可用"):
        Scope(**words)


def test_the_scope_of_a_plan_leaves_out_what_is_not_known():
    facts = make_facts(province=None, is_internet_assisted=True)

    assert scope_of(facts).words() == {
        "lender_kind": "bank",
        "contract_nature": "car_loan",
        "vehicle_use": "private",
        "vehicle_condition": "new",
        "power": "combustion",
        "channel": "internet_assisted",
    }


def test_the_mainland_has_thirty_one_provinces():
    assert len(PROVINCES) == len(set(PROVINCES.values())) == 31
