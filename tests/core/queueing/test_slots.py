from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chedai.core.queueing.slots import SlotRules, Span, free_slots, is_room_left, without

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=timezone(timedelta(hours=8)))


def span(start: float, end: float) -> Span:
    return Span(NINE + timedelta(minutes=start), NINE + timedelta(minutes=end))


def rules(**changes) -> SlotRules:
    return SlotRules(
        **{
            "slot_minutes": 40,
            "buffer_minutes": 10,
            "max_per_day": 8,
            "walk_in_share": Decimal("0.3"),
            **changes,
        }
    )


def starts(slots) -> list[float]:
    return [(slot.starts_at - NINE) / timedelta(minutes=1) for slot in slots]


def test_cutting_leaves_both_sides():
    assert without([span(0, 60)], taken=[span(20, 30)]) == (span(0, 20), span(30, 60))
    assert without([span(0, 60)], taken=[span(-5, 70)]) == ()
    assert without([span(0, 60)], taken=[span(60, 70)]) == (span(0, 60),)


def test_slots_begin_every_ten_minutes_and_end_within_the_shift():
    slots = free_slots(working=[span(0, 60)], booked=[], earliest_at=NINE, rules=rules())

    assert starts(slots) == [0, 10, 20]


def test_ten_minutes_are_kept_on_both_sides_of_an_appointment():
    slots = free_slots(
        working=[span(0, 180)],
        booked=[span(60, 100)],
        earliest_at=NINE,
        rules=rules(walk_in_share=Decimal(0)),
    )

    assert starts(slots) == [0, 10, 110, 120, 130, 140]


def test_too_short_a_notice_is_no_slot():
    earliest_at = NINE + timedelta(minutes=11)
    slots = free_slots(working=[span(0, 60)], booked=[], earliest_at=earliest_at, rules=rules())

    assert starts(slots) == [20]


@pytest.mark.parametrize(("booked", "expected"), [(7, True), (8, False)])
def test_the_day_holds_eight_appointments(booked, expected):
    short = [span(n * 10, n * 10 + 1) for n in range(booked)]

    assert is_room_left(booked=short, working=[span(0, 480)], rules=rules()) is expected


@pytest.mark.parametrize(("minutes", "expected"), [(30, True), (31, False)])
def test_three_tenths_of_the_time_are_kept_for_walk_ins(minutes, expected):
    # 100 minutes of work, 70 of them for appointments, one of 40 to be added.
    room = is_room_left(booked=[span(0, minutes)], working=[span(0, 100)], rules=rules())

    assert room is expected


@given(
    st.lists(st.integers(0, 400), max_size=6),
    st.integers(0, 300),
)
def test_no_slot_ever_touches_an_appointment_or_leaves_the_shift(begins, earliest):
    booked = [span(begin, begin + 20) for begin in begins]
    working = (span(0, 180), span(240, 540))
    slots = free_slots(
        working=working,
        booked=booked,
        earliest_at=NINE + timedelta(minutes=earliest),
        rules=rules(walk_in_share=Decimal(0)),
    )

    for slot in slots:
        assert any(each.holds(slot) for each in working)
        assert not any(slot.overlaps(each) for each in booked)
