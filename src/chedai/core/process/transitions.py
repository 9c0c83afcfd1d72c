"""What follows when a task is finished, left out or undone: pure, so that it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from chedai.core.process.definition import Definition, Outcome, Task

State = Literal["open", "to_approve", "done", "skipped"]
Standing = Mapping[str, str]
"""State of each task that has opened and still counts; a task not in it has not opened."""

SETTLED: Final = frozenset({"done", "skipped"})
UNSETTLED: Final = frozenset({"open", "to_approve"})


class TaskNotOpenError(ValueError):
    """The task is not open, so it can be neither finished nor left out."""


class OutcomeUnknownError(ValueError):
    """The definition knows no such result of the task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one act changes.

    Attributes
    ----------
    drops
        Tasks whose present occurrence no longer counts, in the order of the table.
    opens
        Tasks that open now.
    passes_over
        Tasks that do not apply to this deal and count as left out.
    reopens
        The task the process goes back to; it is among ``opens`` as well.
    """

    drops: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    passes_over: tuple[str, ...] = ()
    reopens: str = ""
    is_end: bool = False


def begin(definition: Definition, *, facts: Mapping[str, str]) -> Step:
    """Open what opens at the start of a process."""
    return _opened(definition, {}, facts)


def settle(
    definition: Definition,
    standing: Standing,
    code: str,
    *,
    outcome: str,
    facts: Mapping[str, str],
) -> Step:
    """Finish an open task with one of its outcomes, or leave it out with ``skipped``.

    Raises
    ------
    TaskNotOpenError
        The task is not open. ``OutcomeUnknownError`` when it has no such outcome.
    """
    if standing.get(code) not in UNSETTLED:
        msg = f"任务 {code} 不在待办中"
        raise TaskNotOpenError(msg)
    if outcome == "skipped":
        return _opened(definition, {**standing, code: "skipped"}, facts)
    chosen = outcome_of(definition.tasks[code], outcome)
    after = {**standing, code: "done"}
    if chosen.ends:
        open_still = tuple(c for c in definition.tasks if after.get(c) in UNSETTLED)
        return Step(drops=open_still, is_end=True)
    if chosen.returns_to:
        return go_back(definition, after, chosen.returns_to, facts=facts)
    return _opened(definition, after, facts)


def go_back(
    definition: Definition, standing: Standing, code: str, *, facts: Mapping[str, str]
) -> Step:
    """Open a task anew; what came after it no longer counts."""
    undone = definition.downstream[code] | {code}
    drops = tuple(c for c in definition.tasks if c in undone and c in standing)
    kept = {c: state for c, state in standing.items() if c not in undone}
    step = _opened(definition, kept, facts)
    return Step(
        drops=drops, opens=step.opens, passes_over=step.passes_over, reopens=code, is_end=False
    )


def undone_by(definition: Definition, standing: Standing, signal: str) -> str:
    """Name the settled task that ``signal`` undoes; empty when there is none."""
    for task in definition.tasks.values():
        rule = task.reopened_by
        if rule is None or rule.signal != signal or standing.get(task.code) not in SETTLED:
            continue
        if standing.get(rule.until) not in SETTLED:
            return task.code
    return ""


def woken_by(definition: Definition, standing: Standing, signal: str) -> tuple[str, ...]:
    """Name the sleeping tasks whose turn has come and that ``signal`` wakes."""
    return tuple(
        task.code
        for task in definition.tasks.values()
        if task.waits_for == signal and task.code not in standing and _is_ready(task, standing)
    )


def sleeping(definition: Definition, standing: Standing) -> tuple[str, ...]:
    """Name the tasks whose turn has come but that wait for a signal."""
    return tuple(
        task.code
        for task in definition.tasks.values()
        if task.waits_for and task.code not in standing and _is_ready(task, standing)
    )


def is_complete(definition: Definition, standing: Standing) -> bool:
    """Whether every task of the definition is settled."""
    return all(standing.get(code) in SETTLED for code in definition.tasks)


def outcome_of(task: Task, code: str) -> Outcome:
    """Find an outcome of the task.

    Raises
    ------
    OutcomeUnknownError
        The task has no such outcome.
    """
    for outcome in task.outcomes:
        if outcome.code == code:
            return outcome
    msg = f"任务「{task.label}」没有“{code}”这种结果"
    raise OutcomeUnknownError(msg)


def applies(task: Task, facts: Mapping[str, str]) -> bool:
    """Whether the task applies; a fact nobody knows yet speaks for it."""
    return all(
        facts.get(fact) is None or facts[fact] in values
        for fact, values in task.applies_when.items()
    )


def _opened(definition: Definition, standing: Standing, facts: Mapping[str, str]) -> Step:
    """Open whatever is ready; what does not apply is passed over and may ready others."""
    now = dict(standing)
    opens: list[str] = []
    passes_over: list[str] = []
    has_moved = True
    while has_moved:
        has_moved = False
        for task in definition.tasks.values():
            if task.code in now or task.waits_for or not _is_ready(task, now):
                continue
            is_on = applies(task, facts)
            now[task.code] = "open" if is_on else "skipped"
            (opens if is_on else passes_over).append(task.code)
            has_moved = True
    return Step(
        opens=tuple(opens), passes_over=tuple(passes_over), is_end=is_complete(definition, now)
    )


def _is_ready(task: Task, standing: Standing) -> bool:
    return all(standing.get(code) in SETTLED for code in task.after)
