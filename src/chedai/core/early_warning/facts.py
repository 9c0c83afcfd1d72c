"""What signals look at, and what a signal is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date


@dataclass(frozen=True, kw_only=True)
class LoanFacts:
    """What is known of one loan on a day; ``None`` where nobody knows, and then nothing fires.

    Attributes
    ----------
    first_late_days
        How late the first instalment is or was paid.
    bucket, bucket_before
        At this close and at the one it is compared with; ``None`` before the loan was there.
    late_instalments_6m_count
        Instalments of the past six months that were late.
    failed_debits_count
        Automatic debits that failed one after the other, up to now.
    unreachable_since
        The earliest of the days since which nobody could reach the customer.
    insurance_ended_on
        The day on which cover ended without being renewed.
    lien_due_on, lien_registered_on
        By when the lien had to be registered, and when it was.
    new_inquiries_3m_count
        Inquiries by other lenders in three months, from the customer's own report.
    seller_first_defaults_count
        Loans of the same salesperson of half a year whose first instalment was late.
    """

    as_of: date
    first_late_days: int | None = None
    bucket: int = 0
    bucket_before: int | None = None
    late_instalments_6m_count: int | None = None
    failed_debits_count: int | None = None
    unreachable_since: date | None = None
    insurance_ended_on: date | None = None
    lien_due_on: date | None = None
    lien_registered_on: date | None = None
    new_inquiries_3m_count: int | None = None
    seller_first_defaults_count: int | None = None


@dataclass(frozen=True, kw_only=True)
class Signal:
    """One sign.

    Attributes
    ----------
    measure
        The number that is held against the threshold, or ``None`` where nothing is known.
    threshold
        The policy number that holds from how much on the signal fires.
    reason
        What is said to the advisor, with ``{measured}`` filled in.
    help_offered
        What to offer, before anything else is asked.
    """

    id: str
    label: str
    threshold: str
    measure: Callable[[LoanFacts], int | None]
    reason: str
    help_offered: str


@dataclass(frozen=True, kw_only=True)
class Fired:
    """A signal that fired, with what was measured and the threshold it reached."""

    signal_id: str
    measured: int
    threshold: int
    reason: str
    help_offered: str


def days_since(day: date | None, facts: LoanFacts) -> int | None:
    """Return the days from a day to the day of the facts; ``None`` where it is not yet there."""
    if day is None or day > facts.as_of:
        return None
    return (facts.as_of - day).days
