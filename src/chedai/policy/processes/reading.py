"""A definition from its file: strict, every fault with its place, nothing guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from typing import Any, Final, cast

import yaml

from chedai.core.process.checking import Problem, problems_of
from chedai.core.process.definition import (
    MOVE_LABELS,
    OPENING,
    UNIT_LABELS,
    Control,
    Deadline,
    Definition,
    Escalation,
    Outcome,
    Reopening,
    SkipRule,
    Span,
    Stage,
    Task,
    Unit,
)

DONE: Final = (Outcome(code="done", label="完成"),)
SPAN_AMOUNT_MAX: Final = 3650
TASK_KEYS: Final = frozenset(
    {
        *("code", "label", "owner", "move", "after", "inputs", "outputs", "controls", "house"),
        *("statutory", "chase", "skip", "four_eyes", "outcomes", "completed_by", "reopened_by"),
        *("waits_for", "applies_when"),
    }
)


class DefinitionRefusedError(ValueError):
    """The process definition cannot be published; ``problems`` names each place and fault."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("；".join(str(problem) for problem in problems))


def read_definition(
    text: str, *, roles: frozenset[str], source_ids: frozenset[str]
) -> tuple[Definition, dict[str, Any]]:
    """Read and check a definition written in YAML (or JSON).

    Returns
    -------
    tuple
        The definition, and the plain content to keep.

    Raises
    ------
    DefinitionRefusedError
        It is not well-formed, or must not be published as it is.
    """
    try:
        plain = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"第 {mark.line + 1} 行第 {mark.column + 1} 列" if mark else "文件"
        raise DefinitionRefusedError([Problem(place=place, message="不是有效的 YAML")]) from error
    definition = definition_from(plain)
    problems = [
        *problems_of(definition, roles=roles),
        *_unknown_sources(definition, source_ids=source_ids),
    ]
    if problems:
        raise DefinitionRefusedError(problems)
    return definition, plain


def definition_from(plain: Any) -> Definition:
    """Turn plain content into a definition; the order of tasks gives ``after`` its default.

    Raises
    ------
    DefinitionRefusedError
        A part is missing, unknown or of the wrong kind.
    """
    reader = _Reader()
    definition = reader.definition(plain)
    if reader.problems or definition is None:
        raise DefinitionRefusedError(reader.problems)
    return definition


def _unknown_sources(definition: Definition, *, source_ids: frozenset[str]) -> Iterator[Problem]:
    for i, stage in enumerate(definition.stages):
        for j, task in enumerate(stage.tasks):
            place = f"stages[{i}].tasks[{j}]（{stage.label} › {task.label}）"
            for k, control in enumerate(task.controls):
                if control.source_id not in source_ids:
                    message = f"出处“{control.source_id}”不在法规库里"
                    yield Problem(place=f"{place}.controls[{k}].source", message=message)
            if task.statutory is not None and task.statutory.source_id not in source_ids:
                message = f"法定期限的出处“{task.statutory.source_id}”不在法规库里"
                yield Problem(place=f"{place}.statutory.source", message=message)


