from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.policy.plans import findings_of, make_facts, severities_of

from chedai.core.rules import LenderKind

SIGNED_AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("contract_on", "severities"), [(date(2026, 8, 1), ["informs"]), (date(2026, 7, 31), [])]
)
def test_the_form_is_asked_for_from_the_first_of_august_2026(book, contract_on, severities):
    assert severities_of("cost_disclosure", make_facts(contract_on=contract_on), book) == severities


@pytest.mark.parametrize(
    ("confirmed_at", "severities"),
    [
        (SIGNED_AT - timedelta(minutes=1), []),
        (SIGNED_AT, ["warns"]),
        (SIGNED_AT + timedelta(minutes=1), ["warns"]),
        (None, ["warns"]),
    ],
)
def test_the_form_is_confirmed_strictly_before_the_contract(book, confirmed_at, severities):
    facts = make_facts(disclosure_confirmed_at=confirmed_at, contract_signed_at=SIGNED_AT)

    assert severities_of("cost_disclosure", facts, book) == severities


def test_a_form_confirmed_with_no_contract_yet_is_in_order(book):
    facts = make_facts(disclosure_confirmed_at=SIGNED_AT)

    assert findings_of("cost_disclosure", facts, book) == []


@pytest.mark.parametrize(("confirmed_at", "count"), [(None, 1), (SIGNED_AT, 0)])
def test_a_lessor_is_advised_to_use_the_form_of_its_own_will(book, confirmed_at, count):
    facts = make_facts(lender_kind=LenderKind.LEASING_COMPANY, disclosure_confirmed_at=confirmed_at)

    assert severities_of("cost_disclosure", facts, book) == ["informs"] * count


def test_the_message_tells_the_time_of_the_wall_clock_in_china(book):
    facts = make_facts(disclosure_confirmed_at=SIGNED_AT, contract_signed_at=SIGNED_AT)

    (finding,) = findings_of("cost_disclosure", facts, book)

    assert "不早于签约时间 2026-11-23 15:00" in finding.message
