"""Private lending: four times the one-year LPR on the day of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chedai.core.rules.facts import Facts, LenderKind
from chedai.core.rules.finding import Finding, Severity
from chedai.policy.ceilings import findings_over_ceiling, lpr_text
from chedai.policy.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chedai.policy.day import PolicyDay


_OUTSIDE: Final = frozenset({LenderKind.LEASING_COMPANY, LenderKind.MICROLOAN_COMPANY})


def check(facts: Facts, policy: PolicyDay) -> Iterator[Finding]:
    """Compare with the multiple of the day's LPR; licensed lenders are outside this rule.

    For lessors and microloan companies the reply that takes them out is consulted, so
    that the plan shows why no such ceiling applies.
    """
    if facts.lender_kind in _OUTSIDE:
        policy.clause("spc-reply-2020-financial", article="适用范围")
    if facts.lender_kind is not LenderKind.PRIVATE_LENDER or facts.apr_simple is None:
        return
    multiple = policy.value_or_none("private_lending_lpr_multiple")
    if multiple is None:
        return
    base = policy.value("lpr_1y")
    yield from findings_over_ceiling(
        facts,
        rule=RULE,
        ceiling=multiple.decimal * base.decimal,
        regime_zh=f"民间借贷按 {multiple.value} 倍一年期 LPR,{lpr_text(base)}",
        citations=(multiple.citation, base.citation),
    )


RULE: Final = Rule(
    id="private_lending_cost", label_zh="民间借贷利率", declared=Severity.BLOCKS, check=check
)
