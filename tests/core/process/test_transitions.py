"""What follows an act: openings, loops, endings, sleepers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.process.builders import short_definition

from chedai.core.process.transitions import (
    SETTLED,
    OutcomeUnknownError,
    TaskNotOpenError,
    applies,
    begin,
    go_back,
    is_complete,
    outcome_of,
    settle,
    sleeping,
    undone_by,
    woken_by,
)

SHORT = short_definition()
NEW = {"vehicle_condition": "new"}
USED = {"vehicle_condition": "used"}


def test_a_process_begins_with_the_tasks_nothing_stands_before():
    assert begin(SHORT, facts={}).opens == ("ask",)


@pytest.mark.parametrize(
    ("facts", "opens", "passes_over"),
    [
        (USED, ("look", "papers"), ()),
        (NEW, ("papers",), ("look",)),
        ({}, ("look", "papers"), ()),  # an unknown fact speaks for the task
    ],
)
def test_tasks_in_parallel_open_together_unless_one_does_not_apply(facts, opens, passes_over):
    step = settle(SHORT, {"ask": "open"}, "ask", outcome="done", facts=facts)

    assert (step.opens, step.passes_over) == (opens, passes_over)


def test_a_task_waits_for_all_that_stand_before_it():
    half = {"ask": "done", "look": "open", "papers": "open"}

    first = settle(SHORT, half, "papers", outcome="done", facts=USED)
    second = settle(SHORT, {**half, "papers": "done"}, "look", outcome="done", facts=USED)

    assert (first.opens, second.opens) == ((), ("send",))


def test_a_task_left_out_lets_the_next_one_open():
    standing = {"ask": "done", "look": "skipped", "papers": "open"}

    assert settle(SHORT, standing, "papers", outcome="skipped", facts=NEW).opens == ("send",)


ANSWERED = {"ask": "done", "look": "skipped", "papers": "done", "send": "done", "answer": "open"}


def test_going_back_sets_aside_what_came_after_and_opens_the_task_anew():
    step = settle(SHORT, ANSWERED, "answer", outcome="more", facts=NEW)

    assert step.reopens == "papers"
    assert step.drops == ("papers", "send", "answer")
    assert step.opens == ("papers",)


def test_an_outcome_that_ends_the_process_opens_nothing():
    step = settle(SHORT, ANSWERED, "answer", outcome="no", facts=NEW)

    assert (step.is_end, step.opens, step.drops) == (True, (), ())


def test_a_sleeper_opens_by_its_signal_only_and_only_in_its_turn():
    done = {**ANSWERED, "answer": "done"}

    assert settle(SHORT, ANSWERED, "answer", outcome="yes", facts=NEW).opens == ()
    assert sleeping(SHORT, done) == ("release",)
    assert woken_by(SHORT, done, "settled") == ("release",)
    assert woken_by(SHORT, ANSWERED, "settled") == ()


@pytest.mark.parametrize(
    ("standing", "signal", "undone"),
    [
        ({"ask": "done"}, "changed", "ask"),
        ({"ask": "open"}, "changed", ""),
        (ANSWERED, "changed", ""),  # sent already
        ({"ask": "done"}, "other", ""),
    ],
)
def test_a_signal_undoes_a_task_until_a_later_one_is_done(standing, signal, undone):
    assert undone_by(SHORT, standing, signal) == undone


def test_a_task_that_is_not_open_is_not_finished():
    with pytest.raises(TaskNotOpenError, match="papers"):
        settle(SHORT, {"papers": "done"}, "papers", outcome="done", facts={})


def test_an_outcome_nobody_defined_is_refused():
    with pytest.raises(OutcomeUnknownError, match="maybe"):
        outcome_of(SHORT.tasks["answer"], "maybe")


def test_a_fact_with_another_value_speaks_against_the_task():
    assert applies(SHORT.tasks["look"], USED)
    assert not applies(SHORT.tasks["look"], NEW)


@given(choices=st.lists(st.sampled_from(["yes", "more"]), max_size=6))
def test_however_often_it_loops_every_standing_has_one_way_on(choices):
    standing = dict.fromkeys(begin(SHORT, facts=NEW).opens, "open")
    answers = iter([*choices, "yes"])
    for _ in range(60):
        open_now = [code for code in SHORT.tasks if standing.get(code) == "open"]
        if not open_now:
            break
        code = open_now[0]
        outcome = next(answers, "yes") if code == "answer" else "done"
        step = settle(SHORT, standing, code, outcome=outcome, facts=NEW)
        standing[code] = "done"
        for dropped in step.drops:
            del standing[dropped]
        standing |= dict.fromkeys(step.passes_over, "skipped") | dict.fromkeys(step.opens, "open")

    assert sleeping(SHORT, standing) == ("release",)
    assert not is_complete(SHORT, standing)
    assert all(standing[code] in SETTLED for code in SHORT.tasks if code != "release")


def test_going_back_by_hand_is_the_same_as_by_outcome():
    step = go_back(SHORT, {**ANSWERED, "answer": "done"}, "papers", facts=NEW)

    assert (step.drops, step.opens) == (("papers", "send", "answer"), ("papers",))
