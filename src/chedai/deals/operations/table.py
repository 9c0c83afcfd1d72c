"""One process table under the hands of one act: locked, changed, and its events written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from chedai.core.process.definition import OPENING, Deadline, Definition, Span, Task
from chedai.core.process.transitions import Step
from chedai.core.process.working_time import Due, WorkingCalendar, due_after, due_by
from chedai.deals.models import Deal, ProcessEvent, ProcessRun, TaskOccurrence
from chedai.deals.queries.calendar import calendar_of
from chedai.deals.queries.processes import definition_of, standing_of
from chedai.staff.models import User

SHANGHAI = ZoneInfo("Asia/Shanghai")
Kind = ProcessEvent.Kind
State = TaskOccurrence.State
NOT_APPLICABLE = "不适用于这一单"


@dataclass
class Table:
    """A run held for writing, what counts in it now, and who acts when."""

    run: ProcessRun
    deal: Deal
    definition: Definition
    rows: dict[str, TaskOccurrence]
    calendar: WorkingCalendar
    by: User | None
    at: datetime

    @classmethod
    def held(cls, *, deal: Deal, by: User | None, at: datetime) -> Self | None:
        """Lock the deal's run until the transaction ends; None when it has none."""
        run = (
            ProcessRun.objects.select_for_update(of=("self",))
            .select_related("definition")
            .filter(deal=deal)
            .first()
        )
        return None if run is None else cls.of(run, deal=deal, by=by, at=at)

    @classmethod
    def of(cls, run: ProcessRun, *, deal: Deal, by: User | None, at: datetime) -> Self:
        """Read a run that is locked already."""
        return cls(
            run=run,
            deal=deal,
            definition=definition_of(run.definition),
            rows=standing_of(run),
            calendar=calendar_of(deal.store_id),
            by=by,
            at=at.astimezone(SHANGHAI),
        )

    @property
    def standing(self) -> Mapping[str, str]:
        """State of every task that counts."""
        return {code: row.state for code, row in self.rows.items()}

    def apply(self, step: Step, *, reason: str = "") -> None:
        """Carry out what the definition says follows."""
        for code in step.drops:
            self._set_aside(self.rows.pop(code), reason)
        if step.reopens:
            self.note(Kind.WENT_BACK, None, task_code=step.reopens, detail={"reason": reason})
        for code in step.passes_over:
            self._pass_over(self.definition.tasks[code])
        for code in step.opens:
            self.open(self.definition.tasks[code])
        if step.is_end:
            self.end(reason or "全部任务已完成")

    def open(self, task: Task) -> TaskOccurrence:
        """Open a task with its clocks."""
        row = self._new(task)
        for name, value in self.clocks(task, since=self.at).items():
            setattr(row, name, value)
        row.act_at = self.chased_at(task, move=task.move, due_at=row.due_at)
        row.escalate_at = self.escalates_at(0, row.due_at)
        row.save()
        self.rows[task.code] = row
        self.note(Kind.OPENED, row, move=row.move)
        return row

    def settle(
        self, row: TaskOccurrence, *, state: str, outcome: str, note: str, key: UUID | None = None
    ) -> None:
        """Close an occurrence that counts on."""
        row.state, row.outcome, row.note = state, outcome, note
        row.settled_at, row.settled_by, row.settle_key = self.at, self.by, key
        row.escalate_at = None
        row.save()
        kind = Kind.DONE if state == State.DONE else Kind.SKIPPED
        self.note(kind, row, detail={"outcome": outcome} if outcome else {"reason": note})

    def end(self, reason: str) -> None:
        """End the process; what is open is set aside."""
        for code, row in list(self.rows.items()):
            if row.state in {State.OPEN, State.TO_APPROVE}:
                self._set_aside(self.rows.pop(code), reason)
        self.run.ended_at, self.run.ended_by, self.run.end_reason = self.at, self.by, reason[:200]
        self.run.save(update_fields=["ended_at", "ended_by", "end_reason"])
        self.note(Kind.ENDED, None, detail={"reason": reason})

    def note(
        self,
        kind: str,
        row: TaskOccurrence | None,
        *,
        move: str = "",
        task_code: str = "",
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """Write one event."""
        code = row.task_code if row is not None else task_code
        ProcessEvent.objects.create(
            organisation_id=self.run.organisation_id,
            deal_id=self.run.deal_id,
            task=row,
            kind=kind,
            task_code=code,
            stage_code=self.definition.stage_of[code].code if code else "",
            round=row.round if row is not None else 0,
            move=move,
            detail=dict(detail or {}),
            happened_at=self.at,
            happened_by=self.by,
        )

    def clocks(self, task: Task, *, since: datetime) -> dict[str, Any]:
        """Compute the deadlines of a task that opens at ``since``."""
        house = self._due(task.house, since)
        statutory = None if task.statutory is None else self._due(task.statutory, since)
        due = house if statutory is None or house.at <= statutory.at else statutory
        # A clock that began before the task opened may have run out already.
        return {
            "house_due_at": max(house.at, due.at),
            "statutory_due_at": statutory.at if statutory else None,
            "due_at": due.at,
            "is_due_provisional": house.is_provisional
            or (statutory is not None and statutory.is_provisional),
        }

    def chased_at(self, task: Task, *, move: str, due_at: datetime) -> datetime:
        """Give the moment by which we act: early enough to break somebody's silence."""
        if move == "us" or task.chase is None:
            return due_at
        return min(due_at, self.after(task.chase, since=self.at))

    def escalates_at(self, level: int, due_at: datetime) -> datetime | None:
        """Give the moment of the next escalation; None when there is none left."""
        if level >= len(self.definition.escalations):
            return None
        overdue = self.definition.escalations[level].overdue
        return due_at if overdue is None else self.after(overdue, since=due_at)

    def after(self, span: Span, *, since: datetime) -> datetime:
        """Add working time."""
        return due_after(span, since=since.astimezone(SHANGHAI), calendar=self.calendar).at

    def _due(self, deadline: Deadline, since: datetime) -> Due:
        anchor = self.rows.get(deadline.counted_from)
        if deadline.counted_from != OPENING and anchor is not None and anchor.settled_at:
            since = anchor.settled_at.astimezone(SHANGHAI)
        return due_by(deadline, since=since.astimezone(SHANGHAI), calendar=self.calendar)

    def _new(self, task: Task) -> TaskOccurrence:
        is_advising = task.owner == "advisor"
        rounds = TaskOccurrence.objects.filter(run=self.run, task_code=task.code).count()
        return TaskOccurrence(
            organisation_id=self.run.organisation_id,
            store_id=self.deal.store_id,
            deal_id=self.run.deal_id,
            run=self.run,
            task_code=task.code,
            stage_code=self.definition.stage_of[task.code].code,
            label=task.label[:60],
            round=rounds + 1,
            owner_role=task.owner,
            owner_id=self.deal.advisor_id if is_advising else None,
            move=task.move,
            opened_at=self.at,
            opened_by=self.by,
        )

    def _pass_over(self, task: Task) -> None:
        row = self._new(task)
        row.house_due_at = row.due_at = row.act_at = self.at
        row.state, row.note = State.SKIPPED, NOT_APPLICABLE
        row.settled_at = self.at
        row.save()
        self.rows[task.code] = row
        self.note(Kind.SKIPPED, row, detail={"reason": NOT_APPLICABLE})

    def _set_aside(self, row: TaskOccurrence, reason: str) -> None:
        row.is_current = False
        if row.state in {State.OPEN, State.TO_APPROVE}:
            row.state, row.note = State.DROPPED, reason[:200]
            row.settled_at, row.settled_by, row.escalate_at = self.at, self.by, None
        row.save()
        self.note(Kind.DROPPED, row, detail={"reason": reason} if reason else {})


def labels_of(definition: Definition, codes: Sequence[str]) -> str:
    """Name tasks in words."""
    return "、".join(definition.tasks[code].label for code in codes)
