"""House rule: nobody lends more on the car than the car costs."""

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
    """Stop a plan whose principal is above the transaction price."""
    cited = policy.clause("house-rules", article="本金不超过车价")
    if cited is None or facts.principal_fen <= facts.vehicle_price_fen:
        return
    yield Finding(
        rule_id=RULE.id,
        severity=RULE.declared,
        message=f"贷款本金 {yuan_text(facts.principal_fen)} 超过成交价 "
        f"{yuan_text(facts.vehicle_price_fen)}（本系统内部规则）",
        remedy=f"车辆贷款本金不超过 {yuan_text(facts.vehicle_price_fen)}，附加品另列",
        citation=cited,
        value=facts.principal_fen,
        threshold=facts.vehicle_price_fen,
    )


RULE: Final = Rule(
    id="principal_within_price", label_zh="本金不超过车价", declared=Severity.BLOCKS, check=check
)
