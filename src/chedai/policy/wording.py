"""Amounts, ratios and days as the advisor reads them in a finding."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from chedai.core.money import format_yuan

if TYPE_CHECKING:
    from datetime import datetime

_CHINA: Final = ZoneInfo("Asia/Shanghai")


def yuan_text(amount_fen: int) -> str:
    """Return ``7000000`` fen as ``70,000.00 元``."""
    return f"{format_yuan(amount_fen, symbol='', always_fen=True)} 元"


def percent_text(ratio: Decimal, *, beyond: Decimal | None = None) -> str:
    """Return ``0.75`` as ``75.00%``.

    Where two decimals would make the ratio look equal to the limit it goes
    ``beyond``, as many more are shown as it takes to see the difference.
    """
    percent = ratio * 100
    for digits in range(2, 9):
        shown = percent.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
        if beyond is None or ratio == beyond or shown != beyond * 100:
            break
    return f"{shown}%"


def limit_text(ratio: Decimal) -> str:
    """Return a limit without idle zeros: ``0.70`` as ``70%``, ``0.125`` as ``12.5%``."""
    return f"{(ratio * 100).normalize():f}%"


def moment_text(moment: datetime) -> str:
    """Return an aware moment as the wall clock in China shows it, to the minute."""
    return f"{moment.astimezone(_CHINA):%Y-%m-%d %H:%M}"
