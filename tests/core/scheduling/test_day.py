from __future__ import annotations

from decimal import Decimal

import pytest
from tests.core.scheduling.builders import (
    NINE,
    RULES,
    SIX,
    make_advisor,
    make_day,
    make_job,
    make_task,
)

from chedai.core.scheduling.day import DayInputError, Interval, JobKind, Lock, clock_of, slot_of


@pytest.mark.parametrize(("slot", "clock"), [(0, "00:00"), (108, "09:00"), (287, "23:55")])
def test_a_slot_is_written_as_the_clock_shows_it(slot, clock):
    assert clock_of(slot) == clock


@pytest.mark.parametrize(("minute", "slot"), [(540, 108), (544, 108), (545, 109)])
def test_a_minute_lies_in_the_slot_that_began_before_it(minute, slot):
    assert slot_of(minute) == slot


@pytest.mark.parametrize(
    ("service", "pace", "travel", "slots"),
    [
        (30, 100, 0, 6),
        (31, 100, 0, 7),
        (30, 120, 0, 8),  # 36 minutes
        (30, 80, 0, 5),  # 24 minutes
        (30, 120, 60, 20),  # the way is not slower: 36 + 60 = 96 minutes
    ],
)
def test_a_job_takes_whole_slots_at_the_pace_of_the_advisor(service, pace, travel, slots):
    job = make_job(service_minutes=service, travel_minutes=travel)

    assert job.slots_for(make_advisor(pace_percent=pace)) == slots


def test_tasks_may_fill_what_appointments_and_the_share_for_walk_ins_leave():
    # 9 hours less one of break are 96 slots; 70 % of them 67; the appointment takes 6.
    advisor = make_advisor(breaks=(Interval(NINE + 36, NINE + 48),))
    day = make_day(
        advisors=[advisor],
        jobs=[make_job(1, kind=JobKind.APPOINTMENT), make_job(2), make_task(3)],
    )

    assert day.task_slots_max == 61


def test_a_locked_task_takes_from_the_time_for_tasks():
    day = make_day(jobs=[make_task(1), make_task(2)], locks={"t1": Lock("a0")})

    assert day.task_slots_max == 75 - 6  # 70 % of 108 slots


def test_work_under_way_takes_nothing_from_the_time_for_tasks():
    jobs = [make_job(1, kind=JobKind.APPOINTMENT), make_task(2)]
    locks = {key: Lock("a0", NINE + 6 * n, is_started=True) for n, key in enumerate(("c1", "t2"))}

    assert make_day(jobs=jobs, locks=locks).task_slots_max == 75


def test_the_time_for_tasks_shrinks_as_the_day_passes():
    assert make_day(jobs=[], now_slot=SIX - 10).task_slots_max == 7


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Interval(10, 10), "首尾颠倒"),
        (lambda: Interval(280, 290), "不在一天之内"),
        (lambda: make_advisor(pace_percent=9), "速度"),
        (lambda: make_advisor(deal_room=-1), "在办余量"),
        (
            lambda: make_advisor(working=(Interval(100, 120), Interval(119, 130))),
            "班次互相重叠",
        ),
        (lambda: make_job(earliest_slot=NINE - 1), "时间次序不对"),
        (lambda: make_job(latest_slot=NINE - 1), "时间次序不对"),
        (lambda: make_job(service_minutes=0), "时长"),
        (lambda: make_job(travel_minutes=721), "路程"),
        (lambda: make_job(wait_weight=1001), "权重"),
        (lambda: make_day(jobs=[make_job(1), make_job(1)]), "编号相同的事项"),
        (lambda: make_day(advisors=[make_advisor(), make_advisor()]), "编号相同的顾问"),
        (lambda: make_day(locks={"c9": Lock("a0")}), "不在这一天里"),
        (lambda: make_day(locks={"c0": Lock("a9")}), "不在这一天里"),
    ],
)
def test_a_day_that_contradicts_itself_is_refused(make, message):
    with pytest.raises(DayInputError, match=message):
        make()


def test_two_locks_at_once_are_refused_and_say_which():
    jobs = [make_job(1), make_job(2)]
    with pytest.raises(DayInputError, match="“客户2”到 09:30 才结束，不能同时从 09:25 起做“客户3”"):
        make_day(jobs=jobs, locks={"c1": Lock("a0", NINE), "c2": Lock("a0", NINE + 5)})


def test_two_locks_one_after_the_other_are_taken():
    jobs = [make_job(1), make_job(2)]
    day = make_day(jobs=jobs, locks={"c1": Lock("a0", NINE), "c2": Lock("a0", NINE + 6)})

    assert len(day.locks) == 2


def test_minutes_of_the_rules_become_whole_slots():
    rules = type(RULES)(
        buffer_minutes=11,
        walk_in_share=Decimal(0),
        unserved_minutes=1,
        overtime_weight=1,
        overtime_minutes_max=59,
    )

    assert (rules.buffer_slots, rules.overtime_slots_max) == (3, 11)
