"""Days past the day by which the lien had to be registered."""

from __future__ import annotations

from chedai.core.early_warning.facts import LoanFacts, Signal, days_since


def measure(facts: LoanFacts) -> int | None:
    """Days past the day by which the lien had to be registered."""
    if facts.lien_registered_on is not None and facts.lien_registered_on <= facts.as_of:
        return None
    return days_since(facts.lien_due_on, facts)


SIGNAL = Signal(
    id="lien_overdue",
    label="抵押登记逾期",
    threshold="signal_lien_overdue_days",
    measure=measure,
    reason="抵押登记超期 {measured} 天",
    help_offered="协助预约车管所，核对所缺材料",
)
