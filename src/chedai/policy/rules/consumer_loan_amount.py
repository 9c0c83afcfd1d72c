"""Caps on bank consumption loans that are paid to the borrower or made online."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chedai.core.rules.facts import ContractNature, Facts
from chedai.core.rules.finding import Finding, Severity
from chedai.policy.rule import Rule
from chedai.policy.wording import yuan_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chedai.policy.day import PolicyDay


def check(facts: Facts, policy: PolicyDay) -> Iterator[Finding]:
    """Compare what is lent, extras included, with the caps that fit the way it is lent."""
    if facts.contract_nature is not ContractNature.CONSUMER_LOAN:
        return
    lent_fen = facts.principal_fen + facts.financed_extras_fen
    cases = (
        (facts.is_self_paid, "max_consumer_loan_self_paid_fen", "自主支付金额", "改为受托支付，或"),
        (facts.is_internet_loan, "max_consumer_loan_internet_fen", "互联网消费贷款金额", ""),
    )
    for is_case, parameter_id, name, way_out in cases:
        limit = policy.value_or_none(parameter_id) if is_case else None
        if limit is None or lent_fen <= limit.whole:
            continue
        yield Finding(
            rule_id=RULE.id,
            severity=RULE.declared,
            message=f"{name} {yuan_text(lent_fen)} 超过上限 {yuan_text(limit.whole)}",
            remedy=f"{way_out}贷款额不超过 {yuan_text(limit.whole)}",
            citation=limit.citation,
            value=lent_fen,
            threshold=limit.whole,
        )


RULE: Final = Rule(
    id="consumer_loan_amount", label_zh="消费贷款金额", declared=Severity.BLOCKS, check=check
)
