"""House rule: every fee names the company it is paid to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chedai.core.rules.facts import Facts, PayeeKind
from chedai.core.rules.finding import Finding, Severity
from chedai.policy.rule import Rule
from chedai.policy.wording import yuan_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chedai.policy.day import PolicyDay


def check(facts: Facts, policy: PolicyDay) -> Iterator[Finding]:
    """Stop a fee without a payee, or one that goes to a person's account."""
    cited = policy.clause("house-rules", article="费用须有对公收款方")
    if cited is None:
        return
    for fee in facts.fees:
        is_nameless = not (fee.payee_name or "").strip() or fee.payee_kind is None
        if fee.amount_fen <= 0 or not (is_nameless or fee.payee_kind is PayeeKind.PERSON):
            continue
        reason = "没有写明收款单位" if is_nameless else f"收款方 {fee.payee_name} 是个人"
        yield Finding(
            rule_id=RULE.id,
            severity=RULE.declared,
            message=f"{fee.name_zh} {yuan_text(fee.amount_fen)} {reason}（本系统内部规则）",
            remedy="写明对公收款单位与账户；没有对公收款方的费用不收取",
            citation=cited,
            value=fee.amount_fen,
        )


RULE: Final = Rule(id="fee_payee", label_zh="费用收款方", declared=Severity.BLOCKS, check=check)
