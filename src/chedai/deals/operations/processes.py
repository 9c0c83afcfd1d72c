"""Acts on a deal's process: begin, finish a task, leave it out, agree as second person, wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from chedai.audit.operations import record
from chedai.core.process import transitions
from chedai.core.process.definition import Outcome
from chedai.deals.models import Deal, ProcessRun, TaskApproval, TaskOccurrence, Withdrawal
from chedai.deals.operations.definitions import definition_for_new_deals
from chedai.deals.operations.table import SHANGHAI, Kind, State, Table
from chedai.staff.models import User
from chedai.staff.roles import ROLE_LABELS


class TaskGoneError(Exception):
    """The task is not open any more: somebody finished it, or the process went another way."""


class TaskNotYoursError(Exception):
    """The task belongs to another role."""


class SecondPersonNeededError(Exception):
    """Whoever finished the task cannot agree to it as well."""


class SkipRefusedError(Exception):
    """The definition does not let this person leave the task out, or not for this reason."""


class ReasonRequiredError(Exception):
    """A reason is needed in words."""


@transaction.atomic
def start_process(
    *, deal: Deal, started_by: User, started_at: datetime, facts: Mapping[str, str] | None = None
) -> ProcessRun:
    """Begin the deal's process on the latest definition; a second time changes nothing."""
    Deal.objects.select_for_update().get(pk=deal.pk)
    held = ProcessRun.objects.filter(deal=deal).first()
    if held is not None:
        return held
    definition = definition_for_new_deals(organisation_id=deal.organisation_id, at=started_at)
    run = ProcessRun.objects.create(
        organisation_id=deal.organisation_id,
        deal=deal,
        definition=definition,
        facts=dict(facts or {}),
        started_at=started_at,
        started_by=started_by,
    )
    table = Table.of(run, deal=deal, by=started_by, at=started_at)
    table.note(Kind.STARTED, None, detail={"definition": str(definition)})
    table.apply(transitions.begin(table.definition, facts=run.facts))
    if Withdrawal.objects.filter(deal=deal).exists():
        table.end("客户已撤单")
    return run


@transaction.atomic
def finish_task(
    *,
    task: TaskOccurrence,
    outcome: str,
    note: str,
    settle_key: UUID,
    finished_by: User,
    finished_at: datetime,
) -> TaskOccurrence:
    """Finish a task with one of its outcomes; the same ``settle_key`` changes nothing twice.

    Where the definition wants four eyes, the task then waits for a second person.
    ``TaskGoneError`` says who was faster and when; ``TaskNotYoursError`` whose task it is.
    """
    table, row = _held(task, by=finished_by, at=finished_at)
    if row.settle_key == settle_key:
        return row
    _refuse_unless_open(row)
    _refuse_unless_role(row, finished_by)
    defined = table.definition.tasks[row.task_code]
    chosen = transitions.outcome_of(defined, outcome)
    if defined.four_eyes and not (chosen.returns_to or chosen.ends):
        row.state, row.outcome, row.note = State.TO_APPROVE, outcome, note[:200]
        row.finished_at, row.finished_by, row.settle_key = table.at, finished_by, settle_key
        row.save()
        table.note(Kind.FINISHED, row, move="us", detail={"outcome": outcome})
    else:
        row.finished_at, row.finished_by = table.at, finished_by
        _settled(table, row, outcome=outcome, note=note, key=settle_key)
    _audit(table, row, "process.finish", detail={"outcome": outcome})
    return row


