from __future__ import annotations

import pytest
from tests.core.scheduling.builders import NINE, SIX, make_advisor, make_day, make_job, make_task

from chedai.core.scheduling.plan import DayPlan, violations
from chedai.core.scheduling.planning import Effort, plan_day
from chedai.core.scheduling.room import make_room, unserved

QUICK = Effort(moves=3_000, restarts=2, deterministic_seconds=0.5)
USED = frozenset({"used_car"})


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (make_day(jobs=[make_job(skills=USED)]), "没有人能做二手车"),
        (make_day(advisors=[make_advisor(working=())]), "没有人能做这件事"),
        (
            make_day(advisors=[make_advisor(deal_room=0)], jobs=[make_job(adds_deal=True)]),
            "在办单子都到上限",
        ),
        (make_day(jobs=[make_task(service_minutes=400)]), "其余留给到店客户"),
        (make_day(now_slot=NINE + 1, jobs=[make_job(latest_slot=NINE)]), "已经过了"),
        (
            make_day(jobs=[make_job(due_slot=SIX + 9, latest_slot=SIX + 10)]),
            "18:45 到 18:50 之间顾问1排满了",
        ),
    ],
)
def test_who_is_not_served_is_told_why(day, words):
    (row,) = unserved(plan_day(day, effort=QUICK), day, labels={"used_car": "二手车"})

    assert words in row.reason


def test_the_weightiest_that_is_left_stands_on_top():
    day = make_day(advisors=[], jobs=[make_task(1), make_job(2, weight=4), make_job(3)])

    assert [row.job.id for row in unserved(DayPlan(()), day)] == ["c2", "c3", "t1"]


def test_making_room_names_what_goes_and_who_waits_longer():
    # Only one of the three fits between six and the end of overtime.
    jobs = [
        make_task(1, due_slot=SIX, latest_slot=SIX),
        make_job(2, due_slot=SIX, latest_slot=SIX, weight=4),
        make_job(3, due_slot=NINE),
    ]
    day = make_day(jobs=jobs)
    plan = plan_day(day, effort=QUICK)
    proposal = make_room(day, plan, "t1", effort=QUICK)

    assert set(plan.by_job) == {"c2", "c3"}
    assert [job.id for job in proposal.dropped] == ["c2"]
    assert violations(proposal.plan, day) == []


def test_making_room_says_who_begins_later():
    jobs = [make_job(1, weight=4), make_job(2, weight=2, latest_slot=NINE)]
    day = make_day(jobs=jobs)
    plan = plan_day(day, effort=QUICK)
    proposal = make_room(day, plan, "c2", effort=QUICK)

    assert set(plan.by_job) == {"c2", "c1"} or set(plan.by_job) == {"c1"}
    assert "c2" in proposal.plan.by_job
    assert proposal.dropped == ()


def test_no_room_is_made_for_what_nobody_can_do():
    day = make_day(jobs=[make_job(skills=USED)])

    assert make_room(day, DayPlan(()), "c0", effort=QUICK).plan is None
