"""Who does it: one task to a colleague, or all of somebody's deals to another advisor."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from chedai.audit.operations import record
from chedai.deals.models import Deal, ProcessEvent, ProcessRun, TaskOccurrence
from chedai.deals.operations.processes import TaskGoneError
from chedai.deals.operations.table import Kind
from chedai.deals.queries.pipeline import UNSETTLED
from chedai.staff.models import User
from chedai.staff.roles import ROLE_LABELS


class UnfitOwnerError(Exception):
    """The colleague has not the role, works in another store, or is no longer here."""


@transaction.atomic
def reassign_task(
    *, task: TaskOccurrence, owner: User, reassigned_by: User, reassigned_at: datetime
) -> TaskOccurrence:
    """Give an open task to a colleague; to whom it belongs already changes nothing.

    Raises
    ------
    TaskGoneError
        The task is not open any more.
    UnfitOwnerError
        The colleague cannot do it.
    """
    ProcessRun.objects.select_for_update().get(pk=task.run_id)
    row = TaskOccurrence.objects.select_related("deal").get(pk=task.pk)
    if row.state not in UNSETTLED:
        msg = f"「{row.label}」已经办结，不用再转交"
        raise TaskGoneError(msg)
    if row.owner_id == owner.pk:
        return row
    if not owner.is_active or not owner.has_any_role(row.owner_role):
        role = ROLE_LABELS.get(row.owner_role, row.owner_role)
        msg = f"{owner.display_name}不是在职的{role}，不能接这个任务"
        raise UnfitOwnerError(msg)
    if owner.store_id not in {None, row.store_id}:
        msg = f"{owner.display_name}在别的门店，看不到这一单"
        raise UnfitOwnerError(msg)
    before = row.owner_id
    row.owner = owner
    row.save(update_fields=["owner"])
    _note([row], by=reassigned_by, at=reassigned_at, reason=f"转给{owner.display_name}")
    record(
        organisation_id=row.organisation_id,
        actor=reassigned_by,
        action="process.reassign",
        subject_type="deal",
        subject_id=row.deal.number,
        detail={"task": row.task_code, "from": before, "to": owner.pk},
        at=reassigned_at,
    )
    return row


@transaction.atomic
def hand_over_deals(
    *, leaver: User, heir: User, handed_over_by: User, handed_over_at: datetime
) -> tuple[int, int]:
    """Give all running deals of an advisor, and all their open tasks, to another advisor.

    A second time there is nothing left to hand over.

    Returns
    -------
    tuple of int
        How many deals and how many tasks changed hands.

    Raises
    ------
    UnfitOwnerError
        The heir is the leaver, is no advisor, or works in a store that cannot see the deals.
    """
    if heir.pk == leaver.pk:
        msg = "交出和接手的是同一个人"
        raise UnfitOwnerError(msg)
    if not heir.is_active or not heir.has_any_role("advisor"):
        msg = f"{heir.display_name}不是在职的金融顾问，不能接手"
        raise UnfitOwnerError(msg)
    deals = Deal.objects.filter(advisor=leaver).exclude(process__ended_at__isnull=False)
    if heir.store_id is not None and deals.exclude(store_id=heir.store_id).exists():
        msg = f"{leaver.display_name}有别的门店的单子，{heir.display_name}看不到"
        raise UnfitOwnerError(msg)
    runs = ProcessRun.objects.filter(deal__in=deals).order_by("pk")
    numbers = dict(deals.values_list("pk", "number"))
    list(runs.select_for_update(of=("self",)).values_list("pk", flat=True))
    tasks = list(TaskOccurrence.objects.filter(owner=leaver, state__in=UNSETTLED))
    reason = f"{leaver.display_name}交接给{heir.display_name}"
    TaskOccurrence.objects.filter(pk__in=[task.pk for task in tasks]).update(owner=heir)
    Deal.objects.filter(pk__in=numbers).update(advisor=heir)
    _note(tasks, by=handed_over_by, at=handed_over_at, reason=reason)
    if numbers or tasks:
        record(
            organisation_id=leaver.organisation_id,
            actor=handed_over_by,
            action="process.hand_over",
            subject_type="user",
            subject_id=leaver.pk,
            after={"deals": sorted(numbers.values())},
            detail={"to": heir.pk, "deals": len(numbers), "tasks": len(tasks)},
            at=handed_over_at,
        )
    return len(numbers), len(tasks)


def _note(rows: list[TaskOccurrence], *, by: User, at: datetime, reason: str) -> None:
    ProcessEvent.objects.bulk_create(
        [
            ProcessEvent(
                organisation_id=row.organisation_id,
                deal_id=row.deal_id,
                task=row,
                kind=Kind.REASSIGNED,
                task_code=row.task_code,
                stage_code=row.stage_code,
                round=row.round,
                detail={"reason": reason},
                happened_at=at,
                happened_by=by,
            )
            for row in rows
        ],
        batch_size=500,
    )
