"""The policy book: every dated, scoped, cited number, asked for one day and one scope."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chedai.policy.dated import DatedValue, citation_of
from chedai.policy.day import PolicyClauseUnknownError, PolicyDay
from chedai.policy.reading import (
    Entry,
    Parameter,
    PolicyFileError,
    Source,
    parameter_from,
    read_mapping,
    source_from,
)
from chedai.policy.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SHIPPED: Final = Path(__file__).parent

#: An entry with the latest day (inclusive) on which it holds; ``None`` is open-ended.
Spell = tuple[Entry, date | None]


class PolicyNumberUnknownError(KeyError):
    """No parameter of that name is in the book."""


class PolicyAmbiguousError(PolicyFileError):
    """Two values of one parameter apply at once and neither is more specific."""


class PolicyBook:
    """All parameters and sources of the installation, with a digest over the whole."""

    def __init__(
        self,
        *,
        parameters: Mapping[str, Parameter],
        sources: Mapping[str, Source],
        version: str,
    ) -> None:
        self.parameters = dict(sorted(parameters.items()))
        self.sources = dict(sorted(sources.items()))
        self.version = version
        self._spells = {p.id: _spells(p) for p in parameters.values()}

    @classmethod
    def load(cls, overlay: Path | None = None) -> PolicyBook:
        """Read the shipped book and, over it, the installation's own folder.

        The overlay has the same two folders. A file of the same name replaces the
        shipped one; a parameter file with ``adds_to: <id>`` adds values to it.

        Raises
        ------
        PolicyFileError
            When any file is not well-formed, or the overlay folder does not exist.
        """
        if overlay is not None and not overlay.is_dir():
            raise PolicyFileError(f"规则覆盖目录不存在：{overlay}")
        layers = [("shipped", SHIPPED)] + ([("overlay", overlay)] if overlay else [])
        digest = hashlib.sha256()
        sources: dict[str, Source] = {}
        for _, folder in layers:
            for path, raw in _files(folder / "sources", digest=digest):
                source = source_from(raw, file_name=path.name)
                sources[source.id] = source
        parameters: dict[str, Parameter] = {}
        for origin, folder in layers:
            for path, raw in _files(folder / "parameters", digest=digest):
                _place(parameters, raw, path=path, sources=sources, origin=origin)
        return cls(parameters=parameters, sources=sources, version=digest.hexdigest()[:16])

    def on(self, day: date, *, scope: Scope | None = None) -> PolicyDay:
        """Return the book on one day for one scope."""
        return PolicyDay(book=self, day=day, scope=scope or Scope())

    def source(self, source_id: str) -> Source:
        """One source.

        Raises
        ------
        PolicyClauseUnknownError
            When the book does not have it.
        """
        if source_id not in self.sources:
            raise PolicyClauseUnknownError(f"规则库没有来源 {source_id}")
        return self.sources[source_id]

    def parameter(self, parameter_id: str) -> Parameter:
        """One parameter with all its days.

        Raises
        ------
        PolicyNumberUnknownError
            When the book does not have it.
        """
        if parameter_id not in self.parameters:
            raise PolicyNumberUnknownError(f"规则库没有参数 {parameter_id}")
        return self.parameters[parameter_id]

    def look_up(self, parameter_id: str, *, day: date, scope: Scope) -> DatedValue | None:
        """Return the most specific value in force, without a trace."""
        parameter = self.parameter(parameter_id)
        words = scope.words()
        fitting = [
            spell
            for spell in self._spells[parameter_id]
            if _holds(spell, day=day) and _matches(spell[0], words=words)
        ]
        if not fitting:
            return None
        best = max(fitting, key=lambda spell: len(spell[0].scope))
        return self._dated(best, parameter=parameter, day=day)

    def history(self, parameter_id: str, *, scope: Scope | None = None) -> tuple[DatedValue, ...]:
        """Every value the parameter ever had for the scope, oldest at the top."""
        parameter = self.parameter(parameter_id)
        words = (scope or Scope()).words()
        return tuple(
            self._dated(spell, parameter=parameter, day=spell[0].starts_on)
            for spell in self._spells[parameter_id]
            if _matches(spell[0], words=words)
        )

    def all_values(self, parameter_id: str) -> tuple[DatedValue, ...]:
        """Return every value of the parameter in every scope, oldest at the top."""
        parameter = self.parameter(parameter_id)
        return tuple(
            self._dated(spell, parameter=parameter, day=spell[0].starts_on)
            for spell in self._spells[parameter_id]
        )

    def change_days(self) -> tuple[date, ...]:
        """Every day on which some number begins, or begins to be absent, in order."""
        begins = {entry.starts_on for p in self.parameters.values() for entry in p.entries}
        ends = {
            entry.ends_on + timedelta(days=1)
            for p in self.parameters.values()
            for entry in p.entries
            if entry.ends_on is not None
        }
        return tuple(sorted(begins | ends))

    def _dated(self, spell: Spell, *, parameter: Parameter, day: date) -> DatedValue:
        entry, until = spell
        known = parameter.verified_through
        source = self.sources[entry.source_id]
        cited = citation_of(source, article=entry.clause)
        return DatedValue(
            id=parameter.id,
            label=parameter.label,
            value=entry.value,
            unit=parameter.unit,
            in_force_from=entry.starts_on,
            in_force_until=until,
            citation=replace(cited, was_text_read=entry.was_text_read),
            scope={key: tuple(sorted(words)) for key, words in entry.scope.items()},
            origin=entry.origin,
            note=entry.note or parameter.note,
            is_verified=known is None or day <= known,
            verified_through=known,
        )


def _plain(raw: object) -> object:
    """Keys as text all the way down, so that dates may be keys of the digested form."""
    if isinstance(raw, dict):
        return {str(key): _plain(value) for key, value in raw.items()}
    if isinstance(raw, list):
        return [_plain(item) for item in raw]
    return raw


def _files(folder: Path, *, digest: Any) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in sorted(folder.glob("*.yaml")):
        raw = read_mapping(path)
        canonical = json.dumps(_plain(raw), sort_keys=True, default=str, ensure_ascii=False)
        digest.update(f"{folder.name}/{path.name}\n{canonical}\n".encode())
        yield path, raw


def _place(
    parameters: dict[str, Parameter],
    raw: dict[str, Any],
    *,
    path: Path,
    sources: Mapping[str, Source],
    origin: str,
) -> None:
    """Put a parameter file into the book, replacing or adding to what is there.

    Raises
    ------
    PolicyFileError
        When ``adds_to`` names a parameter the book does not have.
    """
    target = raw.pop("adds_to", None)
    if target is None:
        made = parameter_from(raw, file_name=path.name, sources=sources, origin=origin)
        parameters[made.id] = made
        return
    if target not in parameters:
        raise PolicyFileError(f"parameters/{path.name}: adds_to {target!r} 在规则库中不存在")
    base = parameters[target]
    completed = (
        {
            "id": path.stem,
            "label": base.label,
            "unit": base.unit,
            "checked_on": base.checked_on,
        }
        | ({"measure": base.measure} if base.measure else {})
        | raw
    )
    added = parameter_from(completed, file_name=path.name, sources=sources, origin=origin)
    replaced = {(entry.starts_on, _key(entry)) for entry in added.entries}
    kept = [e for e in base.entries if (e.starts_on, _key(e)) not in replaced]
    entries = sorted([*kept, *added.entries], key=lambda entry: entry.starts_on)
    parameters[target] = replace(
        base,
        entries=tuple(entries),
        verified_through=added.verified_through or base.verified_through,
    )


def _key(entry: Entry) -> frozenset[tuple[str, frozenset[str]]]:
    return frozenset(entry.scope.items())


def _spells(parameter: Parameter) -> tuple[Spell, ...]:
    """Each entry holds until the next one of the same scope begins, or until its own end."""
    spells = []
    for position, entry in enumerate(parameter.entries):
        later = (e for e in parameter.entries[position + 1 :] if e.starts_on > entry.starts_on)
        successor = next((e for e in later if _key(e) == _key(entry)), None)
        ends = [entry.ends_on] if entry.ends_on else []
        ends += [successor.starts_on - timedelta(days=1)] if successor else []
        spells.append((entry, min(ends, default=None)))
    _refuse_ambiguity(parameter, spells=spells)
    return tuple(spells)


def _refuse_ambiguity(parameter: Parameter, *, spells: list[Spell]) -> None:
    for (one, one_until), (other, other_until) in combinations(spells, 2):
        is_apart = (one_until is not None and one_until < other.starts_on) or (
            other_until is not None and other_until < one.starts_on
        )
        if is_apart or not _can_meet(one, other) or _is_nested(one, other):
            continue
        raise PolicyAmbiguousError(
            f"parameters/{parameter.id}.yaml: {one.starts_on} 与 {other.starts_on} 的两个值"
            f"可同时适用（{dict(one.scope)} / {dict(other.scope)}），请补全 scope"
        )


def _can_meet(one: Entry, other: Entry) -> bool:
    shared = set(one.scope) & set(other.scope)
    return all(one.scope[key] & other.scope[key] for key in shared)


def _is_nested(one: Entry, other: Entry) -> bool:
    return set(one.scope) < set(other.scope) or set(other.scope) < set(one.scope)


def _matches(entry: Entry, *, words: Mapping[str, str]) -> bool:
    return all(words.get(key) in allowed for key, allowed in entry.scope.items())


def _holds(spell: Spell, *, day: date) -> bool:
    entry, until = spell
    return entry.starts_on <= day and (until is None or day <= until)
