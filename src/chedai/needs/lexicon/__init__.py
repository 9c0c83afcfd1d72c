"""The words customers say, as data: one YAML file a slot, one line a phrase."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

_HERE: Final = Path(__file__).parent
CHOICE_FILES: Final = (
    "body_type",
    "power",
    "vehicle_condition",
    "vehicle_use",
    "trade_in",
    "credit_history",
    "income_kind",
    "objective",
    "refusal",
    "co_borrower",
    "cash_only",
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to say a value; ``value`` None swallows words that only look like one."""

    slot: str
    value: str | None
    pattern: re.Pattern[str]
    is_ambiguous: bool


@cache
def cues() -> Mapping[str, re.Pattern[str]]:
    """Give the cue words of amounts, one pattern a role."""
    plain: dict[str, list[str]] = _plain("cues")
    return MappingProxyType({role: re.compile("|".join(words)) for role, words in plain.items()})


@cache
def phrases() -> Mapping[str, tuple[Phrase, ...]]:
    """Give the phrases of every choice slot in the order in which they are tried."""
    return MappingProxyType({slot: _phrases(slot) for slot in CHOICE_FILES})


@cache
def words(name: str) -> tuple[str, ...]:
    """Give a plain word list, longest word first."""
    listed: list[str] = _plain(name)
    split = {word for line in listed for word in str(line).split()}
    return tuple(sorted(split, key=lambda word: (-len(word), word)))


def _phrases(slot: str) -> tuple[Phrase, ...]:
    lines: list[list[str]] = _plain(slot)
    return tuple(_phrase(slot, *line) for line in lines)


def _phrase(slot: str, value: str, pattern: str, certainty: str = "said") -> Phrase:
    known = None if value == "-" else value
    return Phrase(slot, known, re.compile(pattern), certainty == "ambiguous")


def _plain(name: str) -> Any:
    return yaml.safe_load((_HERE / f"{name}.yaml").read_text(encoding="utf-8"))
