"""Days of every sort for the property tests, and the few moments at which they change."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st
from tests.core.scheduling.builders import NINE, SIX, make_advisor, make_job, make_task

from chedai.core.scheduling.day import Day, DayRules, Interval, JobKind, Lock

SKILLS = ("used_car", "commercial")


@st.composite
def advisors(draw, number):
    start = draw(st.sampled_from((NINE, NINE + 12)))
    pause = draw(st.integers(NINE + 24, NINE + 48))
    return make_advisor(
        number,
        working=(Interval(start, draw(st.sampled_from((SIX - 36, SIX)))),),
        breaks=draw(st.sampled_from(((), (Interval(pause, pause + 12),)))),
        skills=frozenset(draw(st.sets(st.sampled_from(SKILLS)))),
        languages=frozenset(draw(st.sets(st.just("yue")))),
        pace_percent=draw(st.sampled_from((80, 100, 125))),
        deal_room=draw(st.sampled_from((None, 0, 1, 3))),
    )


@st.composite
def jobs(draw, number):
    due = draw(st.integers(NINE, SIX - 12))
    spare = draw(st.sampled_from((0, 12, 200)))
    fields = {
        "due_slot": due,
        "latest_slot": min(SIX + 12, due + spare),
        "service_minutes": draw(st.sampled_from((5, 20, 45, 90))),
        "skills": frozenset(draw(st.sets(st.sampled_from(SKILLS), max_size=1))),
    }
    if draw(st.integers(0, 3)) == 0:
        return make_task(number, travel_minutes=draw(st.sampled_from((0, 60))), **fields)
    return make_job(
        number,
        kind=draw(st.sampled_from((JobKind.WALK_IN, JobKind.APPOINTMENT))),
        weight=draw(st.sampled_from((2, 3, 4))),
        language=draw(st.sampled_from(("", "", "yue"))),
        adds_deal=draw(st.booleans()),
        **fields,
    )


@st.composite
def days(draw, most_jobs=9, most_advisors=3):
    """Draw a day; locks never overlap, because each advisor holds at most one."""
    people = tuple(draw(advisors(n)) for n in range(draw(st.integers(0, most_advisors))))
    work = tuple(draw(jobs(n)) for n in range(draw(st.integers(0, most_jobs))))
    locks = {}
    for advisor, job in zip(people, work, strict=False):
        held = draw(st.sampled_from(("no", "no", "advisor", "time")))
        if held != "no":
            start = draw(st.integers(NINE - 6, SIX)) if held == "time" else None
            locks[job.id] = Lock(advisor.id, start)
    rules = DayRules(
        buffer_minutes=draw(st.sampled_from((0, 10))),
        walk_in_share=draw(st.sampled_from((Decimal(0), Decimal("0.3"), Decimal(1)))),
        unserved_minutes=400,
        overtime_weight=2,
        overtime_minutes_max=draw(st.sampled_from((0, 60))),
    )
    return Day(
        advisors=people,
        jobs=work,
        rules=rules,
        now_slot=draw(st.sampled_from((0, NINE, NINE + 30))),
        locks=locks,
    )
