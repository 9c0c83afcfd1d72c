"""First instalments late among loans of the same salesperson."""

from __future__ import annotations

from chedai.core.early_warning.facts import LoanFacts, Signal


def measure(facts: LoanFacts) -> int | None:
    """First instalments late among loans of the same salesperson."""
    return facts.seller_first_defaults_count


SIGNAL = Signal(
    id="seller_cluster",
    label="同一销售首期逾期集中",
    threshold="signal_seller_first_defaults_count",
    measure=measure,
    reason="同一销售近半年有 {measured} 笔首期逾期",
    help_offered="由店长复核进件，不影响对这位客户的服务",
)
