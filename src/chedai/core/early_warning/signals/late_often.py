"""Late instalments in six months."""

from __future__ import annotations

from chedai.core.early_warning.facts import LoanFacts, Signal


def measure(facts: LoanFacts) -> int | None:
    """Late instalments in six months."""
    return facts.late_instalments_6m_count


SIGNAL = Signal(
    id="late_often",
    label="近半年多次逾期",
    threshold="signal_late_instalments_count",
    measure=measure,
    reason="近 6 个月有 {measured} 期逾期",
    help_offered="可提醒的日子与发薪日错开时，协助申请变更还款日",
)
