from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
import yaml

from chedai.policy.book import (
    PolicyAmbiguousError,
    PolicyBook,
    PolicyNumberUnknownError,
)
from chedai.policy.day import PolicyClauseUnknownError, PolicyNumberAbsentError
from chedai.policy.reading import PolicyFileError
from chedai.policy.scope import Scope

PRIVATE_NEW_ICE = Scope(vehicle_use="private", vehicle_condition="new", power="combustion")
ENTRY = {"value": "0.70", "source": "house-rules", "clause": "本金不超过车价"}


def overlay(folder, *, parameters=None, sources=None):
    """Write an installation's own folder."""
    for kind, files in (("parameters", parameters or {}), ("sources", sources or {})):
        (folder / kind).mkdir(exist_ok=True)
        for name, raw in files.items():
            text = yaml.safe_dump(raw, allow_unicode=True)
            (folder / kind / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def parameter(**changes):
    return {
        "id": "store_max_ltv",
        "label": "门店成数上限",
        "unit": "ratio",
        "checked_on": date(2026, 11, 20),
        "values": {date(2026, 1, 1): ENTRY},
    } | changes


@pytest.mark.parametrize(
    ("day", "value", "source_id"),
    [
        (date(2018, 1, 1), "0.80", "pboc-cbrc-2017-234"),
        (date(2024, 4, 2), "0.80", "pboc-cbrc-2017-234"),
        (date(2024, 4, 3), "1.00", "pboc-nfra-2024-car-loan"),
    ],
)
def test_a_number_is_the_one_in_force_on_the_day(book, day, value, source_id):
    found = book.on(day, scope=PRIVATE_NEW_ICE).value("max_ltv")

    assert found.decimal == Decimal(value)
    assert found.citation.source_id == source_id


def test_a_value_knows_from_when_until_when_it_holds(book):
    old = book.on(date(2024, 4, 2), scope=PRIVATE_NEW_ICE).value("max_ltv")
    new = book.on(date(2024, 4, 3), scope=PRIVATE_NEW_ICE).value("max_ltv")

    assert (old.in_force_from, old.in_force_until) == (date(2018, 1, 1), date(2024, 4, 2))
    assert (new.in_force_from, new.in_force_until) == (date(2024, 4, 3), None)


def test_a_case_of_2025_opened_today_sees_the_numbers_of_2025(book):
    nev = Scope(power="new_energy", lender_kind="bank")
    then, now = book.on(date(2025, 12, 31), scope=nev), book.on(date(2026, 11, 23), scope=nev)

    assert then.value("purchase_tax_relief_share").decimal == 1
    assert now.value("purchase_tax_relief_share").decimal == Decimal("0.5")
    assert then.value("scrappage_subsidy_cap_fen").whole == 2_000_000
    assert then.value_or_none("scrappage_subsidy_ratio") is None
    assert then.value_or_none("is_cost_disclosure_required") is None
    assert now.value("is_cost_disclosure_required").is_true


@pytest.mark.parametrize(
    ("parameter_id", "before", "since"),
    [
        ("is_cost_disclosure_required", date(2026, 7, 31), date(2026, 8, 1)),
        ("max_consumer_loan_self_paid_fen", date(2024, 6, 30), date(2024, 7, 1)),
        ("does_interest_subsidy_cover_cards", date(2027, 1, 1), date(2026, 12, 31)),
        ("purchase_tax_relief_cap_fen", date(2028, 1, 1), date(2027, 12, 31)),
        ("scrappage_subsidy_cap_fen", date(2027, 1, 1), date(2026, 12, 31)),
        ("replacement_subsidy_ratio", date(2025, 12, 31), date(2026, 1, 1)),
        ("interest_subsidy_single_cap_fen", date(2026, 1, 1), date(2025, 12, 31)),
    ],
)
def test_a_number_is_absent_one_day_outside_its_days(book, parameter_id, before, since):
    scope = Scope(lender_kind="bank", power="new_energy")

    assert book.on(before, scope=scope).value_or_none(parameter_id) is None
    assert book.on(since, scope=scope).value_or_none(parameter_id) is not None


def test_asking_for_an_absent_number_is_refused_by_name_day_and_scope(book):
    with pytest.raises(PolicyNumberAbsentError, match="max_ltv 在 2017-12-31"):
        book.on(date(2017, 12, 31), scope=PRIVATE_NEW_ICE).value("max_ltv")


def test_a_scoped_number_does_not_answer_a_question_without_scope(book):
    assert book.on(date(2026, 11, 23)).value_or_none("max_ltv") is None


def test_a_number_nobody_wrote_is_refused(book):
    with pytest.raises(PolicyNumberUnknownError, match="max_colour"):
        book.on(date(2026, 11, 23)).value("max_colour")


@pytest.mark.parametrize(
    ("source_id", "article"), [("no-such-law", "第一条"), ("civil-code", "第一条")]
)
def test_a_clause_nobody_listed_is_refused(book, source_id, article):
    with pytest.raises(PolicyClauseUnknownError):
        book.on(date(2026, 11, 23)).clause(source_id, article=article)


@pytest.mark.parametrize(
    ("day", "is_in_force"), [(date(2020, 12, 31), False), (date(2021, 1, 1), True)]
)
def test_a_clause_answers_only_while_its_law_is_in_force(book, day, is_in_force):
    cited = book.on(day).clause("civil-code", article="第六百七十条")

    assert (cited is not None) is is_in_force


def test_a_repealed_text_no_longer_answers(tmp_path):
    source = {
        "id": "old-pact",
        "kind": "pact",
        "instrument": "旧约定",
        "issuer": "某协会",
        "number": None,
        "dated_on": None,
        "absent": {"number": "自律约定", "dated_on": "未核"},
        "in_force_on": date(2025, 1, 1),
        "repealed_on": date(2026, 1, 1),
        "was_text_read": False,
        "articles": {"第一条": {"gist": "旧内容", "was_text_read": False}},
    }
    book = PolicyBook.load(overlay(tmp_path, sources={"old-pact": source}))

    assert book.on(date(2025, 12, 31)).clause("old-pact", article="第一条") is not None
    assert book.on(date(2026, 1, 1)).clause("old-pact", article="第一条") is None


def test_the_day_remembers_each_question_once_in_the_order_asked(book):
    policy = book.on(date(2026, 11, 23), scope=PRIVATE_NEW_ICE)
    policy.value("max_ltv")
    policy.clause("civil-code", article="第六百七十条")
    policy.value("max_ltv")
    policy.value_or_none("pact_lpr_multiple")

    assert [(item.id, item.is_answered) for item in policy.consulted] == [
        ("max_ltv", True),
        ("civil-code#第六百七十条", True),
        ("pact_lpr_multiple", False),
    ]


def test_the_memory_of_a_day_survives_json(book):
    policy = book.on(date(2026, 11, 23), scope=PRIVATE_NEW_ICE)
    policy.value("max_ltv")
    policy.value_or_none("pact_lpr_multiple")
    policy.clause("house-rules", article="本金不超过车价")
    record = policy.as_record()

    assert json.loads(json.dumps(record)) == record
    assert record["book_version"] == book.version
    assert record["consulted"][0]["value"] == "1.00"
    assert record["consulted"][1] == {"id": "pact_lpr_multiple", "value": None, "citation": None}
    assert record["consulted"][2]["citation"]["is_house_rule"]


def test_a_narrowed_day_has_another_scope_and_its_own_memory(book):
    policy = book.on(date(2026, 11, 23), scope=PRIVATE_NEW_ICE)
    used = policy.narrowed(vehicle_condition="used")

    assert used.value("max_ltv").decimal == Decimal("0.70")
    assert policy.consulted == ()


def test_history_and_change_days_are_in_order(book):
    history = book.history("max_ltv", scope=PRIVATE_NEW_ICE)

    assert [item.decimal for item in history] == [Decimal("0.80"), Decimal("1.00")]
    days = book.change_days()
    assert all(one < other for one, other in pairwise(days))
    assert {date(2024, 4, 3), date(2026, 8, 1), date(2028, 1, 1), date(2027, 1, 1)} <= set(days)


@pytest.mark.parametrize(
    ("parameter_id", "reading"),
    [("max_ltv", "whole"), ("lpr_1y", "words"), ("lpr_1y", "day"), ("lpr_1y", "by_months")],
)
def test_reading_a_number_as_something_else_is_a_bug(book, parameter_id, reading):
    value = book.on(date(2026, 11, 23), scope=PRIVATE_NEW_ICE).value(parameter_id)

    with pytest.raises(AssertionError, match=parameter_id):
        getattr(value, reading)


def test_the_same_files_give_the_same_version_and_an_overlay_another(book, tmp_path):
    extended = PolicyBook.load(overlay(tmp_path, parameters={"store_max_ltv": parameter()}))

    assert PolicyBook.load().version == book.version
    assert extended.version != book.version


def test_an_overlay_adds_its_own_number_and_the_trace_says_where_from(tmp_path):
    extended = PolicyBook.load(overlay(tmp_path, parameters={"store_max_ltv": parameter()}))
    value = extended.on(date(2026, 11, 23)).value("store_max_ltv")

    assert value.decimal == Decimal("0.70")
    assert value.as_record()["origin"] == "overlay"


def test_an_overlay_file_of_the_same_name_replaces_the_shipped_number(tmp_path):
    own = parameter(id="plate_fee_fen", unit="fen", values={date(2019, 1, 1): ENTRY | {"value": 9}})
    extended = PolicyBook.load(overlay(tmp_path, parameters={"plate_fee_fen": own}))

    assert extended.on(date(2026, 11, 23)).value("plate_fee_fen").whole == 9


def test_an_overlay_adds_a_province_to_a_shipped_number_and_keeps_the_rest(book, tmp_path):
    bands = [{"up_to": None, "low_fen": 42_000, "high_fen": 42_000}]
    own = {
        "adds_to": "vehicle_tax_fen",
        "values": {
            date(2026, 1, 1): ENTRY | {"value": bands, "scope": {"province": "420000"}},
        },
    }
    extended = PolicyBook.load(overlay(tmp_path, parameters={"vehicle_tax_hubei": own}))
    hubei = extended.on(date(2026, 11, 23), scope=Scope(province="420000"))
    hunan = extended.on(date(2026, 11, 23), scope=Scope(province="430000"))

    assert hubei.value("vehicle_tax_fen").bands[0].high_fen == 42_000
    assert hunan.value("vehicle_tax_fen").as_record()["origin"] == "shipped"


def test_an_overlay_supplies_the_lpr_of_the_months_nobody_shipped(tmp_path):
    own = {
        "adds_to": "lpr_1y",
        "verified_through": date(2026, 12, 20),
        "values": {date(2026, 11, 20): ENTRY | {"value": "0.0290"}},
    }
    extended = PolicyBook.load(overlay(tmp_path, parameters={"lpr_1y_2026": own}))
    value = extended.on(date(2026, 11, 23)).value("lpr_1y")

    assert (value.decimal, value.is_verified) == (Decimal("0.0290"), True)
    assert extended.on(date(2026, 11, 19)).value("lpr_1y").in_force_until == date(2026, 11, 19)


def test_an_added_value_of_the_same_day_and_scope_wins(tmp_path):
    own = {"adds_to": "lpr_1y", "values": {date(2025, 5, 20): ENTRY | {"value": "0.0301"}}}
    extended = PolicyBook.load(overlay(tmp_path, parameters={"lpr_1y_own": own}))

    assert extended.on(date(2025, 5, 20)).value("lpr_1y").decimal == Decimal("0.0301")


def test_a_missing_overlay_folder_is_refused(tmp_path):
    with pytest.raises(PolicyFileError, match="覆盖目录不存在"):
        PolicyBook.load(tmp_path / "nowhere")


def test_adding_to_a_number_nobody_wrote_is_refused(tmp_path):
    own = {"adds_to": "max_colour", "values": {}}

    with pytest.raises(PolicyFileError, match="max_colour"):
        PolicyBook.load(overlay(tmp_path, parameters={"max_colour_own": own}))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"power": "new_energy"}, {"vehicle_use": "private"}),
        ({"power": "new_energy"}, {"power": ["new_energy", "combustion"]}),
        ({"power": "new_energy"}, {"power": "new_energy"}),
        ({}, {}),
    ],
)
def test_two_values_that_apply_at_once_are_refused(tmp_path, one, other):
    entries = [ENTRY | {"scope": one}, ENTRY | {"value": "0.60", "scope": other}]
    files = {"store_max_ltv": parameter(values={date(2026, 1, 1): entries})}

    with pytest.raises(PolicyAmbiguousError, match="请补全 scope"):
        PolicyBook.load(overlay(tmp_path, parameters=files))


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [
        ({"power": "new_energy"}, {"power": "combustion"}, "0.70"),
        ({"power": "new_energy"}, {"power": "new_energy", "vehicle_use": "private"}, "0.60"),
        ({}, {"power": "new_energy"}, "0.60"),
        ({"vehicle_use": "private"}, {}, "0.70"),
    ],
)
def test_the_more_specific_of_two_values_answers(tmp_path, one, other, value):
    entries = [ENTRY | {"scope": one}, ENTRY | {"value": "0.60", "scope": other}]
    files = {"store_max_ltv": parameter(values={date(2026, 1, 1): entries})}
    book = PolicyBook.load(overlay(tmp_path, parameters=files))
    scope = Scope(power="new_energy", vehicle_use="private")

    assert book.on(date(2026, 1, 1), scope=scope).value("store_max_ltv").decimal == Decimal(value)


