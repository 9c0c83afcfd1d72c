"""Financed extras: their own cap, their own application, outside loan-to-value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chedai.core.rules.facts import Facts, LenderKind
from chedai.core.rules.finding import Finding, Severity
from chedai.policy.ltv import max_principal_fen
from chedai.policy.rule import Rule
from chedai.policy.wording import limit_text, yuan_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chedai.policy.day import PolicyDay


def check(facts: Facts, policy: PolicyDay) -> Iterator[Finding]:
    """Compare the financed extras with their cap; ask for the separate application."""
    is_afc = facts.lender_kind is LenderKind.AUTO_FINANCE_COMPANY
    if facts.financed_extras_fen <= 0 or not is_afc:
        return
    yield from _over_cap(facts, policy)
    cited = policy.clause("nfra-2023-1", article="附加品融资条款")
    if cited is not None and not facts.are_extras_applied_separately:
        is_known = facts.are_extras_applied_separately is not None
        yield Finding(
            rule_id=RULE.id,
            severity=RULE.declared if is_known else Severity.INFORMS,
            message="附加品融资须由客户在办理车贷后单独申请"
            + ("，本方案未单独申请" if is_known else "，尚未记录是否单独申请"),
            remedy="请客户另行签署附加品融资申请",
            citation=cited,
        )


def _over_cap(facts: Facts, policy: PolicyDay) -> Iterator[Finding]:
    line = policy.value_or_none("extras_large_price_fen")
    if line is None:
        return
    is_large = facts.extras_price_fen > line.whole
    limit = policy.value("max_extras_ratio_large" if is_large else "max_extras_ratio")
    allowed_fen = max_principal_fen(facts.extras_price_fen, max_ltv=limit.decimal)
    if facts.financed_extras_fen > allowed_fen:
        yield Finding(
            rule_id=RULE.id,
            severity=RULE.declared,
            message=f"附加品融资 {yuan_text(facts.financed_extras_fen)} 超过附加品总价 "
            f"{yuan_text(facts.extras_price_fen)} 的 {limit_text(limit.decimal)}",
            remedy=f"附加品融资不超过 {yuan_text(allowed_fen)}，其余自付",
            citation=limit.citation,
            value=facts.financed_extras_fen,
            threshold=allowed_fen,
        )


RULE: Final = Rule(
    id="extras_financing", label_zh="附加品融资", declared=Severity.BLOCKS, check=check
)
