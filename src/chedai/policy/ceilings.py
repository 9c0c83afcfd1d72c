"""How a plan's annual cost is held against a ceiling, whichever regime set it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chedai.core.rules.finding import Citation, Finding, Severity
from chedai.policy.wording import limit_text, percent_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from chedai.core.rules.facts import Facts
    from chedai.policy.dated import DatedValue
    from chedai.policy.rule import Rule


def findings_over_ceiling(
    facts: Facts,
    *,
    rule: Rule,
    ceiling: Decimal,
    regime_zh: str,
    citations: tuple[Citation, ...],
) -> Iterator[Finding]:
    """Yield a finding where the simple annual cost, or only the compound one, is above.

    The market and the disclosure form speak of 12 times the monthly IRR; which
    reading the ceilings mean was not read, so the compound one alone only informs.
    """
    simple, compound = facts.apr_simple, facts.apr_compound
    if simple is not None and simple > ceiling:
        over, reading, severity = simple, "单利口径", rule.declared
    elif compound is not None and compound > ceiling:
        over, reading, severity = compound, "复利口径", Severity.INFORMS
    else:
        return
    shown = percent_text(over, beyond=ceiling)
    yield Finding(
        rule_id=rule.id,
        severity=severity,
        message=f"年化综合融资成本（{reading}）{shown} 高于 {limit_text(ceiling)}（{regime_zh}）",
        remedy=f"综合融资成本偏高，建议核对收费依据，使年化成本不高于 {limit_text(ceiling)}",
        citation=citations[0],
        value=over,
        threshold=ceiling,
        also_cited=citations[1:],
    )


def lpr_text(base: DatedValue) -> str:
    """Return the LPR with the day it was last checked, where the day asked for is later."""
    shown = f"LPR {limit_text(base.decimal)}，{base.in_force_from} 起"
    if base.is_verified:
        return shown
    return f"{shown}，只核实到 {base.verified_through}"
