"""A dealer does not charge for financial services in the lender's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chedai.core.rules.facts import Facts, LenderKind, PayeeKind
from chedai.core.rules.finding import Finding, Severity
from chedai.policy.rule import Rule
from chedai.policy.wording import yuan_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chedai.policy.day import PolicyDay

_FEE_CODE: Final = "financial_service"


def check(facts: Facts, policy: PolicyDay) -> Iterator[Finding]:
    """Warn of a financial-service fee that the dealer collects."""
    charged = [
        fee
        for fee in facts.fees
        if fee.code == _FEE_CODE and fee.amount_fen > 0 and fee.payee_kind is PayeeKind.DEALER
    ]
    if not charged:
        return
    is_afc = facts.lender_kind is LenderKind.AUTO_FINANCE_COMPANY
    cited = (
        policy.clause("cbirc-2019-dealer-fees", article="经销商收费要求")
        if is_afc
        else policy.clause("mofcom-2017-1", article="第十条")
    )
    if cited is None:
        return
    supports = (
        policy.clause("price-law", article="第十三条"),
        policy.clause("samr-auto-price-2026", article="服务收费条款"),
    )
    for fee in charged:
        yield Finding(
            rule_id=RULE.id,
            severity=RULE.declared,
            message=f"经销商收取{fee.name_zh} {yuan_text(fee.amount_fen)}，"
            + ("不得以为汽车金融公司提供服务的名义收取" if is_afc else "须事先明示且对应真实服务"),
            remedy="取消该项收费，或改列为已明码标价、由客户自愿选择的服务",
            citation=cited,
            value=fee.amount_fen,
            also_cited=tuple(support for support in supports if support is not None),
        )


RULE: Final = Rule(
    id="financial_service_fee", label_zh="金融服务费", declared=Severity.WARNS, check=check
)
