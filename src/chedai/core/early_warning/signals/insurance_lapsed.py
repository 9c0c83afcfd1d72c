"""Days without cover."""

from __future__ import annotations

from chedai.core.early_warning.facts import LoanFacts, Signal, days_since


def measure(facts: LoanFacts) -> int | None:
    """Days without cover."""
    return days_since(facts.insurance_ended_on, facts)


SIGNAL = Signal(
    id="insurance_lapsed",
    label="保险中断",
    threshold="signal_insurance_lapsed_days",
    measure=measure,
    reason="保险中断 {measured} 天",
    help_offered="提醒续保，提供比价，不指定保险公司",
)
