"""A discount only loan buyers get is shown beside the cash price."""

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
    """Stop a plan that hides the condition of its price; remind of it where it is shown."""
    if facts.loan_only_discount_fen <= 0:
        return
    cited = policy.clause("samr-price-display-2022", article="第十九条")
    if cited is None:
        return
    amount = yuan_text(facts.loan_only_discount_fen)
    is_shown = facts.is_loan_only_discount_shown
    yield Finding(
        rule_id=RULE.id,
        severity=Severity.INFORMS if is_shown else RULE.declared,
        message=f"优惠 {amount} 仅限贷款客户" + ("" if is_shown else "，但没有向客户标示"),
        remedy=f"与全款价并列标示，并把 {amount} 计入与全款对比的实际成本",
        citation=cited,
        value=facts.loan_only_discount_fen,
    )


RULE: Final = Rule(
    id="loan_only_discount", label_zh="贷款专享优惠", declared=Severity.BLOCKS, check=check
)
