"""Inquiries by other lenders in three months."""

from __future__ import annotations

from chedai.core.early_warning.facts import LoanFacts, Signal


def measure(facts: LoanFacts) -> int | None:
    """Inquiries by other lenders in three months."""
    return facts.new_inquiries_3m_count


SIGNAL = Signal(
    id="new_inquiries",
    label="新增多头查询",
    threshold="signal_new_inquiries_count",
    measure=measure,
    reason="近 3 个月新增 {measured} 次机构查询",
    help_offered="了解是否有资金压力，说明可申请的帮扶",
)
