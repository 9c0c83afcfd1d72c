"""Days since nobody could reach the customer."""

from __future__ import annotations

from chedai.core.early_warning.facts import LoanFacts, Signal, days_since


def measure(facts: LoanFacts) -> int | None:
    """Days since nobody could reach the customer."""
    return days_since(facts.unreachable_since, facts)


SIGNAL = Signal(
    id="unreachable",
    label="联系不上",
    threshold="signal_unreachable_days",
    measure=measure,
    reason="已 {measured} 天联系不上本人",
    help_offered="只用本人留下的方式再试，不联系第三方",
)