@transaction.atomic
def decide_on_task(
    *, task: TaskOccurrence, is_approved: bool, reason: str, decided_by: User, decided_at: datetime
) -> TaskApproval:
    """Agree to a finished task as the second person, or send it back with a reason.

    Raises
    ------
    TaskGoneError
        It does not wait for a second person (any more).
    TaskNotYoursError
        The second person must be of another role.
    SecondPersonNeededError
        The same person finished it.
    ReasonRequiredError
        Sent back without a reason.
    """
    table, row = _held(task, by=decided_by, at=decided_at)
    if row.state != State.TO_APPROVE or row.finished_by_id is None:
        raise TaskGoneError(_gone(row))
    four_eyes = table.definition.tasks[row.task_code].four_eyes
    if not decided_by.has_any_role(four_eyes, "manager"):
        msg = f"这一步要由{ROLE_LABELS.get(four_eyes, four_eyes)}复核"
        raise TaskNotYoursError(msg)
    if row.finished_by_id == decided_by.pk:
        msg = "提交的人不能自己复核，请另一位同事来看"
        raise SecondPersonNeededError(msg)
    if not is_approved and not reason.strip():
        msg = "退回要写明原因，办的人才知道改什么"
        raise ReasonRequiredError(msg)
    approval = TaskApproval.objects.create(
        organisation_id=row.organisation_id,
        task=row,
        finished_by_id=row.finished_by_id,
        is_approved=is_approved,
        reason=reason[:200],
        decided_at=table.at,
        decided_by=decided_by,
    )
    if is_approved:
        _settled(table, row, outcome=row.outcome, note=row.note, key=row.settle_key)
    else:
        row.state, row.finished_at, row.finished_by = State.OPEN, None, None
        row.outcome, row.settle_key = "", None
        row.save()
        table.note(Kind.RETURNED, row, move=row.move, detail={"reason": reason[:200]})
    _audit(table, row, "process.approve" if is_approved else "process.return", detail={})
    return approval


@transaction.atomic
def skip_task(
    *, task: TaskOccurrence, reason: str, skipped_by: User, skipped_at: datetime
) -> TaskOccurrence:
    """Leave a task out for one of the reasons the definition allows.

    Raises
    ------
    SkipRefusedError
        The task may not be left out, by this person or for this reason.
    """
    table, row = _held(task, by=skipped_by, at=skipped_at)
    _refuse_unless_open(row)
    rule = table.definition.tasks[row.task_code].skip
    if rule is None:
        msg = f"「{row.label}」不能略过"
        raise SkipRefusedError(msg)
    if not skipped_by.has_any_role(*rule.roles) or reason not in rule.reasons:
        roles = "、".join(ROLE_LABELS.get(role, role) for role in rule.roles)
        msg = f"「{row.label}」只能由{roles}按列出的原因略过"
        raise SkipRefusedError(msg)
    table.settle(row, state=State.SKIPPED, outcome="", note=reason)
    table.apply(
        transitions.settle(
            table.definition,
            {**table.standing, row.task_code: State.OPEN},
            row.task_code,
            outcome="skipped",
            facts=table.run.facts,
        )
    )
    _audit(table, row, "process.skip", detail={})
    return row


@transaction.atomic
def wait_for(
    *,
    task: TaskOccurrence,
    move: str,
    reason: str,
    follow_up_at: datetime | None,
    recorded_by: User,
    recorded_at: datetime,
) -> TaskOccurrence:
    """Say whose move it is now, what they owe us, and when we ask again.

    Raises
    ------
    ReasonRequiredError
        Waiting for somebody else without saying for what.
    """
    table, row = _held(task, by=recorded_by, at=recorded_at)
    _refuse_unless_open(row)
    if move != "us" and not reason.strip():
        msg = "写明在等什么，接手的人和客户才看得懂"
        raise ReasonRequiredError(msg)
    row.move, row.waiting_reason = move, "" if move == "us" else reason.strip()[:200]
    row.act_at = table.chased_at(
        table.definition.tasks[row.task_code], move=move, due_at=row.due_at
    )
    if follow_up_at is not None and move != "us":
        row.act_at = min(follow_up_at, row.due_at)
    row.save()
    table.note(Kind.MOVED, row, move=move, detail={"reason": row.waiting_reason})
    _audit(table, row, "process.wait", detail={"move": move})
    return row


