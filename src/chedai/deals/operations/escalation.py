"""Delays brought to somebody's notice, and deadlines reckoned anew."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from chedai.audit.operations import record
from chedai.deals.models import Deal, ProcessRun, TaskEscalation, TaskOccurrence
from chedai.deals.operations.table import Kind, Table
from chedai.deals.queries.pipeline import UNSETTLED
from chedai.staff.models import User

BATCH_SIZE: Final = 200


def escalate_overdue(*, organisation_id: int, at: datetime, limit: int = BATCH_SIZE) -> int:
    """Escalate what is due for it, each task in a transaction of its own.

    Killed half-way, run twice, or run by two workers at once: each level of each task is
    escalated once.

    Returns
    -------
    int
        How many were escalated.
    """
    due = TaskOccurrence.objects.filter(
        organisation_id=organisation_id, state__in=UNSETTLED, escalate_at__lte=at
    )
    keys = list(due.order_by("escalate_at").values_list("pk", "run_id")[:limit])
    return sum(_escalate(task_id=pk, run_id=run_id, at=at) for pk, run_id in keys)


@transaction.atomic
def _escalate(*, task_id: int, run_id: int, at: datetime) -> bool:
    run = (
        ProcessRun.objects.select_for_update(of=("self",))
        .select_related("definition")
        .get(pk=run_id)
    )
    row = TaskOccurrence.objects.get(pk=task_id)
    if row.state not in UNSETTLED or row.escalate_at is None or row.escalate_at > at:
        return False
    table = Table.of(run, deal=Deal.objects.get(pk=row.deal_id), by=None, at=at)
    rule = table.definition.escalations[row.escalation_level]
    row.escalation_level += 1
    row.escalate_at = table.escalates_at(row.escalation_level, row.due_at)
    row.save(update_fields=["escalation_level", "escalate_at"])
    TaskEscalation.objects.create(
        organisation_id=row.organisation_id,
        task=row,
        level=row.escalation_level,
        to_role=rule.to_role,
        escalated_at=at,
    )
    table.note(Kind.ESCALATED, row, detail={"level": row.escalation_level, "to": rule.to_role})
    return True


@transaction.atomic
def reckon_deadlines_anew(*, organisation_id: int, by: User | None, at: datetime) -> int:
    """Reckon the provisional deadlines of open tasks again, after the calendar was edited.

    Returns
    -------
    int
        How many deadlines moved.
    """
    provisional = TaskOccurrence.objects.filter(
        organisation_id=organisation_id, state__in=UNSETTLED, is_due_provisional=True
    )
    moved = 0
    for deal in Deal.objects.filter(pk__in=provisional.values("deal_id")).order_by("pk"):
        table = Table.held(deal=deal, by=by, at=at)
        if table is not None:
            moved += sum(
                _reckon(table, row) for row in table.rows.values() if row.is_due_provisional
            )
    if moved:
        record(
            organisation_id=organisation_id,
            actor=by,
            action="process.reckon",
            subject_type="process",
            subject_id="deadlines",
            detail={"moved": moved},
            at=at,
        )
    return moved


def _reckon(table: Table, row: TaskOccurrence) -> bool:
    if row.state not in UNSETTLED:
        return False
    task, before = table.definition.tasks[row.task_code], row.due_at
    for name, value in table.clocks(task, since=row.opened_at).items():
        setattr(row, name, value)
    row.act_at = row.due_at if row.act_at == before else min(row.act_at, row.due_at)
    row.escalate_at = table.escalates_at(row.escalation_level, row.due_at)
    row.save()
    return row.due_at != before
