"""The closed list of units a policy number may have, and how its YAML text becomes a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class PolicyUnitError(ValueError):
    """A value does not have the form its unit asks for."""


@dataclass(frozen=True, kw_only=True)
class Band:
    """One step of a scale: up to and including ``up_to`` (``None``: beyond all)."""

    up_to: int | None
    low_fen: int
    high_fen: int


@dataclass(frozen=True, kw_only=True)
class RatioByMonths:
    """A ratio for each of a few terms, such as the total fee allowed for 12, 24, 36 months."""

    ratios: tuple[tuple[int, Decimal], ...]

    def for_term(self, term_months: int) -> Decimal | None:
        """Return the ratio of the shortest listed term that is not shorter, else ``None``."""
        return next((ratio for months, ratio in self.ratios if term_months <= months), None)


@dataclass(frozen=True, kw_only=True)
class ByWord:
    """A number for each of a few words, such as the days beyond which each category holds."""

    pairs: tuple[tuple[str, int | Decimal], ...]

    def days(self) -> dict[str, int]:
        """Return the numbers of days by word."""
        return {word: number for word, number in self.pairs if isinstance(number, int)}

    def ratios(self) -> dict[str, Decimal]:
        """Return the ratios by word."""
        return {word: number for word, number in self.pairs if isinstance(number, Decimal)}


PolicyValue = (
    Decimal | int | bool | date | tuple[str, ...] | tuple[Band, ...] | RatioByMonths | ByWord
)


def _decimal(raw: object) -> Decimal:
    if not isinstance(raw, str):
        raise PolicyUnitError(f"比率须写成带引号的文本，得到 {raw!r}")
    try:
        number = Decimal(raw)
    except InvalidOperation as error:
        raise PolicyUnitError(f"{raw!r} 不是十进制数") from error
    if not number.is_finite() or number < 0:
        raise PolicyUnitError(f"{raw!r} 须为有限的非负数")
    return number


def _whole(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or raw < 0:
        raise PolicyUnitError(f"须为非负整数，得到 {raw!r}")
    return raw


def _ratio(raw: object) -> Decimal:
    ratio = _decimal(raw)
    if ratio > 1:
        raise PolicyUnitError(f"比率 {raw!r} 大于 1；比率不写百分数")
    return ratio


def _truth(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise PolicyUnitError(f"须为 true 或 false，得到 {raw!r}")
    return raw


def _day(raw: object) -> date:
    if type(raw) is not date:
        raise PolicyUnitError(f"须为日期，得到 {raw!r}")
    return raw


def _words(raw: object) -> tuple[str, ...]:
    if not isinstance(raw, list) or not raw or not all(isinstance(w, str) and w for w in raw):
        raise PolicyUnitError(f"须为非空的词表，得到 {raw!r}")
    return tuple(raw)


def _bands(raw: object) -> tuple[Band, ...]:
    if not isinstance(raw, list) or not raw:
        raise PolicyUnitError(f"须为分档列表，得到 {raw!r}")
    bands = tuple(_band(item) for item in raw)
    tops = [band.up_to for band in bands]
    finite = [top for top in tops[:-1] if top is not None]
    if tops[-1] is not None or len(finite) != len(bands) - 1 or finite != sorted(set(finite)):
        raise PolicyUnitError("分档上限须递增，最后一档 up_to 为 null")
    return bands


def _band(item: object) -> Band:
    if not isinstance(item, dict) or set(item) != {"up_to", "low_fen", "high_fen"}:
        raise PolicyUnitError(f"每档须有 up_to、low_fen、high_fen，得到 {item!r}")
    low_fen, high_fen = _whole(item["low_fen"]), _whole(item["high_fen"])
    if low_fen > high_fen:
        raise PolicyUnitError(f"低档 {low_fen} 大于高档 {high_fen}")
    top = item["up_to"]
    return Band(up_to=None if top is None else _whole(top), low_fen=low_fen, high_fen=high_fen)


def _ratio_by_months(raw: object) -> RatioByMonths:
    if not isinstance(raw, dict) or not raw:
        raise PolicyUnitError(f"须为 月数：比率 的对照表，得到 {raw!r}")
    return RatioByMonths(ratios=tuple(sorted((_whole(k), _ratio(v)) for k, v in raw.items())))


def _by_word(number: Callable[[object], int | Decimal]) -> Callable[[object], ByWord]:
    def read(raw: object) -> ByWord:
        if not isinstance(raw, dict) or not raw or not all(isinstance(k, str) for k in raw):
            raise PolicyUnitError(f"须为 词：数 的对照表，得到 {raw!r}")
        return ByWord(pairs=tuple((word, number(value)) for word, value in raw.items()))

    return read


UNITS: Final[Mapping[str, Callable[[object], PolicyValue]]] = {
    "ratio": _ratio,
    "multiple": _decimal,
    "fen": _whole,
    "months": _whole,
    "days": _whole,
    "minutes": _whole,
    "count": _whole,
    "instalments": _whole,
    "cubic_centimetres": _whole,
    "truth": _truth,
    "day": _day,
    "words": _words,
    "fen_bands": _bands,
    "ratio_by_months": _ratio_by_months,
    "days_by_word": _by_word(_whole),
    "ratio_by_word": _by_word(_ratio),
}


def band_for(bands: tuple[Band, ...], measure: int) -> Band:
    """Return the band that holds ``measure``; there always is one, the top being open."""
    return next(band for band in bands if band.up_to is None or measure <= band.up_to)


def jsonable(value: PolicyValue) -> object:
    """Return the value in words JSON knows; Decimal and dates as text, so nothing is lost."""
    if isinstance(value, (bool, int)):
        return value
    if isinstance(value, ByWord):
        return {word: n if isinstance(n, int) else str(n) for word, n in value.pairs}
    if isinstance(value, RatioByMonths):
        return {str(months): str(ratio) for months, ratio in value.ratios}
    if isinstance(value, tuple):
        return [
            {"up_to": item.up_to, "low_fen": item.low_fen, "high_fen": item.high_fen}
            if isinstance(item, Band)
            else item
            for item in value
        ]
    return str(value)
