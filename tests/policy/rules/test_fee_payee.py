from __future__ import annotations

from datetime import date

import pytest
from tests.policy.plans import findings_of, make_facts, make_fee, severities_of

from chedai.core.rules import PayeeKind


@pytest.mark.parametrize(
    ("changes", "severities"),
    [
        ({}, []),
        ({"payee_name": None}, ["blocks"]),
        ({"payee_name": "  "}, ["blocks"]),
        ({"payee_kind": None}, ["blocks"]),
        ({"payee_kind": PayeeKind.PERSON, "payee_name": "林知夏"}, ["blocks"]),
        ({"payee_name": None, "amount_fen": 0}, []),
        ({"payee_name": None, "amount_fen": 1}, ["blocks"]),
    ],
)
def test_every_fee_names_a_company_as_its_payee(book, changes, severities):
    facts = make_facts(fees=(make_fee(**changes),))

    assert severities_of("fee_payee", facts, book) == severities


def test_each_faulty_fee_is_found_by_name_and_labelled_a_house_rule(book):
    facts = make_facts(
        fees=(
            make_fee(),
            make_fee(name_zh="抵押代办费", payee_kind=PayeeKind.PERSON, payee_name="林知夏"),
        )
    )

    (finding,) = findings_of("fee_payee", facts, book)

    assert finding.message == "抵押代办费 1,000.00 元 收款方 林知夏 是个人（本系统内部规则）"


def test_a_day_before_the_house_rules_is_not_judged_by_them(book):
    facts = make_facts(contract_on=date(1999, 12, 31), fees=(make_fee(payee_name=None),))

    assert findings_of("fee_payee", facts, book) == []
