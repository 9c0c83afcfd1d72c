"""What a message must carry, and what one digest says of it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from tests.lenders.packs import MOMENT, make_application

from chedai.lenders.port import (
    DOCUMENTS,
    EVENT_KINDS,
    FIELDS,
    Application,
    LenderEvent,
    pack_digest,
    unmet,
)
from chedai.lenders.sandbox.personalities import PERSONALITIES

EVENT: dict[str, Any] = {
    "event_id": "E1",
    "application_ref": "P1",
    "lender_ref": "L1",
    "sequence": 1,
    "occurred_at": MOMENT.isoformat(),
}


def test_the_digest_is_of_what_is_said_not_of_how_it_is_ordered():
    plain = make_application().model_dump(mode="json")
    turned = dict(reversed(list(plain.items())))
    turned["borrower"] = dict(reversed(list(plain["borrower"].items())))

    assert pack_digest(Application.model_validate(turned)) == pack_digest(make_application())


def test_one_fen_more_is_another_pack():
    other = make_application(principal_fen=100_000_01)

    assert pack_digest(other) != pack_digest(make_application())


@pytest.mark.parametrize(
    "kind", [kind for kind in EVENT_KINDS if kind not in {"received", "in_review", "withdrawn"}]
)
def test_an_event_without_what_it_is_about_is_unreadable(kind: str):
    with pytest.raises(ValidationError):
        LenderEvent.model_validate(EVENT | {"kind": kind})


@pytest.mark.parametrize("kind", ["received", "in_review", "withdrawn"])
def test_an_event_that_is_only_a_moment_needs_nothing_else(kind: str):
    assert LenderEvent.model_validate(EVENT | {"kind": kind}).sequence == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"principal_fen": 100_000.5},
        {"principal_fen": -1},
        {"principal_fen": "十万"},
        {"term_months": 0},
        {"term_months": 361},
        {"nominal_rate_annual": "NaN"},
        {"nominal_rate_annual": "11"},
        {"application_ref": "../etc"},
        {"application_ref": "甲" * 10},
        {"authorisation": None},
    ],
)
def test_an_impossible_application_is_no_message(changes: dict[str, Any]):
    with pytest.raises(ValidationError):
        make_application(**changes)


def test_a_field_nobody_knows_is_passed_over():
    plain = make_application().model_dump(mode="json") | {"horoscope": "lucky"}

    assert Application.model_validate(plain) == make_application()


@pytest.mark.parametrize("code", sorted(PERSONALITIES))
def test_lenders_ask_only_for_what_the_dictionary_knows(code: str):
    mind = PERSONALITIES[code]

    assert set(mind.required_fields) <= set(FIELDS)
    assert set(mind.required_documents) <= set(DOCUMENTS)
    assert {kind for kind, _ in mind.asks_for} <= set(DOCUMENTS)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("monthly_income_fen", 8_000_00, None),
        ("monthly_income_fen", "8000", "整数"),
        ("monthly_income_fen", -1, "范围"),
        ("monthly_income_fen", 10**13, "范围"),
        ("monthly_income_fen", True, "整数"),
        ("employment", "salaried", None),
        ("employment", "pirate", "只能选"),
        ("name", " ", "还没填"),
        ("name", "长" * 201, "太长"),
        ("age_years", 36, None),
    ],
)
def test_a_field_says_what_is_wrong_with_a_value(name: str, value: Any, said: str | None):
    fault = FIELDS[name].fault(value)

    assert (fault is None) is (said is None)
    assert said is None or said in str(fault)


def test_everything_missing_is_said_at_once_and_of_whom():
    found = unmet(("name", "phone", "employment"), {"name": "样本乙"}, person="co_borrower")

    assert sorted(found) == ["co_borrower.employment", "co_borrower.phone"]
