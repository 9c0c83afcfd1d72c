from __future__ import annotations

import pytest
from tests.core.scheduling.builders import NINE, SIX, make_advisor, make_day, make_job, make_task

from chedai.core.scheduling.day import Interval, JobKind, Lock
from chedai.core.scheduling.plan import DayPlan, Placement, cost_of, violations


def plan(*rows) -> DayPlan:
    return DayPlan(tuple(Placement(*row) for row in rows))


def test_a_plan_costs_weighted_waiting_overtime_and_what_is_left_undone():
    jobs = [make_job(1), make_job(2, weight=3), make_task(3), make_job(4, due_slot=SIX - 3)]
    # c2 waits 40 minutes at weight 3; c4 ends 15 minutes after the shift; the task is left.
    cost = cost_of(
        plan(("c1", "a0", NINE), ("c2", "a0", NINE + 8), ("c4", "a0", SIX - 3)), make_day(jobs=jobs)
    )

    assert (cost.waiting, cost.overtime, cost.unserved) == (120, 30, 400)
    assert (cost.waiting_minutes, cost.overtime_minutes, cost.unserved_count) == (40, 15, 1)
    assert cost.total == 550


def test_overtime_counts_once_for_each_advisor():
    jobs = [make_job(1, due_slot=SIX - 3), make_job(2, due_slot=SIX - 3)]
    day = make_day(advisors=[make_advisor(0), make_advisor(1)], jobs=jobs)

    assert cost_of(plan(("c1", "a0", SIX - 3), ("c2", "a1", SIX - 3)), day).overtime_minutes == 30


ABLE = make_advisor(0, skills=frozenset({"used_car"}), languages=frozenset({"yue"}))


@pytest.mark.parametrize(
    ("day", "rows", "fault"),
    [
        (make_day(), [("c0", "a0", NINE)], None),
        (make_day(), [], None),
        (make_day(), [("c0", "a0", NINE), ("c0", "a0", NINE + 20)], "排了两次"),
        (make_day(jobs=[make_job(skills=frozenset({"used_car"}))]), [("c0", "a0", NINE)], "不会做"),
        (make_day(jobs=[make_job(language="yue")]), [("c0", "a0", NINE)], "不会做"),
        (make_day(jobs=[make_job(advisor_ids=frozenset({"a1"}))]), [("c0", "a0", NINE)], "不会做"),
        (
            make_day(
                advisors=[ABLE], jobs=[make_job(skills=frozenset({"used_car"}), language="yue")]
            ),
            [("c0", "a0", NINE)],
            None,
        ),
        (make_day(jobs=[make_job(due_slot=NINE + 1)]), [("c0", "a0", NINE)], "不在允许的时间内"),
        (make_day(jobs=[make_job(latest_slot=NINE)]), [("c0", "a0", NINE + 1)], "不在允许的时间内"),
        (make_day(now_slot=NINE + 1), [("c0", "a0", NINE)], "已经过去"),
        (make_day(), [("c0", "a0", SIX + 6)], None),
        (make_day(), [("c0", "a0", SIX + 7)], "不上班"),
        (
            make_day(advisors=[make_advisor(breaks=(Interval(NINE + 6, NINE + 7),))]),
            [("c0", "a0", NINE)],
            None,
        ),
        (
            make_day(advisors=[make_advisor(breaks=(Interval(NINE + 5, NINE + 7),))]),
            [("c0", "a0", NINE)],
            "不上班",
        ),
        (
            make_day(jobs=[make_job(1), make_job(2)]),
            [("c1", "a0", NINE), ("c2", "a0", NINE + 8)],
            None,
        ),
        (
            make_day(jobs=[make_job(1), make_job(2)]),
            [("c1", "a0", NINE), ("c2", "a0", NINE + 7)],
            "间隔不足",
        ),
        (
            make_day(advisors=[make_advisor(deal_room=0)], jobs=[make_job(adds_deal=True)]),
            [("c0", "a0", NINE)],
            "在办上限",
        ),
        (
            make_day(advisors=[make_advisor(deal_room=1)], jobs=[make_job(adds_deal=True)]),
            [("c0", "a0", NINE)],
            None,
        ),
        (
            make_day(jobs=[make_task(0, service_minutes=375)]),
            [("t0", "a0", NINE)],
            None,
        ),
        (
            make_day(jobs=[make_task(0, service_minutes=380)]),
            [("t0", "a0", NINE)],
            "留给到店客户",
        ),
        (make_day(locks={"c0": Lock("a0", NINE)}), [], "没有排入"),
        (make_day(locks={"c0": Lock("a0", NINE)}), [("c0", "a0", NINE + 1)], "时间被改"),
        (
            make_day(advisors=[make_advisor(0), make_advisor(1)], locks={"c0": Lock("a0")}),
            [("c0", "a1", NINE)],
            "锁定给",
        ),
    ],
)  # fmt: skip
def test_a_broken_rule_is_found_and_a_kept_one_is_not(day, rows, fault):
    found = violations(plan(*rows), day)

    assert (found == []) if fault is None else (fault in "；".join(found))


def test_a_lock_stands_above_skills_hours_and_caps():
    job = make_job(skills=frozenset({"used_car"}), adds_deal=True, kind=JobKind.APPOINTMENT)
    day = make_day(
        advisors=[make_advisor(deal_room=0)], jobs=[job], locks={"c0": Lock("a0", SIX + 20)}
    )

    assert violations(plan(("c0", "a0", SIX + 20)), day) == []


def test_jobs_of_an_advisor_are_listed_in_order_of_time():
    made = plan(("c1", "a0", 130), ("c2", "a1", 110), ("c3", "a0", 120))

    assert [placement.job_id for placement in made.of_advisor("a0")] == ["c3", "c1"]
