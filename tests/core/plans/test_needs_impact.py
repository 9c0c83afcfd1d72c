from typing import Any

import pytest

from chedai.core.plans.needs_impact import (
    OpenSlot,
    PlansFound,
    change,
    next_question,
    rank_slots,
)

SLOTS = (
    OpenSlot("plate_city", ("本地", "外地")),
    OpenSlot("cost_inside", (False, True)),
    OpenSlot("lease", (True, False)),
)


def plans_of(said: Any) -> PlansFound:
    """Costs inside the down payment turn the ranking round; no lease takes one product away."""
    ranking = ["bank", "card", "maker", "lease"]
    if said["cost_inside"]:
        ranking.reverse()
    if not said["lease"]:
        ranking.remove("lease")
    return PlansFound(frozenset(ranking), tuple(ranking))


def test_the_question_that_changes_most_is_asked_first():
    question = next_question(slots=SLOTS, plans_of=plans_of)

    assert (question.ask, question.stop, question.left_count) == ("cost_inside", "", 1)
    assert [(impact.key, round(impact.impact, 3)) for impact in question.impacts] == [
        ("cost_inside", 0.5),  # no place of three kept, one of two answers
        ("lease", 0.125),  # one of four products gone
        ("plate_city", 0.0),
    ]


def test_questions_end_when_the_three_plans_are_stable_under_every_answer():
    question = next_question(
        slots=(SLOTS[0],),
        plans_of=lambda said: plans_of({"cost_inside": False, "lease": True, **said}),
    )

    assert (question.ask, question.stop, question.left_count) == (None, "stable", 0)


@pytest.mark.parametrize(
    ("asked", "ask", "stop"), [(7, "cost_inside", ""), (8, None, "enough_asked")]
)
def test_questions_end_after_eight(asked: int, ask: str | None, stop: str):
    question = next_question(slots=SLOTS, plans_of=plans_of, asked_count=asked)

    assert (question.ask, question.stop) == (ask, stop)


def test_both_ends_of_a_vague_amount_count():
    def by_cash(said: Any) -> PlansFound:
        keys = ("a", "b") if said["cash"] >= 50 else ("b",)
        return PlansFound(frozenset(keys), keys)

    (impact,) = rank_slots(slots=(OpenSlot("cash", (50, 45, 55)),), plans_of=by_cash)

    # low end: half the products gone and no place kept (0.5 + 1); high end: nothing; of three
    assert (round(impact.impact, 3), impact.changes_top) == (0.5, True)


def test_a_slot_without_alternatives_is_no_question():
    assert (
        rank_slots(slots=(OpenSlot("x", ()),), plans_of=lambda _: PlansFound(frozenset(), ())) == ()
    )


def test_no_plans_before_and_after_is_no_change():
    assert change(PlansFound(frozenset(), ()), PlansFound(frozenset(), ())) == 0
