from __future__ import annotations

from tests.core.scheduling.builders import NINE, SIX, make_advisor, make_day, make_job

from chedai.core.scheduling.day import Interval, Lock
from chedai.core.scheduling.tables import tables_of


def free(tables, advisor=0):
    count = tables.free_count[advisor]
    pairs = zip(tables.free_start[advisor, :count], tables.free_end[advisor, :count], strict=True)
    return [(int(start), int(end)) for start, end in pairs]


def test_free_time_is_the_shift_with_overtime_less_breaks():
    advisor = make_advisor(breaks=(Interval(144, 156),))

    assert free(tables_of(make_day(advisors=[advisor]))) == [(NINE, 144), (156, SIX + 12)]


def test_only_the_latest_shift_may_run_over():
    advisor = make_advisor(working=(Interval(NINE, 140), Interval(160, SIX)))

    assert free(tables_of(make_day(advisors=[advisor]))) == [(NINE, 140), (160, SIX + 12)]


def test_who_may_not_run_over_is_free_only_within_the_shift():
    assert free(tables_of(make_day(advisors=[make_advisor(may_run_over=False)]))) == [(NINE, SIX)]


def test_fixed_work_takes_its_time_and_the_buffer_on_both_sides():
    tables = tables_of(make_day(locks={"c0": Lock("a0", 150)}))

    assert tables.jobs == ()
    assert free(tables) == [(NINE, 148), (158, SIX + 12)]
    assert tables.end_of_fixed[0] == 156


def test_what_has_passed_is_not_free():
    assert free(tables_of(make_day(now_slot=120))) == [(120, SIX + 12)]


def test_a_lock_to_an_advisor_leaves_only_that_advisor():
    advisors = [make_advisor(0), make_advisor(1)]
    job = make_job(skills=frozenset({"used_car"}), adds_deal=True)
    tables = tables_of(make_day(advisors=advisors, jobs=[job], locks={"c0": Lock("a1")}))

    assert tables.duration.tolist() == [[0, 6]]
    assert tables.adds_deal.tolist() == [0]


def test_a_locked_deal_uses_up_the_room_of_its_advisor():
    advisors = [make_advisor(deal_room=2)]
    jobs = [make_job(1, adds_deal=True), make_job(2, adds_deal=True)]

    assert tables_of(
        make_day(advisors=advisors, jobs=jobs, locks={"c1": Lock("a0", NINE)})
    ).deal_room.tolist() == [1]


def test_waiting_counts_from_the_time_due_and_starting_from_now():
    tables = tables_of(make_day(now_slot=NINE + 5))

    assert (int(tables.due[0]), int(tables.earliest[0])) == (NINE, NINE + 5)
