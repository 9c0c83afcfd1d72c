"""Interest kept back from the disbursement: the principal is what was paid out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chedai.core.rules.finding import Finding, Severity
from chedai.policy.rule import Rule
from chedai.policy.wording import yuan_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chedai.core.rules.facts import Facts
    from chedai.policy.day import PolicyDay


def check(facts: Facts, policy: PolicyDay) -> Iterator[Finding]:
    """Stop a plan whose interest is taken out of the principal in advance."""
    if facts.contract_nature.is_lease:
        return
    cited = policy.clause("civil-code", article="第六百七十条")
    if cited is None or facts.deducted_in_advance_fen <= 0:
        return
    lent_fen = facts.principal_fen + facts.financed_extras_fen
    received_fen = lent_fen - facts.deducted_in_advance_fen
    yield Finding(
        rule_id=RULE.id,
        severity=RULE.declared,
        message=f"放款时预先扣除利息 {yuan_text(facts.deducted_in_advance_fen)}，"
        f"实际到手 {yuan_text(received_fen)}，低于合同本金 {yuan_text(lent_fen)}",
        remedy=f"利息改为随期收取，或合同本金按实际到手 {yuan_text(received_fen)} 计算",
        citation=cited,
        value=facts.deducted_in_advance_fen,
        threshold=0,
    )


RULE: Final = Rule(
    id="interest_in_advance", label_zh="预扣利息", declared=Severity.BLOCKS, check=check
)
