"""Every offer shows its annual rate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chedai.core.rules.finding import Finding, Severity
from chedai.policy.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chedai.core.rules.facts import Facts
    from chedai.policy.day import PolicyDay


def check(facts: Facts, policy: PolicyDay) -> Iterator[Finding]:
    """Warn where the annual cost of the whole contract is not known, so cannot be shown."""
    cited = policy.clause("pboc-2021-3", article="年化利率展示条款")
    if cited is None or facts.apr_simple is not None:
        return
    yield Finding(
        rule_id=RULE.id,
        severity=RULE.declared,
        message="方案没有整份合同的年化利率",
        remedy="按全部现金流计算并展示年化利率，采用单利的注明单利",
        citation=cited,
    )


RULE: Final = Rule(
    id="annual_rate_shown", label_zh="年化利率展示", declared=Severity.WARNS, check=check
)
