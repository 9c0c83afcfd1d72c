from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
import yaml
from tests.policy.plans import make_facts, make_fee

from chedai.core.rules import (
    ContractNature,
    LenderKind,
    PayeeKind,
    Severity,
    VehicleCondition,
)
from chedai.policy.book import SHIPPED, PolicyBook
from chedai.policy.evaluation import RuleState, evaluate, policy_day_for, review
from chedai.policy.rules import RULES

TROUBLED = make_facts(
    vehicle_condition=VehicleCondition.USED,
    appraised_price_fen=9_000_000,
    principal_fen=10_000_001,
    term_months=72,
    province="410000",
    deducted_in_advance_fen=100_000,
    apr_simple=Decimal("0.3000"),
    apr_compound=Decimal("0.3449"),
    is_internet_assisted=True,
    flat_fee_rate_total=Decimal("0.3000"),
    loan_only_discount_fen=500_000,
    fees=(
        make_fee(payee_name=None, payee_kind=None, is_prepaid_success_fee=True),
        make_fee(code="financial_service", name_zh="金融服务费", is_on_disclosure_form=False),
        make_fee(payee_kind=PayeeKind.PERSON),
    ),
)


def test_an_orderly_plan_carries_only_the_reminder_of_the_form(book):
    findings = evaluate(make_facts(), policy_day_for(make_facts(), book))

    assert [(item.rule_id, item.severity.value) for item in findings] == [
        ("cost_disclosure", "informs")
    ]


def test_findings_come_with_the_hardest_on_top(book):
    findings = evaluate(TROUBLED, policy_day_for(TROUBLED, book))
    order = [list(Severity).index(finding.severity) for finding in findings]

    assert order == sorted(order)
    assert findings[0].severity is Severity.BLOCKS


@pytest.mark.parametrize("lender_kind", LenderKind)
@pytest.mark.parametrize("nature", ContractNature)
def test_a_rule_blocks_only_on_texts_that_were_read(book, lender_kind, nature):
    facts = make_facts(**vars(TROUBLED) | {"lender_kind": lender_kind, "contract_nature": nature})

    for finding in evaluate(facts, policy_day_for(facts, book)):
        if finding.severity is Severity.BLOCKS:
            assert all(citation.was_text_read for citation in finding.citations)


def test_the_same_rule_blocks_once_an_installation_has_read_the_text(book, tmp_path):
    (tmp_path / "sources").mkdir()
    name = "pboc-nfra-2024-car-loan.yaml"
    raw = yaml.safe_load((SHIPPED / "sources" / name).read_text("utf-8")) | {"was_text_read": True}
    (tmp_path / "sources" / name).write_text(yaml.safe_dump(raw, allow_unicode=True), "utf-8")
    read = PolicyBook.load(tmp_path)

    def severity(of_book):
        findings = evaluate(TROUBLED, policy_day_for(TROUBLED, of_book))
        return next(item.severity for item in findings if item.rule_id == "loan_to_value")

    assert (severity(book), severity(read)) == (Severity.WARNS, Severity.BLOCKS)


def test_every_finding_says_what_is_wrong_what_to_do_and_from_which_text(book):
    for finding in evaluate(TROUBLED, policy_day_for(TROUBLED, book)):
        assert finding.message
        assert finding.remedy
        assert finding.citation.instrument


def test_no_finding_speaks_of_crime_or_usury(book):
    for finding in evaluate(TROUBLED, policy_day_for(TROUBLED, book)):
        assert not {"违法", "高利贷"} & {finding.message, finding.remedy}
        assert "违法" not in finding.message + finding.remedy
        assert "高利贷" not in finding.message + finding.remedy


def test_a_review_tells_for_every_rule_what_became_of_it(book):
    seen = review(TROUBLED, policy_day_for(TROUBLED, book))
    states = {outcome.rule_id: outcome.state for outcome in seen.outcomes}

    assert list(states) == list(RULES)
    assert states["loan_to_value"] is RuleState.FOUND
    assert states["annual_rate_shown"] is RuleState.PASSED
    assert states["lease_wording"] is RuleState.NOT_APPLICABLE
    assert states["consumer_finance_lender"] is RuleState.NOT_APPLICABLE
    assert seen.is_blocked


def test_a_review_is_stored_with_day_version_numbers_rules_and_findings(book):
    record = review(TROUBLED, policy_day_for(TROUBLED, book)).as_record()

    assert json.loads(json.dumps(record, ensure_ascii=False)) == record
    assert record["day"] == "2026-11-23"
    assert record["book_version"] == book.version
    ltv = next(item for item in record["rules"] if item["rule_id"] == "loan_to_value")
    assert ltv == {
        "rule_id": "loan_to_value",
        "label": "贷款成数",
        "state": "found",
        "consulted": ["max_ltv"],
    }
    asked = next(item for item in record["consulted"] if item["id"] == "max_ltv")
    assert asked["citation"]["instrument"] == "关于调整汽车贷款有关政策的通知"
    found = next(item for item in record["findings"] if item["rule_id"] == "loan_to_value")
    assert found["threshold"] == "0.70"


def test_the_same_plan_is_judged_by_the_law_of_its_own_day(book):
    # 85 % on a private new car: 80 % was the cap until 2024-04-02, then the lender's to set
    then = make_facts(principal_fen=8_500_000, contract_on=date(2024, 4, 2))
    now = make_facts(principal_fen=8_500_000, contract_on=date(2024, 4, 3))

    assert "loan_to_value" in {f.rule_id for f in evaluate(then, policy_day_for(then, book))}
    assert evaluate(now, policy_day_for(now, book)) == ()


def test_a_stored_day_evaluates_to_the_same_findings_again(book):
    one = evaluate(TROUBLED, policy_day_for(TROUBLED, book))
    again = evaluate(TROUBLED, policy_day_for(TROUBLED, PolicyBook.load()))

    assert one == again
