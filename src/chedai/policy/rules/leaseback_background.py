"""An auto finance company's sale-and-leaseback needs a real trade behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chedai.core.rules.facts import ContractNature, Facts, LenderKind
from chedai.core.rules.finding import Finding, Severity
from chedai.policy.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chedai.policy.day import PolicyDay


def check(facts: Facts, policy: PolicyDay) -> Iterator[Finding]:
    """Remind of the evidence that a real vehicle trade lies behind the leaseback."""
    is_afc = facts.lender_kind is LenderKind.AUTO_FINANCE_COMPANY
    if facts.contract_nature is not ContractNature.FINANCE_LEASE_LEASEBACK or not is_afc:
        return
    cited = policy.clause("nfra-2023-1", article="售后回租条款")
    if cited is None:
        return
    yield Finding(
        rule_id=RULE.id,
        severity=RULE.declared,
        message="汽车金融公司售后回租须有真实的车辆贸易背景",
        remedy="留存购车合同、发票与付款凭证",
        citation=cited,
    )


RULE: Final = Rule(
    id="leaseback_background", label_zh="售后回租背景", declared=Severity.INFORMS, check=check
)
