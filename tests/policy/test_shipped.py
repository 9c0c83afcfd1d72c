"""Every shipped policy file and rule: cited, known, checked, registered."""

from __future__ import annotations

import re
import tokenize
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest

from chedai.core.early_warning.signals import SIGNALS
from chedai.core.rules import Severity
from chedai.policy.book import SHIPPED, PolicyBook
from chedai.policy.rules import RULES
from chedai.policy.units import UNITS

TODAY = date(2026, 11, 24)
# Asked for by chedai.portfolio.terms_of_policy and .thresholds.
BY_THE_BOOK = (
    "classification_bank_loan",
    "classification_card",
    "classification_sixty_days",
    "upgrade_observation_months",
    "upgrade_observation_instalments",
    "restructured_observation_months",
    "expected_loss_rate_by_bucket",
    "probability_of_default_by_bucket",
    *(signal.threshold for signal in SIGNALS.values()),
)
BOOK = PolicyBook.load()
PARAMETERS = list(BOOK.parameters.values())
SOURCES = list(BOOK.sources.values())


def by_id(item):
    return item.id


@pytest.mark.parametrize("parameter", PARAMETERS, ids=by_id)
def test_every_number_was_checked_within_a_year(parameter):
    assert TODAY - timedelta(days=365) <= parameter.checked_on <= TODAY


@pytest.mark.parametrize("parameter", PARAMETERS, ids=by_id)
def test_every_number_has_a_known_unit_a_chinese_label_and_a_cited_clause(parameter):
    assert parameter.unit in UNITS
    assert re.search(r"[\u4e00-\u9fff]", parameter.label)
    assert all(entry.clause and entry.source_id in BOOK.sources for entry in parameter.entries)


@pytest.mark.parametrize("parameter", PARAMETERS, ids=by_id)
def test_no_value_begins_before_its_source_is_in_force_or_after_it_is_repealed(parameter):
    for entry in parameter.entries:
        source = BOOK.sources[entry.source_id]

        assert source.in_force_on <= entry.starts_on
        assert source.repealed_on is None or entry.starts_on < source.repealed_on


@pytest.mark.parametrize("parameter", PARAMETERS, ids=by_id)
def test_no_value_outlives_the_text_it_comes_from(parameter):
    for value in BOOK.all_values(parameter.id):
        repealed_on = BOOK.sources[value.citation.source_id].repealed_on
        if repealed_on is not None:
            assert value.in_force_until is not None
            assert value.in_force_until < repealed_on


@pytest.mark.parametrize("source", SOURCES, ids=by_id)
def test_no_source_cites_a_page_instead_of_an_instrument(source):
    words = f"{source.instrument}{source.issuer}{source.number}{source.note}"

    assert not re.search(r"https?:|www\.|\.(com|cn|net|org)\b", words)
    assert source.instrument
    assert source.issuer


@pytest.mark.parametrize("source", SOURCES, ids=by_id)
def test_a_source_without_number_or_day_says_why(source):
    missing = {
        name
        for name, value in (("number", source.number), ("dated_on", source.dated_on))
        if value is None
    }

    assert set(source.absent) == missing


def test_every_source_is_cited_by_a_number_a_rule_or_a_process():
    cited = {entry.source_id for parameter in PARAMETERS for entry in parameter.entries}
    rule_text = "".join(path.read_text("utf-8") for path in (SHIPPED / "rules").glob("*.py"))
    in_purchase = (SHIPPED / "purchase.py").read_text("utf-8")

    unused = {s.id for s in SOURCES if s.id not in cited and f'"{s.id}"' not in rule_text}

    in_processes = "".join(
        path.read_text("utf-8") for path in (SHIPPED / "processes").glob("*.yaml")
    )

    assert {
        source_id
        for source_id in unused
        if f'"{source_id}"' not in in_purchase and f"source: {source_id}," not in in_processes
    } == set()


def test_every_number_is_asked_for_somewhere():
    text = "".join(path.read_text("utf-8") for path in SHIPPED.rglob("*.py"))
    asked_by_others = {
        "lpr_5y",
        "pact_max_commission",
        "pact_free_prepayment_after_months",
        "proposal_link_days",
        "purchase_tax_due_days",
        "scrappage_subsidy_cap_fen",
        "scrappage_subsidy_ratio",
        "replacement_subsidy_cap_fen",
        "replacement_subsidy_ratio",
    } | set(BY_THE_BOOK)

    silent = {p.id for p in PARAMETERS if f'"{p.id}"' not in text} - asked_by_others

    assert silent == set()


def test_the_registry_of_rules_is_the_folder_of_rules():
    files = {path.stem for path in (SHIPPED / "rules").glob("*.py")} - {"__init__"}

    assert set(RULES) == files
    assert all(rule.id == key for key, rule in RULES.items())


@pytest.mark.parametrize("rule_id", RULES)
def test_every_rule_has_its_table_of_tests(rule_id):
    assert (Path(__file__).parent / "rules" / f"test_{rule_id}.py").is_file()


@pytest.mark.parametrize("path", sorted((SHIPPED / "rules").glob("*.py")), ids=lambda p: p.stem)
def test_no_rule_speaks_of_crime_or_usury(path):
    assert not re.search("违法|非法集资|高利贷|无需偿还|套路贷", path.read_text("utf-8"))


@pytest.mark.parametrize("path", sorted((SHIPPED / "rules").glob("*.py")), ids=lambda p: p.stem)
def test_no_rule_carries_a_number_of_policy_in_its_code(path):
    tokens = tokenize.generate_tokens(StringIO(path.read_text("utf-8")).readline)

    assert {token.string for token in tokens if token.type == tokenize.NUMBER} <= {"0", "1", "2"}


def test_the_whole_book_knows_only_three_severities():
    assert {rule.declared for rule in RULES.values()} <= set(Severity)
