"""The only reader of time; everything else is handed the moment or the day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


class ClockFixedError(Exception):
    """The clock was told to stand still outside of the demo world and of tests."""


def now() -> datetime:
    """Give this moment, in Shanghai.

    Raises
    ------
    ClockFixedError
        ``CHEDAI_CLOCK_FIXED_AT`` is set where real work is done.
    """
    fixed_at: str = getattr(settings, "CHEDAI_CLOCK_FIXED_AT", "")
    if not fixed_at:
        return timezone.now().astimezone(SHANGHAI)  # noqa: TID251 - the one place
    if not (settings.CHEDAI_DEMO or getattr(settings, "CHEDAI_TESTING", False)):
        msg = "CHEDAI_CLOCK_FIXED_AT 只能用于演示或测试：请去掉这个环境变量再启动"
        raise ClockFixedError(msg)
    moment = datetime.fromisoformat(fixed_at)
    return moment.replace(tzinfo=moment.tzinfo or SHANGHAI).astimezone(SHANGHAI)


def today() -> date:
    """Give the day it is in Shanghai."""
    return now().date()
