from __future__ import annotations

import pytest
from hypothesis import given, settings
from tests.core.scheduling.builders import NINE, make_advisor, make_day, make_job, make_task
from tests.core.scheduling.strategies import days

from chedai.core.scheduling.baselines import greedy
from chedai.core.scheduling.day import Interval, JobKind, Lock
from chedai.core.scheduling.plan import DayPlan, Placement
from chedai.core.scheduling.reasons import reason_of

TWO = [make_advisor(0), make_advisor(1)]
USED = frozenset({"used_car"})


def reason(day, *rows, labels=None):
    plan = DayPlan(tuple(Placement(*row) for row in rows))
    return reason_of(plan.placements[0], plan, day, labels=labels or {})


@pytest.mark.parametrize(
    ("day", "rows", "sentence"),
    [
        (
            make_day(
                advisors=[make_advisor(0, skills=USED), make_advisor(1)],
                jobs=[make_job(skills=USED)],
            ),
            [("c0", "a0", NINE)],
            "只有顾问1能做二手车；到店即接待。",
        ),
        (
            make_day(advisors=TWO, jobs=[make_job(1), make_job(2, kind=JobKind.APPOINTMENT)]),
            [("c2", "a0", NINE), ("c1", "a1", NINE)],
            "09:00 只有顾问1有空；按预约 09:00 准点开始。",
        ),
        (
            make_day(advisors=[make_advisor(0, pace_percent=80), make_advisor(1)]),
            [("c0", "a0", NINE)],
            "顾问1做这件事最快；到店即接待。",
        ),
        (
            make_day(advisors=TWO, jobs=[make_job(1), make_job(2, due_slot=NINE + 2)]),
            [("c2", "a0", NINE + 8), ("c1", "a0", NINE)],
            "交给顾问1，全店等待最短；09:40 开始，等 30 分钟，因为顾问1到 09:30 在做“客户2”。",
        ),
        (
            make_day(
                advisors=[make_advisor(0, breaks=(Interval(NINE, NINE + 6),))],
            ),
            [("c0", "a0", NINE + 6)],
            "只有顾问1能做这件事；09:30 开始，等 30 分钟，因为顾问1休息到 09:30。",
        ),
        (
            make_day(advisors=[make_advisor(0, working=(Interval(NINE + 6, 200),))]),
            [("c0", "a0", NINE + 6)],
            "只有顾问1能做这件事；09:30 开始，等 30 分钟，因为顾问1 09:30 才上班。",
        ),
        (
            make_day(now_slot=NINE + 3),
            [("c0", "a0", NINE + 3)],
            "只有顾问1能做这件事；09:15 开始，等 15 分钟，现在就能开始。",
        ),
        (
            make_day(locks={"c0": Lock("a0", NINE + 2)}),
            [("c0", "a0", NINE + 2)],
            "由人指定给顾问1；时间 09:10 已锁定。",
        ),
        (
            make_day(locks={"c0": Lock("a0", NINE, is_started=True)}),
            [("c0", "a0", NINE)],
            "顾问1已经开始；从 09:00 起。",
        ),
        (
            make_day(advisors=TWO, jobs=[make_task(0)]),
            [("t0", "a0", NINE + 4)],
            "交给顾问1，全店等待最短；09:20 是接待客户的间隙。",
        ),
    ],
)
def test_the_reason_says_why_this_advisor_and_why_this_time(day, rows, sentence):
    assert reason(day, *rows, labels={"used_car": "二手车"}) == sentence


@settings(max_examples=60, deadline=None, derandomize=True)
@given(days())
def test_every_assignment_has_one_sentence(day):
    plan = greedy(day)
    for placement in plan.placements:
        sentence = reason_of(placement, plan, day)

        assert sentence.endswith("。")
        assert sentence.count("。") == 1
        assert day.advisor_by_id[placement.advisor_id].name in sentence
