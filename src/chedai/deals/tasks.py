"""Timers of the process: a delay is noticed without anybody looking."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from chedai.deals.operations.escalation import escalate_overdue
from chedai.staff.isolation import runs_for_organisation
from chedai.staff.queries import organisation_ids


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="escalate_overdue_tasks", pass_context=False)
def escalate_overdue_tasks(timestamp: int) -> None:
    """Go through every organisation; a run that was lost is made up for by the next."""
    at = datetime.fromtimestamp(timestamp, tz=UTC)
    for organisation_id in organisation_ids():
        escalate_organisation(organisation_id=organisation_id, at=at)


@runs_for_organisation
def escalate_organisation(*, organisation_id: int, at: datetime) -> int:
    """Escalate until nothing is due for it."""
    total = 0
    while found := escalate_overdue(organisation_id=organisation_id, at=at):
        total += found
    return total
