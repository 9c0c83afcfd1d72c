"""What a process consists of: stages, tasks, controls, deadlines, who is to move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from functools import cached_property
from typing import Final, Literal

Move = Literal["us", "customer", "lender", "registry"]
Unit = Literal["working_hours", "working_days", "natural_days"]

MOVE_LABELS: Final[Mapping[str, str]] = {
    "us": "等我方",
    "customer": "等客户",
    "lender": "等资金方",
    "registry": "等车管所",
}
UNIT_LABELS: Final[Mapping[str, str]] = {
    "working_hours": "个营业小时",
    "working_days": "个工作日",
    "natural_days": "个自然日",
}
OPENING: Final = "opening"
"""A deadline counted from here runs from the moment the task opens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A length of time: ``amount`` of ``unit``, always positive."""

    amount: int
    unit: Unit

    @property
    def label(self) -> str:
        """The length in words."""
        return f"{self.amount} {UNIT_LABELS[self.unit]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """By when a task is to be done.

    Attributes
    ----------
    counted_from
        ``opening``, or the code of the task whose completion starts the clock.
    ends_at
        Time of day at which the latest day ends; None = the close of business.
    source_id, clause
        The law the deadline comes from; empty for a house deadline.
    """

    span: Span
    counted_from: str = OPENING
    ends_at: time | None = None
    source_id: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """What must be looked at, and the text that demands it."""

    text: str
    source_id: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a task may end: go on, go back to an earlier task, or end the process."""

    code: str
    label: str
    returns_to: str = ""
    ends: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipRule:
    """Who may leave a task out, and the reasons to choose from."""

    roles: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopening:
    """The signal that undoes a finished task, unless ``until`` is done already."""

    signal: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One line of the process table.

    Attributes
    ----------
    after
        Tasks that must be done or left out before this one opens.
    four_eyes
        Role of the second person who must agree; empty = nobody.
    completed_by
        Signals of other pages that finish the task by themselves.
    waits_for
        A signal without which the task stays asleep, even when its turn has come.
    applies_when
        Facts and the values with which the task applies; an unknown fact applies.
    chase
        After how long somebody else's silence is ours to break.
    """

    code: str
    label: str
    owner: str
    move: Move
    house: Deadline
    after: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    controls: tuple[Control, ...] = ()
    statutory: Deadline | None = None
    chase: Span | None = None
    skip: SkipRule | None = None
    four_eyes: str = ""
    outcomes: tuple[Outcome, ...] = (Outcome(code="done", label="完成"),)
    completed_by: tuple[str, ...] = ()
    reopened_by: Reopening | None = None
    waits_for: str = ""
    applies_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stretch of the table under one heading."""

    code: str
    label: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Who learns of a delay, and how long after the deadline."""

    overdue: Span | None
    to_role: str


@dataclass(frozen=True, kw_only=True)
class Definition:
    """One version of a process; a running deal keeps the one it began with."""

    code: str
    version: int
    label: str
    stages: tuple[Stage, ...]
    escalations: tuple[Escalation, ...] = ()

    @cached_property
    def tasks(self) -> Mapping[str, Task]:
        """Every task by its code, in the order of the table."""
        return {task.code: task for stage in self.stages for task in stage.tasks}

    @cached_property
    def stage_of(self) -> Mapping[str, Stage]:
        """The stage each task stands under."""
        return {task.code: stage for stage in self.stages for task in stage.tasks}

    @cached_property
    def downstream(self) -> Mapping[str, frozenset[str]]:
        """For each task, all that come after it, however far."""
        return {code: frozenset(_reached(code, self.tasks)) for code in self.tasks}


def _reached(code: str, tasks: Mapping[str, Task]) -> set[str]:
    reached: set[str] = set()
    wave = {code}
    while wave:
        wave = {each.code for each in tasks.values() if wave.intersection(each.after)} - reached
        reached |= wave
    return reached - {code}
