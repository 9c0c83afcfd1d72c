"""What is wrong with a definition, each fault with its exact place: asked before publication."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chedai.core.process.definition import OPENING, Definition, Stage, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault: where it stands in the file, and what is wrong."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}：{self.message}"


def problems_of(definition: Definition, *, roles: frozenset[str]) -> tuple[Problem, ...]:
    """List every fault; an empty tuple is a definition that may be published.

    Parameters
    ----------
    roles
        Roles that exist in the organisation.
    """
    return (
        *_repeated(definition),
        *_empty(definition),
        *(
            problem
            for place, task in _placed(definition)
            for problem in _of_task(place, task, definition=definition, roles=roles)
        ),
        *_of_escalations(definition, roles=roles),
        *_circles(definition),
        *_orphans(definition),
    )


def _placed(definition: Definition) -> Iterator[tuple[str, Task]]:
    for i, stage in enumerate(definition.stages):
        for j, task in enumerate(stage.tasks):
            yield f"stages[{i}].tasks[{j}]（{stage.label} › {task.label}）", task


def _repeated(definition: Definition) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for i, stage in enumerate(definition.stages):
        place = f"stages[{i}]（{stage.label}）.code"
        if f"stage {stage.code}" in seen:
            yield Problem(place=place, message=f"阶段代码“{stage.code}”用了两次")
        seen[f"stage {stage.code}"] = place
    for place, task in _placed(definition):
        if task.code in seen:
            message = f"任务代码“{task.code}”用了两次，另一处在 {seen[task.code]}"
            yield Problem(place=f"{place}.code", message=message)
        seen[task.code] = place


def _empty(definition: Definition) -> Iterator[Problem]:
    if not definition.stages:
        yield Problem(place="stages", message="至少要有一个阶段")
    for i, stage in enumerate(definition.stages):
        if not stage.tasks:
            yield Problem(place=f"stages[{i}]（{stage.label}）.tasks", message="阶段里没有任务")


def _of_task(
    place: str, task: Task, *, definition: Definition, roles: frozenset[str]
) -> Iterator[Problem]:
    for name, role in _roles_of(task):
        if role not in roles:
            yield Problem(place=f"{place}.{name}", message=f"没有“{role}”这个角色")
    for name, other in _references_of(task):
        if other not in definition.tasks:
            yield Problem(place=f"{place}.{name}", message=f"没有“{other}”这个任务")
    yield from _of_outcomes(place, task, definition)
    if task.four_eyes and task.completed_by:
        message = "要第二人复核的任务不能由系统自动完成"
        yield Problem(place=f"{place}.completed_by", message=message)


def _of_outcomes(place: str, task: Task, definition: Definition) -> Iterator[Problem]:
    if len({outcome.code for outcome in task.outcomes}) != len(task.outcomes):
        yield Problem(place=f"{place}.outcomes", message="结果代码重复")
    if all(outcome.ends or outcome.returns_to for outcome in task.outcomes):
        yield Problem(place=f"{place}.outcomes", message="没有一种结果让流程往下走")
    for k, outcome in enumerate(task.outcomes):
        yield from _of_return(f"{place}.outcomes[{k}]", outcome.returns_to, task, definition)


def _of_return(place: str, target: str, task: Task, definition: Definition) -> Iterator[Problem]:
    if not target or target not in definition.tasks:
        return
    if target != task.code and task.code not in definition.downstream[target]:
        message = f"“{target}”不在这个任务之前，退回去会走到没走过的路上"
        yield Problem(place=f"{place}.returns_to", message=message)


def _roles_of(task: Task) -> Iterator[tuple[str, str]]:
    yield "owner", task.owner
    if task.four_eyes:
        yield "four_eyes", task.four_eyes
    if task.skip is not None:
        for k, role in enumerate(task.skip.roles):
            yield f"skip.roles[{k}]", role


def _references_of(task: Task) -> Iterator[tuple[str, str]]:
    for k, code in enumerate(task.after):
        yield f"after[{k}]", code
    for k, outcome in enumerate(task.outcomes):
        if outcome.returns_to:
            yield f"outcomes[{k}].returns_to", outcome.returns_to
    for name, deadline in (("house", task.house), ("statutory", task.statutory)):
        if deadline is not None and deadline.counted_from != OPENING:
            yield f"{name}.counted_from", deadline.counted_from
    if task.reopened_by is not None:
        yield "reopened_by.until", task.reopened_by.until


def _of_escalations(definition: Definition, *, roles: frozenset[str]) -> Iterator[Problem]:
    for k, escalation in enumerate(definition.escalations):
        if escalation.to_role not in roles:
            message = f"没有“{escalation.to_role}”这个角色"
            yield Problem(place=f"escalations[{k}].to_role", message=message)


def _circles(definition: Definition) -> Iterator[Problem]:
    """Going back is an outcome; ``after`` itself may never lead in a circle."""
    for place, task in _placed(definition):
        if task.code in task.after or any(
            task.code in definition.downstream[code] and code in definition.downstream[task.code]
            for code in task.after
            if code in definition.tasks
        ):
            circle = "、".join(task.after)
            message = f"前置任务绕成了圈（{circle} 又要等“{task.code}”）；退回请写在 outcomes 里"
            yield Problem(place=f"{place}.after", message=message)


def _orphans(definition: Definition) -> Iterator[Problem]:
    begun = _reachable(definition.tasks)
    for i, stage in enumerate(definition.stages):
        if stage.tasks and not any(task.code in begun for task in stage.tasks):
            message = "孤立阶段：从流程起点走不到这里的任何任务"
            yield Problem(place=f"stages[{i}]（{stage.label}）", message=message)
        elif i and not _is_joined(stage, definition.tasks):
            message = "孤立阶段：它的任务既不接在别的阶段之后，也没有别的阶段接在它之后"
            yield Problem(place=f"stages[{i}]（{stage.label}）", message=message)
    for place, task in _placed(definition):
        if task.code not in begun:
            yield Problem(place=place, message="任务走不到：它的前置任务永远不会都完成")


def _reachable(tasks: Mapping[str, Task]) -> set[str]:
    begun: set[str] = set()
    has_grown = True
    while has_grown:
        wave = {t.code for t in tasks.values() if begun.issuperset(t.after)} - begun
        begun |= wave
        has_grown = bool(wave)
    return begun


def _is_joined(stage: Stage, tasks: Mapping[str, Task]) -> bool:
    own = {task.code for task in stage.tasks}
    follows = any(set(task.after) - own for task in stage.tasks)
    leads = any(own.intersection(task.after) for task in tasks.values() if task.code not in own)
    return follows or leads
