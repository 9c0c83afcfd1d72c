"""Ceilings on the comprehensive cost, by lender and channel; never one number for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chedai.core.rules.finding import Finding, Severity
from chedai.policy.ceilings import findings_over_ceiling
from chedai.policy.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chedai.core.rules.facts import Facts
    from chedai.policy.day import PolicyDay


def check(facts: Facts, policy: PolicyDay) -> Iterator[Finding]:
    """Compare both readings of the annual cost with the ceiling of the regime."""
    limit = policy.value_or_none("max_comprehensive_cost")
    if limit is None or facts.apr_simple is None:
        return
    yield from findings_over_ceiling(
        facts,
        rule=RULE,
        ceiling=limit.decimal,
        regime_zh=limit.note or "本类业务",
        citations=(limit.citation,),
    )


RULE: Final = Rule(
    id="comprehensive_cost", label_zh="综合融资成本", declared=Severity.BLOCKS, check=check
)
