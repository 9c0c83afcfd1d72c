"""The cap on card cash instalments."""

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
    """Compare the amount with the cap."""
    if facts.contract_nature is not ContractNature.CARD_CASH_INSTALMENT:
        return
    limit = policy.value_or_none("max_card_cash_instalment_fen")
    lent_fen = facts.principal_fen + facts.financed_extras_fen
    if limit is None or lent_fen <= limit.whole:
        return
    yield Finding(
        rule_id=RULE.id,
        severity=RULE.declared,
        message=f"预借现金分期 {yuan_text(lent_fen)} 超过上限 {yuan_text(limit.whole)}",
        remedy=f"金额不超过 {yuan_text(limit.whole)}，或改用购车专项分期",
        citation=limit.citation,
        value=lent_fen,
        threshold=limit.whole,
    )


RULE: Final = Rule(
    id="card_cash_instalment", label_zh="预借现金分期", declared=Severity.BLOCKS, check=check
)
