"""How late the first instalment is or was paid."""

from __future__ import annotations

from chedai.core.early_warning.facts import LoanFacts, Signal


def measure(facts: LoanFacts) -> int | None:
    """How late the first instalment is or was paid."""
    return facts.first_late_days


SIGNAL = Signal(
    id="first_payment_late",
    label="首期逾期",
    threshold="signal_first_payment_late_days",
    measure=measure,
    reason="首期逾期 {measured} 天",
    help_offered="先问扣款卡和还款日是否清楚，需要时协助换卡或约定补缴日",
)
