"""One deal's process table as it is shown and printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final

from chedai.core.process.definition import MOVE_LABELS, Definition, Stage, Task
from chedai.core.process.transitions import sleeping
from chedai.core.process.working_time import working_minutes
from chedai.deals.models import Deal, ProcessEvent, ProcessRun, TaskOccurrence
from chedai.deals.queries.calendar import calendar_of
from chedai.deals.queries.processes import definition_of, run_of
from chedai.policy.book import PolicyBook
from chedai.staff.models import User
from chedai.staff.roles import ROLE_LABELS
from chedai.web.formats import SHANGHAI, moment

STATE_LABELS: Final = {
    "": "未到",
    "asleep": "待结清",
    "open": "待办",
    "to_approve": "待复核",
    "done": "完成",
    "skipped": "略过",
}
MINUTES_PER_HOUR: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One task of the table, with how it stands in this deal."""

    task: Task
    row: TaskOccurrence | None
    state: str
    round_count: int
    owner_label: str
    spent_minutes: int | None
    may_finish: bool
    may_approve: bool
    may_skip: bool

    @property
    def state_label(self) -> str:
        """How the task stands, in a word."""
        return STATE_LABELS[self.state]

    @property
    def outcome_label(self) -> str:
        """What came of it; empty while open, and for plain completion."""
        if self.row is None or not self.row.outcome or len(self.task.outcomes) == 1:
            return ""
        found = {outcome.code: outcome.label for outcome in self.task.outcomes}
        return found.get(self.row.outcome, self.row.outcome)

    @property
    def move_label(self) -> str:
        """Whose move it is, while it is open."""
        if self.row is None or self.state not in {"open", "to_approve"}:
            return ""
        return MOVE_LABELS[self.row.move]

    @property
    def control_labels(self) -> list[str]:
        """What is to be looked at and by which text, the statutory deadline among it."""
        names, law = source_names(), self.task.statutory
        said = [f"{c.text}（{names[c.source_id]}{c.clause}）" for c in self.task.controls]
        if law is None:
            return said
        return [*said, f"法定{law.span.label}内办完（{names[law.source_id]}{law.clause}）"]

    @property
    def settled_label(self) -> str:
        """When and by whom it was settled; empty while it is not."""
        if self.row is None or self.row.settled_at is None:
            return ""
        who = self.row.settled_by.display_name if self.row.settled_by else "系统"
        return f"{moment(self.row.settled_at)} {who}"

    @property
    def spent_label(self) -> str:
        """How long it took in the store's opening hours."""
        return minutes_label(self.spent_minutes)


@dataclass(frozen=True, slots=True)
class Block:
    """One stage and its tasks."""

    stage: Stage
    lines: list[Line]

    @property
    def is_now(self) -> bool:
        """Whether something in it is open."""
        return any(line.state in {"open", "to_approve"} for line in self.lines)

    @property
    def is_done(self) -> bool:
        """Whether everything in it is settled."""
        return all(line.state in {"done", "skipped"} for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessTable:
    """The table of one deal."""

    deal: Deal
    run: ProcessRun
    definition: Definition
    blocks: list[Block]
    is_asleep: bool

    @property
    def open_lines(self) -> list[Line]:
        """What is to be done now, the most urgent first."""
        lines = [line for block in self.blocks for line in block.lines if line.row is not None]
        now = [line for line in lines if line.state in {"open", "to_approve"}]
        return sorted(now, key=lambda line: (line.row.act_at, line.row.pk) if line.row else ())

    @property
    def stage_labels(self) -> str:
        """The stages the deal is in."""
        return "、".join(block.stage.label for block in self.blocks if block.is_now)

    @property
    def where(self) -> str:
        """Where the deal stands, in words: its stages, or how it ended."""
        if self.run.ended_at is not None:
            return f"已结束：{self.run.end_reason}"
        return self.stage_labels or "在贷，等结清"

    @property
    def done_count(self) -> int:
        """How many tasks are settled."""
        lines = [line for block in self.blocks for line in block.lines]
        return sum(line.state in {"done", "skipped"} for line in lines)

    @property
    def is_provisional(self) -> bool:
        """Whether a deadline rests on a year whose holidays are not announced."""
        return any(line.row is not None and line.row.is_due_provisional for line in self.open_lines)


def process_table(deal: Deal, *, seen_by: User, now: datetime) -> ProcessTable | None:
    """Join definition and occurrences; None for a deal without a process."""
    run = run_of(deal)
    if run is None:
        return None
    definition = definition_of(run.definition)
    rows = list(
        TaskOccurrence.objects.filter(run=run)
        .select_related("owner", "settled_by", "finished_by")
        .order_by("pk")
    )
    current = {row.task_code: row for row in rows if row.is_current}
    rounds = Counter(row.task_code for row in rows)
    asleep = set(sleeping(definition, {code: row.state for code, row in current.items()}))
    calendar = calendar_of(deal.store_id)

    def line_of(task: Task) -> Line:
        row = current.get(task.code)
        is_asleep = task.code in asleep and run.ended_at is None
        end = (row.settled_at or now) if row is not None else now
        return Line(
            task=task,
            row=row,
            state=row.state if row is not None else "asleep" if is_asleep else "",
            round_count=rounds[task.code],
            owner_label=owner_label(task, row),
            spent_minutes=None
            if row is None
            else working_minutes(
                row.opened_at.astimezone(SHANGHAI), end.astimezone(SHANGHAI), calendar=calendar
            ),
            may_finish=_may_finish(row, seen_by),
            may_approve=_may_approve(task, row, seen_by),
            may_skip=_may_finish(row, seen_by)
            and task.skip is not None
            and seen_by.has_any_role(*task.skip.roles),
        )

    return ProcessTable(
        deal=deal,
        run=run,
        definition=definition,
        blocks=[
            Block(stage, [line_of(task) for task in stage.tasks]) for stage in definition.stages
        ],
        is_asleep=bool(asleep) and run.ended_at is None,
    )


@cache
def source_names() -> Mapping[str, str]:
    """Name each law and rule the way it is cited."""
    return {
        source.id: "本店规则" if source.is_house_rule else f"《{source.instrument}》"
        for source in PolicyBook.load().sources.values()
    }


def events_of(deal: Deal, *, limit: int = 300) -> list[ProcessEvent]:
    """List what happened, newest first."""
    return list(
        ProcessEvent.objects.filter(deal=deal)
        .select_related("happened_by", "task")
        .order_by("-id")[:limit]
    )


def owner_label(task: Task, row: TaskOccurrence | None) -> str:
    """Name the owner: the person if there is one, else the role."""
    role = ROLE_LABELS.get(task.owner, task.owner)
    if row is not None and row.owner is not None:
        return f"{row.owner.display_name}（{role}）"
    return role


def minutes_label(minutes: int | None) -> str:
    """``95`` → ``1 小时 35 分``; working hours are not folded into days."""
    if minutes is None:
        return ""
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    if not hours:
        return f"{rest} 分"
    return f"{hours} 小时 {rest} 分" if rest else f"{hours} 小时"


def _may_finish(row: TaskOccurrence | None, user: User) -> bool:
    return row is not None and row.state == "open" and user.has_any_role(row.owner_role, "manager")


def _may_approve(task: Task, row: TaskOccurrence | None, user: User) -> bool:
    return (
        row is not None
        and row.state == "to_approve"
        and row.finished_by_id != user.pk
        and user.has_any_role(task.four_eyes, "manager")
    )
