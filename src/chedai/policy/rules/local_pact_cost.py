"""Local self-discipline pacts: annual cost by LPR, and total fee by term."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chedai.core.rules.finding import Finding, Severity
from chedai.policy.ceilings import findings_over_ceiling, lpr_text
from chedai.policy.rule import Rule
from chedai.policy.wording import limit_text, percent_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chedai.core.rules.facts import Facts
    from chedai.policy.day import PolicyDay


def check(facts: Facts, policy: PolicyDay) -> Iterator[Finding]:
    """Compare with the province's pacts; these are pacts, not law, so they only warn."""
    yield from _over_lpr_multiple(facts, policy)
    ladder = policy.value_or_none("pact_max_fee_total")
    if ladder is None or facts.flat_fee_rate_total is None:
        return
    allowed = ladder.by_months.for_term(facts.term_months)
    if allowed is not None and facts.flat_fee_rate_total > allowed:
        shown = percent_text(facts.flat_fee_rate_total, beyond=allowed)
        yield Finding(
            rule_id=RULE.id,
            severity=RULE.declared,
            message=f"{facts.term_months} 期总费率 {shown} 超过当地自律约定 {limit_text(allowed)}",
            remedy=f"总费率降到 {limit_text(allowed)} 以内，或请机构说明收费依据",
            citation=ladder.citation,
            value=facts.flat_fee_rate_total,
            threshold=allowed,
        )


def _over_lpr_multiple(facts: Facts, policy: PolicyDay) -> Iterator[Finding]:
    multiple = policy.value_or_none("pact_lpr_multiple")
    if multiple is None or facts.apr_simple is None:
        return
    base = policy.value("lpr_1y")
    yield from findings_over_ceiling(
        facts,
        rule=RULE,
        ceiling=multiple.decimal * base.decimal,
        regime_zh=f"当地自律约定按 {multiple.value} 倍一年期 LPR,{lpr_text(base)}",
        citations=(multiple.citation, base.citation),
    )


RULE: Final = Rule(
    id="local_pact_cost", label_zh="地方自律约定", declared=Severity.WARNS, check=check
)
