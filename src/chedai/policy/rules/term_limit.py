"""The longest term by contract, condition and lender, extension included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chedai.core.rules.facts import ContractNature, Facts
from chedai.core.rules.finding import Finding, Severity
from chedai.policy.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chedai.policy.day import PolicyDay


def check(facts: Facts, policy: PolicyDay) -> Iterator[Finding]:
    """Compare the term, extension included, with the limit; leases have none."""
    if facts.contract_nature.is_lease or facts.contract_nature is ContractNature.PRIVATE_LOAN:
        return
    limit = policy.value_or_none("max_term_months")
    term_months = facts.term_months + facts.extension_months
    if limit is None or term_months <= limit.whole:
        return
    extension = f"（含展期 {facts.extension_months} 个月）" if facts.extension_months else ""
    yield Finding(
        rule_id=RULE.id,
        severity=RULE.declared,
        message=f"期限 {term_months} 个月{extension}超过上限 {limit.whole} 个月",
        remedy=f"期限改为不超过 {limit.whole} 个月",
        citation=limit.citation,
        value=term_months,
        threshold=limit.whole,
    )


RULE: Final = Rule(id="term_limit", label_zh="贷款期限", declared=Severity.BLOCKS, check=check)