class _Reader:
    """Collects faults instead of stopping at the first."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.previous = ""

    def fault(self, place: str, message: str) -> None:
        self.problems.append(Problem(place=place, message=message))

    def definition(self, plain: Any) -> Definition | None:
        whole = self.mapping(
            plain, "文件", keys={"code", "version", "label", "stages", "escalations"}
        )
        if not whole:
            return None
        version = whole.get("version")
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            self.fault("version", "版本须为从 1 开始的整数")
            version = 1
        return Definition(
            code=self.text(whole, "code", ""),
            version=version,
            label=self.text(whole, "label", ""),
            stages=tuple(
                self.stage(each, f"stages[{i}]")
                for i, each in enumerate(self.items(whole, "stages", ""))
            ),
            escalations=tuple(
                self.escalation(each, f"escalations[{i}]")
                for i, each in enumerate(self.items(whole, "escalations", ""))
            ),
        )

    def stage(self, plain: Any, place: str) -> Stage:
        raw = self.mapping(plain, place, keys={"code", "label", "tasks"})
        return Stage(
            code=self.text(raw, "code", place),
            label=self.text(raw, "label", place),
            tasks=tuple(
                self.task(each, f"{place}.tasks[{j}]")
                for j, each in enumerate(self.items(raw, "tasks", place))
            ),
        )

    def task(self, plain: Any, place: str) -> Task:
        raw = self.mapping(plain, place, keys=TASK_KEYS)
        code = self.text(raw, "code", place)
        default_after = (self.previous,) if self.previous else ()
        self.previous = code
        move = raw.get("move", "us")
        if move not in MOVE_LABELS:
            self.fault(f"{place}.move", f"“{move}”不是 {'、'.join(MOVE_LABELS)} 之一")
            move = "us"
        outcomes = tuple(
            self.outcome(each, f"{place}.outcomes[{k}]")
            for k, each in enumerate(self.items(raw, "outcomes", place))
        )
        return Task(
            code=code,
            label=self.text(raw, "label", place),
            owner=self.text(raw, "owner", place),
            move=move,
            after=self.texts(raw, "after", place) if "after" in raw else default_after,
            inputs=self.texts(raw, "inputs", place),
            outputs=self.texts(raw, "outputs", place),
            controls=tuple(
                self.control(each, f"{place}.controls[{k}]")
                for k, each in enumerate(self.items(raw, "controls", place))
            ),
            house=self.deadline(raw.get("house"), f"{place}.house"),
            statutory=self.statutory(raw.get("statutory"), f"{place}.statutory"),
            chase=self.span(raw["chase"], f"{place}.chase") if "chase" in raw else None,
            skip=self.skip(raw["skip"], f"{place}.skip") if "skip" in raw else None,
            four_eyes=str(raw.get("four_eyes", "")),
            outcomes=outcomes or DONE,
            completed_by=self.texts(raw, "completed_by", place),
            reopened_by=self.reopening(raw.get("reopened_by"), f"{place}.reopened_by"),
            waits_for=str(raw.get("waits_for", "")),
            applies_when=self.facts(raw.get("applies_when"), f"{place}.applies_when"),
        )

    def outcome(self, plain: Any, place: str) -> Outcome:
        raw = self.mapping(plain, place, keys={"code", "label", "returns_to", "ends"})
        if raw.get("returns_to") and raw.get("ends"):
            self.fault(place, "一种结果不能既退回又结束")
        return Outcome(
            code=self.text(raw, "code", place),
            label=self.text(raw, "label", place),
            returns_to=str(raw.get("returns_to", "")),
            ends=raw.get("ends") is True,
        )

    def control(self, plain: Any, place: str) -> Control:
        raw = self.mapping(plain, place, keys={"text", "source", "clause"})
        return Control(
            text=self.text(raw, "text", place),
            source_id=self.text(raw, "source", place),
            clause=self.text(raw, "clause", place),
        )

    def statutory(self, plain: Any, place: str) -> Deadline | None:
        if plain is None:
            return None
        deadline = self.deadline(plain, place)
        if not deadline.source_id or not deadline.clause:
            self.fault(place, "法定期限须写明出处 source 与条款 clause")
        return deadline

    def deadline(self, plain: Any, place: str) -> Deadline:
        raw = self.mapping(
            plain, place, keys={*UNIT_LABELS, "counted_from", "ends_at", "source", "clause"}
        )
        ends_at = None
        if "ends_at" in raw:
            try:
                ends_at = time.fromisoformat(str(raw["ends_at"]))
            except ValueError:
                self.fault(f"{place}.ends_at", "须写成 17:00 这样的时刻")
        return Deadline(
            span=self.span({k: v for k, v in raw.items() if k in UNIT_LABELS}, place),
            counted_from=str(raw.get("counted_from", OPENING)),
            ends_at=ends_at,
            source_id=str(raw.get("source", "")),
            clause=str(raw.get("clause", "")),
        )

    def span(self, plain: Any, place: str) -> Span:
        raw = self.mapping(plain, place, keys=set(UNIT_LABELS))
        for unit, amount in raw.items():
            if len(raw) == 1 and type(amount) is int and 0 < amount <= SPAN_AMOUNT_MAX:
                return Span(amount=amount, unit=cast(Unit, unit))
        self.fault(place, f"期限须是 {'、'.join(UNIT_LABELS)} 之一，值为正整数")
        return Span(amount=1, unit="working_days")

    def skip(self, plain: Any, place: str) -> SkipRule:
        raw = self.mapping(plain, place, keys={"roles", "reasons"})
        rule = SkipRule(
            roles=self.texts(raw, "roles", place), reasons=self.texts(raw, "reasons", place)
        )
        if not rule.roles or not rule.reasons:
            self.fault(place, "略过规则要写明谁可以略过，以及可选的原因")
        return rule

    def reopening(self, plain: Any, place: str) -> Reopening | None:
        if plain is None:
            return None
        raw = self.mapping(plain, place, keys={"signal", "until"})
        return Reopening(
            signal=self.text(raw, "signal", place), until=self.text(raw, "until", place)
        )

    def escalation(self, plain: Any, place: str) -> Escalation:
        raw = self.mapping(plain, place, keys={"overdue", "to_role"})
        overdue = raw.get("overdue")
        return Escalation(
            overdue=None if overdue is None else self.span(overdue, f"{place}.overdue"),
            to_role=self.text(raw, "to_role", place),
        )

    def facts(self, plain: Any, place: str) -> Mapping[str, tuple[str, ...]]:
        if plain is None:
            return {}
        raw = self.mapping(plain, place, keys=None)
        return {fact: self.texts(raw, fact, place) for fact in raw}

    def mapping(self, plain: Any, place: str, *, keys: Any) -> dict[str, Any]:
        if not isinstance(plain, dict):
            self.fault(place, "缺少这一部分，或者写法不对")
            return {}
        for key in plain:
            if keys is not None and key not in keys:
                self.fault(f"{place}.{key}", "不认识这一项")
        return {str(key): value for key, value in plain.items()}

    def text(self, raw: Mapping[str, Any], key: str, place: str) -> str:
        value = raw.get(key)
        if not isinstance(value, str) or not value.strip():
            self.fault(f"{place}.{key}".strip("."), "须填文字")
            return ""
        return value.strip()

    def texts(self, raw: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
        found = self.items(raw, key, place)
        if any(not isinstance(each, str) or not each.strip() for each in found):
            self.fault(f"{place}.{key}", "每一项都须是文字")
            return ()
        return tuple(found)

    def items(self, raw: Mapping[str, Any], key: str, place: str) -> list[Any]:
        value = raw.get(key, [])
        if not isinstance(value, list):
            self.fault(f"{place}.{key}".strip("."), "须是列表")
            return []
        return value
