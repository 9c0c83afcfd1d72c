"""One clock; it stands still only in the demo world and in tests."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from chedai.web import clock


def test_the_clock_tells_shanghai_time(settings):
    settings.CHEDAI_CLOCK_FIXED_AT = ""

    assert clock.now().tzinfo == ZoneInfo("Asia/Shanghai")
    assert clock.today() == clock.now().date()


@pytest.mark.parametrize(
    ("fixed_at", "today"),
    [
        ("2026-11-23T10:00:00", date(2026, 11, 23)),
        ("2026-11-22T16:00:00+00:00", date(2026, 11, 23)),
        ("2026-11-22T15:59:59+00:00", date(2026, 11, 22)),
    ],
)
def test_a_clock_that_stands_still_gives_the_day_in_shanghai(settings, fixed_at, today):
    settings.CHEDAI_CLOCK_FIXED_AT = fixed_at

    assert clock.today() == today
    assert clock.now() == clock.now()


def test_standing_still_is_refused_where_real_work_is_done(settings):
    settings.CHEDAI_CLOCK_FIXED_AT = "2026-11-23T10:00:00"
    settings.CHEDAI_DEMO = settings.CHEDAI_TESTING = False

    with pytest.raises(clock.ClockFixedError, match="CHEDAI_CLOCK_FIXED_AT"):
        clock.now()


def test_the_demo_world_may_stop_the_clock(settings):
    settings.CHEDAI_CLOCK_FIXED_AT = "2026-11-23T10:00:00"
    settings.CHEDAI_DEMO, settings.CHEDAI_TESTING = True, False

    assert clock.now() == datetime(2026, 11, 23, 10, tzinfo=clock.SHANGHAI)
