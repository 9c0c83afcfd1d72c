"""Card instalments: cost shown as interest, never all of it up front."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chedai.core.rules.facts import ContractNature, Facts
from chedai.core.rules.finding import Finding, Severity
from chedai.policy.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chedai.policy.day import PolicyDay


def check(facts: Facts, policy: PolicyDay) -> Iterator[Finding]:
    """Look at how the card centre charges and shows its cost."""
    natures = {ContractNature.CARD_INSTALMENT, ContractNature.CARD_CASH_INSTALMENT}
    if facts.contract_nature not in natures:
        return
    cited = policy.clause("cbirc-2022-13", article="分期业务条款")
    if cited is None:
        return
    if facts.is_all_interest_upfront:
        yield Finding(
            rule_id=RULE.id,
            severity=RULE.declared,
            message="分期利息在开始时一次性收取",
            remedy="改为按期收取；一次性收取不得是唯一或默认选项",
            citation=cited,
        )
    if facts.is_cost_shown_as_interest is False:
        yield Finding(
            rule_id=RULE.id,
            severity=Severity.WARNS,
            message="分期成本以手续费而不是利息形式展示",
            remedy="请机构提供以利息形式展示的年化利率",
            citation=cited,
        )


RULE: Final = Rule(
    id="card_instalment_terms", label_zh="信用卡分期条款", declared=Severity.BLOCKS, check=check
)