@transaction.atomic
def signal(*, deal: Deal, name: str, by: User | None, at: datetime) -> tuple[TaskOccurrence, ...]:
    """Tell the process what happened on another page: tasks are finished, undone or woken.

    A deal without a process, an ended process and a signal nobody waits for change nothing,
    so that callers need not know how far the deal is.

    Returns
    -------
    tuple
        The tasks the signal finished.
    """
    table = Table.held(deal=deal, by=by, at=at)
    if table is None or table.run.ended_at is not None:
        return ()
    undone = transitions.undone_by(table.definition, table.standing, name)
    if undone:
        step = transitions.go_back(table.definition, table.standing, undone, facts=table.run.facts)
        table.apply(step, reason="需求有改动" if name == "need_amended" else "情况有变")
    for code in transitions.woken_by(table.definition, table.standing, name):
        table.open(table.definition.tasks[code])
    finished = []
    for code, task in table.definition.tasks.items():
        row = table.rows.get(code)
        if name in task.completed_by and row is not None and row.state == State.OPEN:
            row.finished_at, row.finished_by = table.at, by
            _settled(table, row, outcome=_onward(task.outcomes), note="", key=None)
            finished.append(row)
    return tuple(finished)


@transaction.atomic
def end_process(*, deal: Deal, reason: str, ended_by: User | None, ended_at: datetime) -> None:
    """End a process from outside, as when the customer withdraws; ended already, it stays so."""
    table = Table.held(deal=deal, by=ended_by, at=ended_at)
    if table is not None and table.run.ended_at is None:
        table.end(reason)


def _onward(outcomes: tuple[Outcome, ...]) -> str:
    return next(o.code for o in outcomes if not (o.returns_to or o.ends))


def _settled(
    table: Table, row: TaskOccurrence, *, outcome: str, note: str, key: UUID | None
) -> None:
    before = {**table.standing, row.task_code: State.OPEN}
    chosen = transitions.outcome_of(table.definition.tasks[row.task_code], outcome)
    table.settle(row, state=State.DONE, outcome=outcome, note=note[:200], key=key)
    step = transitions.settle(
        table.definition, before, row.task_code, outcome=outcome, facts=table.run.facts
    )
    is_usual = not (chosen.returns_to or chosen.ends)
    table.apply(step, reason="" if is_usual else chosen.label)


def _held(task: TaskOccurrence, *, by: User, at: datetime) -> tuple[Table, TaskOccurrence]:
    deal = Deal.objects.get(pk=task.deal_id)
    table = Table.held(deal=deal, by=by, at=at)
    assert table is not None
    row = table.rows.get(task.task_code)
    if row is None or row.pk != task.pk:
        row = TaskOccurrence.objects.select_related("settled_by").get(pk=task.pk)
    return table, row


def _refuse_unless_open(row: TaskOccurrence) -> None:
    if row.state != State.OPEN:
        raise TaskGoneError(_gone(row))


def _refuse_unless_role(row: TaskOccurrence, user: User) -> None:
    if not user.has_any_role(row.owner_role, "manager"):
        msg = f"「{row.label}」归{ROLE_LABELS.get(row.owner_role, row.owner_role)}办"
        raise TaskNotYoursError(msg)


def _gone(row: TaskOccurrence) -> str:
    if row.state == State.TO_APPROVE:
        return f"「{row.label}」已经提交，正在等第二人复核"
    who = row.settled_by.display_name if row.settled_by else "系统"
    said = {State.DONE: "办完", State.SKIPPED: "略过", State.DROPPED: "作废"}.get(
        State(row.state), "改动"
    )
    when = row.settled_at.astimezone(SHANGHAI).strftime("%H:%M") if row.settled_at else ""
    return f"「{row.label}」刚才已由{who}{said}（{when}），您的这一步没有存"


def _audit(table: Table, row: TaskOccurrence, action: str, *, detail: Mapping[str, object]) -> None:
    record(
        organisation_id=row.organisation_id,
        actor=table.by,
        action=action,
        subject_type="deal",
        subject_id=table.deal.number,
        after={"note": row.note, "waiting": row.waiting_reason, "state": row.state},
        detail={"task": row.task_code, "round": row.round, **detail},
        at=table.at,
    )
