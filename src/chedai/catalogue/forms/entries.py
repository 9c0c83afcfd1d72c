"""How one typed value becomes a plain value of product terms, and back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

SEGMENT: Final = re.compile(r"(\d{1,3})\s*(?:期|个月)?\s*[::@]\s*([\d.]+)\s*%?")


class UnreadableEntryError(Exception):
    """What was typed is not of its kind; the message says what to type instead."""


def plain(typed: str) -> str:
    """Full-width digits and punctuation to half-width; blanks around it gone."""
    return unicodedata.normalize("NFKC", typed).strip()


def read_percent(typed: str) -> str:
    """``3.88`` or ``3.88%`` → ``"0.0388"``.

    Raises
    ------
    UnreadableEntryError
        Not a number, or with too many decimals.
    """
    number = _number(plain(typed).rstrip("%").strip(), "填百分数，如 3.88")
    ratio = format((number / 100).normalize(), "f")
    if len(ratio.partition(".")[2]) > 12:
        raise UnreadableEntryError("小数位太多，最多保留 10 位")
    return ratio


def read_yuan(typed: str) -> int:
    """``20,000`` or ``2万`` → fen.

    Raises
    ------
    UnreadableEntryError
        Not an amount, or finer than a fen.
    """
    text = plain(typed).replace(",", "").removeprefix("¥").removesuffix("元").strip()
    is_wan = text.endswith("万")
    fen = _number(text.removesuffix("万").strip(), "填金额，如 20000 或 2万") * 100
    fen = fen * 10_000 if is_wan else fen
    if fen != fen.to_integral_value():
        raise UnreadableEntryError("金额最小到分")
    return int(fen)


def read_count(typed: str) -> int:
    """A whole number.

    Raises
    ------
    UnreadableEntryError
        Anything else.
    """
    text = plain(typed).replace(",", "")
    if not re.fullmatch(r"\d{1,9}", text):
        raise UnreadableEntryError("填整数")
    return int(text)


def read_segments(typed: str) -> list[dict[str, Any]]:
    """``24:0, 36:4.25`` → two segments.

    Raises
    ------
    UnreadableEntryError
        A part is not "months:percent".
    """
    segments = []
    for part in re.split(r"[,,、;;]", plain(typed)):
        found = SEGMENT.fullmatch(part.strip())
        if found is None:
            raise UnreadableEntryError("写成“期数：年利率%”，如 24:0, 36:4.25")
        months, percent = found.groups()
        segments.append({"months": int(months), "nominal_rate_annual": read_percent(percent)})
    return segments


def read_months(typed: str) -> list[int]:
    """``1、2、7`` → calendar months; refused where a part is no whole number."""
    return [read_count(word.removesuffix("月")) for word in read_words(typed)]


def read_basis_points(typed: str) -> int:
    """``60`` or ``-20`` → hundredths of a percent, less than 0 where taken off.

    Raises
    ------
    UnreadableEntryError
        Not a whole number.
    """
    text = plain(typed).lower().removesuffix("bp").strip()
    if not re.fullmatch(r"[+-]?\d{1,5}", text):
        raise UnreadableEntryError("填整数的基点，如 60 或 -20")
    return int(text)


def read_words(typed: str) -> list[str]:
    """Words between commas, each once."""
    return list(dict.fromkeys(word for word in re.split(r"[,、\s]+", plain(typed)) if word))


def write_percent(ratio: Any) -> str:
    """``"0.0388"`` → ``3.88``."""
    return format((Decimal(str(ratio)) * 100).normalize(), "f")


def write_yuan(fen: Any) -> str:
    """``2000000`` → ``20000``."""
    whole, part = divmod(int(fen), 100)
    return f"{whole}.{part:02d}" if part else str(whole)


def write_segments(segments: Any) -> str:
    """Write segments as they are typed."""
    return ", ".join(
        f"{part['months']}:{write_percent(part['nominal_rate_annual'])}" for part in segments
    )


def _number(text: str, hint: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise UnreadableEntryError(hint) from error
    if not number.is_finite() or number < 0 or abs(number) > 10**12 or "e" in text.lower():
        raise UnreadableEntryError(hint)
    return number


READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "text": lambda typed: typed.strip(),
    "percent": read_percent,
    "yuan": read_yuan,
    "count": read_count,
    "choice": lambda typed: typed,
    "date": plain,
    "segments": read_segments,
    "words": read_words,
    "months": read_months,
    "basis_points": read_basis_points,
}
WRITERS: Final[Mapping[str, Callable[[Any], str]]] = {
    "percent": write_percent,
    "yuan": write_yuan,
    "segments": write_segments,
    "words": "、".join,
    "months": lambda months: "、".join(str(month) for month in months),
}
