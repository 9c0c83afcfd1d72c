"""How numbers, money, rates and days are written on every page and print.

Money is never rounded down for display: an instalment of 2,947.01 yuan shown
without fen reads 2,948, because a customer must not find the real one dearer.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
NO_DATA: Final = "--"
FEN_PER_YUAN: Final = 100
FEN_PER_WAN: Final = 1_000_000
DAYS_ONLY_FROM: Final = 3


def yuan(fen: int | None) -> str:
    """``294727`` → ``2,947.27``; whole yuan lose the fen."""
    if fen is None:
        return NO_DATA
    sign, rest = ("-" if fen < 0 else ""), abs(fen)
    whole, part = divmod(rest, FEN_PER_YUAN)
    return f"{sign}{whole:,}" + (f".{part:02d}" if part else "")


def yuan_up(fen: int | None) -> str:
    """``294701`` → ``2,948``: whole yuan, never below the true amount."""
    if fen is None:
        return NO_DATA
    return f"{-(-fen // FEN_PER_YUAN):,}"


def money(fen: int | None) -> str:
    """``294727`` → ``¥2,947.27``."""
    if fen is None:
        return NO_DATA
    return f"-¥{yuan(-fen)}" if fen < 0 else f"¥{yuan(fen)}"


def wan(fen: int | None) -> str:
    """``15000000`` → ``15 万``; at most two decimals, trailing zeros dropped."""
    if fen is None:
        return NO_DATA
    value = (Decimal(fen) / FEN_PER_WAN).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    text = f"{value + 0:f}".rstrip("0").rstrip(".")  # + 0: no minus before a zero
    return f"{text} 万"


def percent(ratio: float | Decimal | None, digits: int = 2) -> str:
    """``0.0388`` → ``3.88%``."""
    if ratio is None:
        return NO_DATA
    step = Decimal(1).scaleb(-digits)
    return f"{(Decimal(str(ratio)) * 100).quantize(step, rounding=ROUND_HALF_UP) + 0:f}%"


def day(value: date | datetime | str | None) -> str:
    """Give a day as ``2026-11-23``, in Shanghai."""
    if value is None:
        return NO_DATA
    if isinstance(value, str):
        return value[:10]
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI).date()
    return value.isoformat()


def moment(value: datetime | None) -> str:
    """Give a moment as ``2026-11-23 14:08``, in Shanghai."""
    if value is None:
        return NO_DATA
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def hour_minute(value: datetime | None) -> str:
    """Give the time of day as ``14:08``, in Shanghai."""
    if value is None:
        return NO_DATA
    return value.astimezone(SHANGHAI).strftime("%H:%M")


def year_month(value: date | str | None) -> str:
    """Give a month as ``2029-11``."""
    return day(value)[:7]


def span_of(minutes: int) -> str:
    """Say a span as people do: 45 分钟, 6 小时, 3 天."""
    if minutes < 60:
        return f"{minutes} 分钟"
    hours = -(-minutes // 60)
    return f"{hours} 小时" if hours < 24 else f"{-(-hours // 24)} 天"


def to_json(value: Any) -> Markup:
    """JSON safe inside a script or an attribute in single quotes."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    for character in "<>&'":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - escaped above


def highlight(text: str, spans: list[tuple[int, int, str]]) -> Markup:
    """Mark the stretches of a sentence that chips came from; ``spans`` = (start, end, class)."""
    parts, at = [], 0
    for start, end, css in sorted(spans):
        if start < at:
            continue
        parts.append(escape(text[at:start]))
        parts.append(Markup('<mark class="span-{}">{}</mark>').format(css, text[start:end]))
        at = end
    parts.append(escape(text[at:]))
    return Markup("").join(parts)


def time_left(due_at: datetime, now: datetime) -> str:
    """Say how long is left, or how long it is over: ``剩 3 小时 5 分``, ``超 2 天``."""
    minutes = int(abs((due_at - now).total_seconds())) // 60
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days >= DAYS_ONLY_FROM:
        length = f"{days} 天"
    elif days:
        length = f"{days} 天 {hours} 小时" if hours else f"{days} 天"
    else:
        length = f"{hours} 小时 {minutes} 分" if hours else f"{minutes} 分"
    return f"{'剩' if due_at >= now else '超'} {length}"


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "day": day,
    "highlight": highlight,
    "hour_minute": hour_minute,
    "moment": moment,
    "span": span_of,
    "money": money,
    "percent": percent,
    "time_left": time_left,
    "to_json": to_json,
    "wan": wan,
    "year_month": year_month,
    "yuan": yuan,
    "yuan_up": yuan_up,
}
