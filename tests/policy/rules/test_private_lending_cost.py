from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.policy.plans import findings_of, make_facts, severities_of

from chedai.core.rules import ContractNature, LenderKind
from chedai.policy.evaluation import policy_day_for
from chedai.policy.rules import RULES


def private(**changes):
    return make_facts(
        **{
            "lender_kind": LenderKind.PRIVATE_LENDER,
            "contract_nature": ContractNature.PRIVATE_LOAN,
        }
        | changes
    )


@pytest.mark.parametrize(
    ("contract_on", "apr_simple", "severities"),
    [
        # 4 × 3.10 % = 12.40 % until 2025-05-19, 4 × 3.00 % = 12.00 % from 2025-05-20
        (date(2025, 5, 19), "0.1240", []),
        (date(2025, 5, 19), "0.1241", ["warns"]),
        (date(2025, 5, 20), "0.1200", []),
        (date(2025, 5, 20), "0.1201", ["warns"]),
        (date(2020, 12, 31), "0.9000", []),
    ],
)
def test_the_ceiling_is_four_times_the_lpr_of_the_contract_day(
    book, contract_on, apr_simple, severities
):
    facts = private(
        contract_on=contract_on, apr_simple=Decimal(apr_simple), apr_compound=Decimal(apr_simple)
    )

    assert severities_of("private_lending_cost", facts, book) == severities


@pytest.mark.parametrize(
    ("contract_on", "is_doubted"), [(date(2026, 8, 19), False), (date(2026, 8, 20), True)]
)
def test_an_lpr_nobody_has_checked_is_said_to_be_unchecked(book, contract_on, is_doubted):
    facts = private(contract_on=contract_on, apr_simple=Decimal("0.1300"))

    (finding,) = findings_of("private_lending_cost", facts, book)

    assert ("只核实到 2026-08-19" in finding.message) is is_doubted
    assert [text.source_id for text in finding.citations] == [
        "spc-private-lending-2020",
        "lpr-announcement",
    ]


def test_a_lessor_is_outside_the_ceiling_and_the_trace_says_by_which_text(book):
    facts = make_facts(
        lender_kind=LenderKind.LEASING_COMPANY,
        contract_nature=ContractNature.FINANCE_LEASE_DIRECT,
        apr_simple=Decimal("0.1800"),
    )
    policy = policy_day_for(facts, book)

    assert list(RULES["private_lending_cost"].check(facts, policy)) == []
    assert [item.id for item in policy.consulted] == ["spc-reply-2020-financial#适用范围"]


def test_an_unknown_cost_is_not_measured(book):
    assert findings_of("private_lending_cost", private(apr_simple=None), book) == []