def test_values_that_follow_each_other_in_time_are_not_ambiguous(tmp_path):
    values = {
        date(2026, 1, 1): ENTRY | {"scope": {"power": "new_energy"}, "ends_on": date(2026, 6, 30)},
        date(2026, 7, 1): ENTRY | {"scope": {"vehicle_use": "private"}},
    }
    files = {"store_max_ltv": parameter(values=values)}
    book = PolicyBook.load(overlay(tmp_path, parameters=files))
    scope = Scope(power="new_energy", vehicle_use="private")

    found = [
        dict(book.on(day, scope=scope).value("store_max_ltv").scope)
        for day in (date(2026, 6, 30), date(2026, 7, 1))
    ]

    assert found == [{"power": ("new_energy",)}, {"vehicle_use": ("private",)}]


@pytest.mark.parametrize(
    ("ends_on", "until"),
    [(date(2026, 3, 31), date(2026, 3, 31)), (date(2026, 12, 31), date(2026, 6, 30))],
)
def test_a_value_ends_on_its_own_day_or_before_its_successor_whichever_is_earlier(
    tmp_path, ends_on, until
):
    values = {date(2026, 1, 1): ENTRY | {"ends_on": ends_on}, date(2026, 7, 1): ENTRY}
    files = {"store_max_ltv": parameter(values=values)}
    book = PolicyBook.load(overlay(tmp_path, parameters=files))

    assert book.on(date(2026, 1, 1)).value("store_max_ltv").in_force_until == until
