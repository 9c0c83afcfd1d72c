"""Early-warning signals of the whole book: thresholds of the day, facts from the state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chedai.core.early_warning.facts import Fired, LoanFacts
from chedai.core.early_warning.signals import SIGNALS, fired

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chedai.policy.day import PolicyDay
    from chedai.portfolio.closing import Close


def thresholds_on(policy: PolicyDay) -> dict[str, int]:
    """Return from which number on each signal fires, by its policy parameter."""
    return {s.threshold: policy.value(s.threshold).whole for s in SIGNALS.values()}


def signals_of(close: Close, *, policy: PolicyDay) -> Iterator[tuple[int, tuple[Fired, ...]]]:
    """Yield the contracts with signals that the close itself shows, with these signals.

    Late first payments and rising buckets are seen in the state; what is known beyond the book
    (debits, cover, liens) is asked of ``fired`` by whoever knows it.
    """
    thresholds = thresholds_on(policy)
    names = ("contract_id", "first_late_days", "bucket", "bucket_before")
    columns = [close.state[name].to_pylist() for name in names]
    for contract_id, first_late_days, bucket, bucket_before in zip(*columns, strict=True):
        if not first_late_days and bucket == 0:
            continue
        facts = LoanFacts(
            as_of=close.terms.as_of,
            first_late_days=first_late_days,
            bucket=bucket,
            bucket_before=bucket_before,
        )
        found = fired(facts, thresholds=thresholds)
        if found:
            yield contract_id, found
