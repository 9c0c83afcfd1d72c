"""A success fee is not taken before there is success."""

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
    """Warn of fees for bringing about the loan that are collected before it exists."""
    prepaid = [fee for fee in facts.fees if fee.is_prepaid_success_fee and fee.amount_fen > 0]
    if not prepaid:
        return
    cited = policy.clause("civil-code", article="第九百六十四条")
    if cited is None:
        return
    for fee in prepaid:
        yield Finding(
            rule_id=RULE.id,
            severity=RULE.declared,
            message=f"{fee.name_zh} {yuan_text(fee.amount_fen)} 在贷款办成前收取",
            remedy="改为放款后收取；贷款未办成的全额退还，只可结算约定的必要费用",
            citation=cited,
            value=fee.amount_fen,
        )


RULE: Final = Rule(
    id="success_fee_prepaid", label_zh="预收服务费", declared=Severity.WARNS, check=check
)
