"""By how many buckets the loan is worse than at the close it is compared with."""

from __future__ import annotations

from chedai.core.early_warning.facts import LoanFacts, Signal


def measure(facts: LoanFacts) -> int | None:
    """By how many buckets the loan is worse than at the close it is compared with."""
    if facts.bucket_before is None:
        return None
    return facts.bucket - facts.bucket_before


SIGNAL = Signal(
    id="bucket_jump",
    label="账龄段上升",
    threshold="signal_bucket_jump_count",
    measure=measure,
    reason="账龄段比上月末上升 {measured} 级",
    help_offered="先了解收入是否有变，可协助向资金方申请困难帮扶",
)
