from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chedai.core.queueing.order import (
    OrderRules,
    Priority,
    Waiting,
    callable_by,
    published_order,
    standing_of,
)

RULES = OrderRules(grace_minutes=15, early_minutes=10)
TEN = datetime(2026, 11, 24, 10, 0, tzinfo=timezone(timedelta(hours=8)))


def at(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def waiting(number: int, came: float, **fields) -> Waiting:
    return Waiting(**{"number": number, "arrived_at": at(came), "queued_at": at(came), **fields})


def numbers(people, now: float = 60) -> list[int]:
    return [s.waiting.number for s in published_order(people, now=at(now), rules=RULES)]


def test_an_appointment_comes_before_priority_and_priority_before_walk_ins():
    people = [
        waiting(1, 0),
        waiting(2, 10, is_assisted=True),
        waiting(3, 55, appointment_at=at(60)),
    ]

    assert numbers(people) == [3, 2, 1]


def test_within_a_class_the_earlier_moment_comes_earlier():
    people = [
        waiting(1, 20),
        waiting(2, 10),
        waiting(3, 50, appointment_at=at(60)),
        waiting(4, 52, appointment_at=at(55)),
    ]

    assert numbers(people) == [4, 3, 2, 1]


def test_the_same_moment_is_decided_by_the_number():
    assert numbers([waiting(2, 0), waiting(1, 0)]) == [1, 2]


@pytest.mark.parametrize(
    ("now", "priority"),
    [(49.9, Priority.WALK_IN), (50, Priority.APPOINTMENT), (60, Priority.APPOINTMENT)],
)
def test_an_appointment_counts_from_ten_minutes_before_its_time(now, priority):
    early = waiting(1, 0, appointment_at=at(60))

    assert standing_of(early, now=at(now), rules=RULES).priority is priority


@pytest.mark.parametrize(
    ("came", "priority"),
    [(60, Priority.APPOINTMENT), (75, Priority.APPOINTMENT), (75.1, Priority.WALK_IN)],
)
def test_an_appointment_is_lost_after_the_minutes_of_grace(came, priority):
    late = waiting(1, came, appointment_at=at(60))

    assert standing_of(late, now=at(80), rules=RULES).priority is priority


def test_who_missed_a_call_waits_from_the_return_on_and_without_the_appointment():
    people = [
        waiting(1, 0, appointment_at=at(0), queued_at=at(40), has_returned=True),
        waiting(2, 30),
    ]

    assert numbers(people) == [2, 1]


def test_a_late_assisted_customer_stays_assisted():
    late = waiting(1, 80, appointment_at=at(60), is_assisted=True)

    assert standing_of(late, now=at(81), rules=RULES).priority is Priority.ASSISTED


def test_every_place_has_its_reason():
    people = [
        waiting(1, 0),
        waiting(2, 0, is_assisted=True),
        waiting(3, 55, appointment_at=at(60)),
        waiting(4, 80, appointment_at=at(60)),
        waiting(5, 0, appointment_at=at(300)),
        waiting(6, 0, has_returned=True),
    ]

    reasons = {s.waiting.number: s.reason for s in published_order(people, now=at(81), rules=RULES)}

    assert reasons == {
        1: "按到店先后",
        2: "优先照顾",
        3: "预约 11:00，按时到店",
        4: "预约 11:00，迟到超过 15 分钟，按到店先后",
        5: "预约 15:00，来得早，先按到店先后",
        6: "过号后回来，按回来的时间排",
    }


@pytest.mark.parametrize(
    ("advisor_id", "present", "now", "expected"),
    [
        (7, {7, 8}, 60, [1, 2]),  # the advisor of the appointment
        (8, {7, 8}, 60, [2]),  # another one, while that advisor is there
        (8, {8}, 60, [1, 2]),  # that advisor is not there
        (8, {7, 8}, 75, [1, 2]),  # past the grace anybody may
    ],
)
def test_an_appointment_is_kept_for_its_advisor(advisor_id, present, now, expected):
    people = [waiting(1, 55, appointment_at=at(60), wanted_advisor_id=7), waiting(2, 0)]
    order = published_order(people, now=at(now), rules=RULES)

    mine = callable_by(
        order, advisor_id=advisor_id, present_ids=frozenset(present), now=at(now), rules=RULES
    )

    assert [s.waiting.number for s in mine] == expected


PEOPLE = st.lists(
    st.builds(
        lambda came, agreed, assisted, back: waiting(
            0,
            came,
            queued_at=at(came + back),
            has_returned=back > 0,
            appointment_at=None if agreed is None else at(agreed),
            is_assisted=assisted,
        ),
        st.integers(0, 300),
        st.none() | st.integers(0, 300),
        st.booleans(),
        st.integers(0, 3),
    ),
    max_size=12,
)


@given(PEOPLE, st.integers(300, 400))
def test_the_order_holds_everybody_once_and_never_breaks_its_own_rule(people, now):
    order = published_order(people, now=at(now), rules=RULES)

    assert len(order) == len(people)
    keys = [(s.priority, s.key_at) for s in order]
    assert keys == sorted(keys)
