"""The trap of loan-to-value: the base is not the price on the order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chedai.core.rules.facts import ContractNature, Facts
from chedai.core.rules.finding import Finding, Severity
from chedai.policy.ltv import ltv_base_of
from chedai.policy.rule import Rule
from chedai.policy.wording import yuan_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chedai.policy.day import PolicyDay

_ON_CAR_PRICE: Final = frozenset(
    {ContractNature.CAR_LOAN, ContractNature.CONSUMER_LOAN, ContractNature.CARD_INSTALMENT}
)


def check(facts: Facts, policy: PolicyDay) -> Iterator[Finding]:
    """Say where the base is lower than the price, or cannot be derived yet."""
    if facts.contract_nature not in _ON_CAR_PRICE:
        return
    cited = policy.clause("pboc-cbrc-2017-2", article="计贷价格定义条款")
    if cited is None:
        return
    base = ltv_base_of(facts)
    derived = "；".join(base.derivation)
    if base.is_reference_missing or base.base_fen <= 0:
        yield Finding(
            rule_id=RULE.id,
            severity=RULE.declared,
            message=f"计贷价格还不能确定：{derived}",
            remedy=f"补充{base.reference_name_zh}后再核对贷款成数",
            citation=cited,
            value=base.base_fen,
        )
    elif base.base_fen < facts.vehicle_price_fen:
        yield Finding(
            rule_id=RULE.id,
            severity=Severity.INFORMS,
            message=f"计贷价格低于成交价：{derived}；税费、保险和附加品不计入",
            remedy=f"贷款成数按 {yuan_text(base.base_fen)} 计算",
            citation=cited,
            value=base.base_fen,
            threshold=facts.vehicle_price_fen,
        )


RULE: Final = Rule(id="ltv_base_price", label_zh="计贷价格", declared=Severity.WARNS, check=check)
