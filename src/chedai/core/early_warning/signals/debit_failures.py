"""Automatic debits that failed one after the other."""

from __future__ import annotations

from chedai.core.early_warning.facts import LoanFacts, Signal


def measure(facts: LoanFacts) -> int | None:
    """Automatic debits that failed one after the other."""
    return facts.failed_debits_count


SIGNAL = Signal(
    id="debit_failures",
    label="连续扣款失败",
    threshold="signal_failed_debits_count",
    measure=measure,
    reason="连续 {measured} 次扣款失败",
    help_offered="先核对扣款卡余额与限额，协助换绑",
)
