"""From an amount with its role to a chip: how exactly it was meant and which words say it."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Final

from chedai.needs.chips import Certainty, Chip, Strength
from chedai.needs.reading.limits import Bounds, bounds_of
from chedai.needs.reading.roles import Role
from chedai.needs.reading.sentence import Sentence

_NUMERAL: Final = r"[\d一二两三四五六七八九十百千万几]"
_DIGIT_AFTER: Final = re.compile(
    rf"{_NUMERAL}+(?!个?[月年期套台张笔个半\d])(?!半?年)(?!{_NUMERAL})"
)
_DIGIT_BEFORE: Final = re.compile(rf"{_NUMERAL}$")
_OR_SO: Final = re.compile(r"\s?(?:差不多|大概|左右|上下|估计)(?:就|是|吧|呢|这样|这个数)*\s?")


def bounds_in(sentence: Sentence, index: int, role: Role) -> Bounds:
    """Read how exactly amount ``index`` was meant; a 差不多 after a pause counts too."""
    clause = sentence.clause_of(sentence.amounts[index].start)
    bounds = bounds_of(
        sentence.text,
        sentence.amounts[index],
        before_from=sentence.before(index),
        skip_to=role.cue.end if role.cue and role.is_after else None,
        after_to=clause.end,
    )
    following = sentence.next_said(clause)
    is_exact = not bounds.is_vague and bounds.low == bounds.high is not None
    if is_exact and bounds.low and bounds.high and _OR_SO.fullmatch(following):
        low, high = bounds.low * Fraction(9, 10), bounds.high * Fraction(11, 10)
        return replace(bounds, low=low, high=high, is_vague=True)
    return bounds


def is_half_read(text: str, start: int, end: int) -> bool:
    """Tell whether digits stand against a number or a name that were not read with it."""
    return bool(_DIGIT_AFTER.match(text, end) or _DIGIT_BEFORE.search(text, 0, start))


def scaled(end: Fraction | None, scale: Fraction | int, *, whole: int = 1) -> int | None:
    """Round to whole yuan (``whole`` fen) or basis points."""
    if end is None:
        return None
    return round(end if scale == whole else end * scale / whole) * whole


def with_span(
    sentence: Sentence,
    role: Role,
    bounds: Bounds,
    slot: str,
    ends_of: tuple[int | None, int | None],
    *,
    is_doubtful: bool,
) -> Chip:
    """Make a chip whose words reach from its role word to its last limit word."""
    start, end = bounds.start, bounds.end
    if role.cue:
        start, end = min(start, role.cue.start), max(end, role.cue.end)
    if slot == "vehicle_price" and role.cue is None and sentence.text.startswith("的", end):
        end += 1
    certainty: Certainty = "ambiguous" if is_doubtful else "roughly" if bounds.is_vague else "said"
    strength: Strength = "soft" if bounds.is_soft else "hard"
    return made(sentence, slot, start, end, ends_of=ends_of, certainty=certainty, strength=strength)


def made(
    sentence: Sentence,
    slot: str,
    start: int,
    end: int,
    *,
    ends_of: tuple[Fraction | int | None, Fraction | int | None],
    certainty: Certainty,
    strength: Strength = "hard",
) -> Chip:
    """Make a chip; a fraction is yuan, an integer fen or basis points already."""
    low, high = (int(e * 100) if isinstance(e, Fraction) else e for e in ends_of)
    return Chip(
        slot,
        sentence.text[start:end],
        start,
        end,
        low,
        high,
        certainty=certainty,
        strength=strength,
    )
