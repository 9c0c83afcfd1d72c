from __future__ import annotations

import json
from datetime import date

from chedai.policy.book import PolicyBook
from chedai.policy.change import begun_between, changes_since, ended_between
from chedai.policy.scope import Scope

NEV_AT_BANK = Scope(power="new_energy", lender_kind="bank")


def test_the_digest_of_august_2026_shows_the_disclosure_form(book):
    begun = begun_between(book, after=date(2026, 7, 31), until=date(2026, 8, 1))

    assert {value.id for value in begun} == {"is_cost_disclosure_required"}


def test_what_began_on_the_day_last_looked_is_not_told_again(book):
    assert begun_between(book, after=date(2026, 8, 1), until=date(2026, 11, 23)) == ()


def test_the_digest_of_new_year_2027_shows_the_subsidies_that_ended(book):
    ended = ended_between(book, after=date(2026, 12, 31), until=date(2027, 1, 1))

    assert {"scrappage_subsidy_cap_fen", "interest_subsidy_rate"} <= {value.id for value in ended}
    assert "purchase_tax_relief_share" not in {value.id for value in ended}


def test_a_decision_stored_in_2025_tells_which_of_its_numbers_changed(book):
    policy = book.on(date(2025, 12, 31), scope=NEV_AT_BANK)
    for parameter_id in ("purchase_tax_relief_share", "lpr_1y", "is_cost_disclosure_required"):
        policy.value_or_none(parameter_id)
    policy.clause("civil-code", article="第六百七十条")
    record = json.loads(json.dumps(policy.as_record()))

    changes = changes_since(record, book=book, day=date(2026, 11, 23))

    assert [(change.id, change.was, change.now) for change in changes] == [
        ("purchase_tax_relief_share", "1", "0.5"),
        ("is_cost_disclosure_required", None, True),
    ]
    assert changes[1].label == "须签约前确认综合融资成本明示表"


def test_put_to_the_same_book_on_the_same_day_nothing_has_changed(book):
    policy = book.on(date(2025, 12, 31), scope=NEV_AT_BANK)
    policy.value("purchase_tax_relief_share")

    again = changes_since(policy.as_record(), book=PolicyBook.load(), day=date(2025, 12, 31))

    assert again == ()


def test_a_number_the_book_no_longer_has_is_told_as_absent(book):
    record = {
        "scope": {},
        "consulted": [{"id": "gone", "label": "已撤销的参数", "value": 1}, {"id": "x", "value": 2}],
    }

    changes = changes_since(record, book=book, day=date(2026, 11, 23))

    assert [(c.id, c.label, c.now) for c in changes] == [
        ("gone", "已撤销的参数", None),
        ("x", "x", None),
    ]
