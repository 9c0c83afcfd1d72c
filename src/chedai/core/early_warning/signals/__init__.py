"""Every early-warning signal; a new one is a file here and a line in ``SIGNALS``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chedai.core.early_warning.facts import Fired, LoanFacts, Signal
from chedai.core.early_warning.signals import (
    bucket_jump,
    debit_failures,
    first_payment_late,
    insurance_lapsed,
    late_often,
    lien_overdue,
    new_inquiries,
    seller_cluster,
    unreachable,
)

SIGNALS: Final[Mapping[str, Signal]] = {
    "bucket_jump": bucket_jump.SIGNAL,
    "debit_failures": debit_failures.SIGNAL,
    "first_payment_late": first_payment_late.SIGNAL,
    "insurance_lapsed": insurance_lapsed.SIGNAL,
    "late_often": late_often.SIGNAL,
    "lien_overdue": lien_overdue.SIGNAL,
    "new_inquiries": new_inquiries.SIGNAL,
    "seller_cluster": seller_cluster.SIGNAL,
    "unreachable": unreachable.SIGNAL,
}


def fired(facts: LoanFacts, *, thresholds: Mapping[str, int]) -> tuple[Fired, ...]:
    """Return the signals that fire, in the order of their ids.

    Parameters
    ----------
    thresholds
        For each signal's ``threshold`` the number from which on it fires, at least 1.
    """
    found = []
    for signal in SIGNALS.values():
        measured, threshold = signal.measure(facts), thresholds[signal.threshold]
        if measured is not None and measured >= threshold:
            found.append(
                Fired(
                    signal_id=signal.id,
                    measured=measured,
                    threshold=threshold,
                    reason=signal.reason.format(measured=measured),
                    help_offered=signal.help_offered,
                )
            )
    return tuple(found)
