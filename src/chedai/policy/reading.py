"""Policy files into values: strict, so that a slip in a YAML stops the start, not a customer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import yaml

from chedai.policy.scope import SCOPE_WORDS
from chedai.policy.units import UNITS, PolicyUnitError, PolicyValue

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SOURCE_KINDS: Final = frozenset(
    {"law", "regulation", "judicial", "notice", "guideline", "pact", "publication", "house"}
)


class PolicyFileError(ValueError):
    """A policy file is not well-formed; the message names the file, the place and the fix."""


@dataclass(frozen=True, kw_only=True)
class Article:
    """One article of a source: what it says in a line, and whether it was read."""

    gist: str
    was_text_read: bool


@dataclass(frozen=True, kw_only=True)
class Source:
    """One law, notice or pact. ``repealed_on`` is the earliest day it no longer applies."""

    id: str
    kind: str
    instrument: str
    issuer: str
    number: str | None
    dated_on: date | None
    in_force_on: date
    repealed_on: date | None
    was_text_read: bool
    absent: Mapping[str, str]
    articles: Mapping[str, Article]
    note: str

    @property
    def is_house_rule(self) -> bool:
        """Whether this is our own rule, not law."""
        return self.kind == "house"

    def was_read(self, article: str) -> bool:
        """Whether the text of this article was read; unlisted articles go by the source."""
        listed = self.articles.get(article)
        return self.was_text_read and (listed is None or listed.was_text_read)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One dated, scoped value of a parameter; ``ends_on`` is the latest day in force."""

    starts_on: date
    ends_on: date | None
    scope: Mapping[str, frozenset[str]]
    value: PolicyValue
    source_id: str
    clause: str
    was_text_read: bool
    note: str
    origin: str


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One number of policy with all its days and scopes.

    ``verified_through`` is the latest day for which the newest value is known to
    hold; ``None`` where values stay until replaced.
    """

    id: str
    label: str
    unit: str
    checked_on: date
    entries: tuple[Entry, ...]
    measure: str | None = None
    verified_through: date | None = None
    note: str = ""


@dataclass
class Fields:
    """A mapping read key by key; what is left over at the end is an error."""

    where: str
    raw: dict[str, Any]
    seen: set[str] = field(default_factory=set)

    def fail(self, message: str) -> PolicyFileError:
        """Return the error for this place."""
        return PolicyFileError(f"{self.where}: {message}")

    def text(self, key: str, *, default: str | None = None) -> str:
        """Return a non-empty text."""
        raw = self._get(key)
        if raw is None and default is not None:
            return default
        if not isinstance(raw, str) or not raw.strip():
            raise self.fail(f"{key} 须为文本")
        return raw.strip()

    def text_or_none(self, key: str) -> str | None:
        """Return a text, or an explicit null."""
        if key not in self.raw:
            raise self.fail(f"缺少 {key}（没有时写 null）")
        return None if self._get(key) is None else self.text(key)

    def day(self, key: str) -> date:
        """Return a date."""
        raw = self._get(key)
        if type(raw) is not date:
            raise self.fail(f"{key} 须为日期 YYYY-MM-DD")
        return raw

    def day_or_none(self, key: str) -> date | None:
        """Return a date, or nothing."""
        return None if self._get(key) is None else self.day(key)

    def truth(self, key: str, *, default: bool | None = None) -> bool:
        """Return true or false, spelt out."""
        raw = self._get(key)
        if raw is None and default is not None:
            return default
        if not isinstance(raw, bool):
            raise self.fail(f"{key} 须为 true 或 false")
        return raw

    def mapping(self, key: str) -> dict[Any, Any]:
        """Return a mapping, empty where the key is absent."""
        raw = self._get(key)
        if raw is None:
            return {}
        if not isinstance(raw, dict):
            raise self.fail(f"{key} 须为对照表")
        return raw

    def any(self, key: str) -> object:
        """Whatever stands there; the key must exist."""
        if key not in self.raw:
            raise self.fail(f"缺少 {key}")
        return self._get(key)

    def close(self) -> None:
        """Refuse keys nobody asked for: a misspelt key must not be silently dropped."""
        left = set(self.raw) - self.seen
        if left:
            raise self.fail(f"不认识的键 {sorted(map(str, left))}")

    def _get(self, key: str) -> Any:
        self.seen.add(key)
        return self.raw.get(key)


class _OneKeyOnceLoader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """Safe YAML that refuses a repeated key, so that one date cannot hide another."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Build the mapping after looking for repeated keys.

        Raises
        ------
        PolicyFileError
            When a key stands twice.
        """
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise PolicyFileError(
                f"第 {node.start_mark.line + 1} 行：键重复 {sorted(map(str, twice))}"
            )
        built: dict[Any, Any] = super().construct_mapping(node, deep)
        return built


def read_mapping(path: Path) -> dict[str, Any]:
    """One YAML file as a mapping.

    Raises
    ------
    PolicyFileError
        When the file is not YAML, repeats a key, or is not a mapping.
    """
    try:
        raw = _OneKeyOnceLoader(path.read_text("utf-8")).get_single_data()
    except yaml.YAMLError as error:
        raise PolicyFileError(f"{path.name}: 不是合法的 YAML: {error}") from error
    except PolicyFileError as error:
        raise PolicyFileError(f"{path.name}: {error}") from error
    if not isinstance(raw, dict):
        raise PolicyFileError(f"{path.name}: 须为一个对照表")
    return raw


def source_from(raw: dict[str, Any], *, file_name: str) -> Source:
    """Read a source; any slip is a ``PolicyFileError`` that names the file and the fix."""
    fields = Fields(where=f"sources/{file_name}", raw=raw)
    source = Source(
        id=fields.text("id"),
        kind=fields.text("kind"),
        instrument=fields.text("instrument"),
        issuer=fields.text("issuer"),
        number=fields.text_or_none("number"),
        dated_on=fields.day_or_none("dated_on"),
        in_force_on=fields.day("in_force_on"),
        repealed_on=fields.day_or_none("repealed_on"),
        was_text_read=fields.truth("was_text_read"),
        absent={str(k): str(v) for k, v in fields.mapping("absent").items()},
        articles=_articles(fields),
        note=fields.text("note", default=""),
    )
    fields.close()
    _check_source(source, fields=fields)
    return source


def _articles(fields: Fields) -> dict[str, Article]:
    articles = {}
    for name, raw in fields.mapping("articles").items():
        if not isinstance(raw, dict):
            raise fields.fail(f"articles.{name} 须为对照表")
        inner = Fields(where=f"{fields.where} {name}", raw=raw)
        article = Article(gist=inner.text("gist"), was_text_read=inner.truth("was_text_read"))
        inner.close()
        articles[str(name)] = article
    return articles


def _check_source(source: Source, *, fields: Fields) -> None:
    if f"{source.id}.yaml" != fields.where.removeprefix("sources/"):
        raise fields.fail(f"id {source.id!r} 须与文件名一致")
    if source.kind not in SOURCE_KINDS:
        raise fields.fail(f"kind {source.kind!r} 不在 {sorted(SOURCE_KINDS)} 之中")
    for key, value in (("number", source.number), ("dated_on", source.dated_on)):
        if (value is None) != (key in source.absent):
            raise fields.fail(f"{key} 为 null 时须在 absent 说明原因，有值时不写")
    if source.repealed_on is not None and source.repealed_on <= source.in_force_on:
        raise fields.fail("repealed_on 须晚于 in_force_on")
    if not source.was_text_read and any(a.was_text_read for a in source.articles.values()):
        raise fields.fail("整篇未读，条文不能标为已读")


def parameter_from(
    raw: dict[str, Any],
    *,
    file_name: str,
    sources: Mapping[str, Source],
    origin: str,
) -> Parameter:
    """Read a parameter; any slip is a ``PolicyFileError`` that names the file and the fix.

    A value may claim less reading than its source, never more.
    """
    fields = Fields(where=f"parameters/{file_name}", raw=raw)
    unit = fields.text("unit")
    if unit not in UNITS:
        raise fields.fail(f"unit {unit!r} 不在 {sorted(UNITS)} 之中")
    entries = tuple(
        entry
        for day, items in fields.mapping("values").items()
        for entry in _entries(day, items, unit=unit, fields=fields, sources=sources, origin=origin)
    )
    parameter = Parameter(
        id=fields.text("id"),
        label=fields.text("label"),
        unit=unit,
        checked_on=fields.day("checked_on"),
        entries=tuple(sorted(entries, key=lambda entry: entry.starts_on)),
        measure=fields.text("measure") if unit == "fen_bands" else None,
        verified_through=fields.day_or_none("verified_through"),
        note=fields.text("note", default=""),
    )
    fields.close()
    if f"{parameter.id}.yaml" != file_name:
        raise fields.fail(f"id {parameter.id!r} 须与文件名一致")
    if not parameter.entries:
        raise fields.fail("values 为空")
    return parameter


def _entries(
    day: object,
    items: object,
    *,
    unit: str,
    fields: Fields,
    sources: Mapping[str, Source],
    origin: str,
) -> list[Entry]:
    if type(day) is not date:
        raise fields.fail(f"values 的键须为日期，得到 {day!r}")
    listed = items if isinstance(items, list) else [items]
    return [
        _entry(day, item, unit=unit, where=fields.where, sources=sources, origin=origin)
        for item in listed
    ]


def _entry(
    day: date,
    raw: object,
    *,
    unit: str,
    where: str,
    sources: Mapping[str, Source],
    origin: str,
) -> Entry:
    fields = Fields(where=f"{where} {day}", raw=raw if isinstance(raw, dict) else {})
    try:
        value = UNITS[unit](fields.any("value"))
    except PolicyUnitError as error:
        raise fields.fail(str(error)) from error
    source_id, clause = fields.text("source"), fields.text("clause")
    if source_id not in sources:
        raise fields.fail(f"source {source_id!r} 没有对应的 sources/{source_id}.yaml")
    source = sources[source_id]
    entry = Entry(
        starts_on=day,
        ends_on=fields.day_or_none("ends_on"),
        scope=_scope(fields),
        value=value,
        source_id=source_id,
        clause=clause,
        was_text_read=source.was_read(clause)
        and fields.truth("was_text_read", default=source.was_text_read),
        note=fields.text("note", default=""),
        origin=origin,
    )
    if fields.raw.get("was_text_read") and not source.was_read(clause):
        raise fields.fail("来源原文未读，数值不能标为已读")
    fields.close()
    _check_days(entry, source=source, fields=fields)
    return entry


def _check_days(entry: Entry, *, source: Source, fields: Fields) -> None:
    if entry.ends_on is not None and entry.ends_on < entry.starts_on:
        raise fields.fail("ends_on 早于起始日")
    if source.repealed_on is not None and entry.starts_on >= source.repealed_on:
        raise fields.fail(f"起始日时来源已于 {source.repealed_on} 废止")


def _scope(fields: Fields) -> dict[str, frozenset[str]]:
    scope = {}
    for key, words in fields.mapping("scope").items():
        if key not in SCOPE_WORDS:
            raise fields.fail(f"scope 键 {key!r} 不在 {sorted(SCOPE_WORDS)} 之中")
        listed = frozenset(str(w) for w in (words if isinstance(words, list) else [words]))
        unknown = listed - SCOPE_WORDS[key]
        if unknown or not listed:
            raise fields.fail(f"scope {key} 的取值 {sorted(unknown)} 不认识")
        scope[str(key)] = listed
    return scope
