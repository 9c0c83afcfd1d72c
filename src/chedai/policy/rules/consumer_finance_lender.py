"""A consumer-finance company does not lend for buying a car."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chedai.core.rules.facts import Facts, LenderKind
from chedai.core.rules.finding import Finding, Severity
from chedai.policy.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chedai.policy.day import PolicyDay


def check(facts: Facts, policy: PolicyDay) -> Iterator[Finding]:
    """Warn whenever such a company is offered as lender of a car purchase."""
    if facts.lender_kind is not LenderKind.CONSUMER_FINANCE_COMPANY:
        return
    outside = policy.value_or_none("is_car_purchase_outside_consumer_finance")
    if outside is None or not outside.is_true:
        return
    yield Finding(
        rule_id=RULE.id,
        severity=RULE.declared,
        message="消费金融公司的消费贷款不包括购车",
        remedy="改选银行、汽车金融公司、信用卡中心或融资租赁公司",
        citation=outside.citation,
    )


RULE: Final = Rule(
    id="consumer_finance_lender", label_zh="消费金融公司", declared=Severity.BLOCKS, check=check
)
