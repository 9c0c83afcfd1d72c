"""The disclosure form is confirmed before the contract is signed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chedai.core.rules.finding import Citation, Finding, Severity
from chedai.policy.rule import Rule
from chedai.policy.wording import moment_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chedai.core.rules.facts import Facts
    from chedai.policy.day import PolicyDay


def check(facts: Facts, policy: PolicyDay) -> Iterator[Finding]:
    """Ask for the form where it is due, and compare the two moments once both are known."""
    required = policy.value_or_none("is_cost_disclosure_required")
    if required is None:
        return
    if not required.is_true:
        yield from _voluntary(facts, required.citation)
        return
    shown_at, signed_at = facts.disclosure_confirmed_at, facts.contract_signed_at
    if shown_at is None:
        is_late = signed_at is not None
        yield Finding(
            rule_id=RULE.id,
            severity=RULE.declared if is_late else Severity.INFORMS,
            message="合同已签，但没有综合融资成本明示表的确认记录"
            if is_late
            else "签约前须出示综合融资成本明示表并由客户确认",
            remedy="先出示明示表、列明每项费用与收取方，客户确认后再签约",
            citation=required.citation,
        )
    elif signed_at is not None and shown_at >= signed_at:
        yield Finding(
            rule_id=RULE.id,
            severity=RULE.declared,
            message=f"明示表确认时间 {moment_text(shown_at)} 不早于签约时间 "
            f"{moment_text(signed_at)}",
            remedy="重新出示明示表，客户确认后再签合同",
            citation=required.citation,
            value=shown_at.isoformat(),
            threshold=signed_at.isoformat(),
        )


def _voluntary(facts: Facts, citation: Citation) -> Iterator[Finding]:
    if facts.disclosure_confirmed_at is None:
        yield Finding(
            rule_id=RULE.id,
            severity=Severity.INFORMS,
            message="融资租赁是否须用明示表尚未核实，建议使用同一表式",
            remedy="出示“融资租赁综合年化费率”明示表并请客户确认",
            citation=citation,
        )


RULE: Final = Rule(
    id="cost_disclosure", label_zh="综合融资成本明示", declared=Severity.BLOCKS, check=check
)
