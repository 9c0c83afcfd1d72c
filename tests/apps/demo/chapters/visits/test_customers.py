from __future__ import annotations

import pytest

from chedai.demo.chapters.visits.customers import (
    AFTER_SENDING,
    STAGES,
    CustomerOnPaper,
    customers_in,
    drafts_of,
    with_sentence,
)
from chedai.demo.world import PACKS
from chedai.needs.facts import facts_from

CUSTOMERS = customers_in(PACKS / "customers")


def test_there_are_many_customers_and_no_two_say_the_same() -> None:
    assert len(CUSTOMERS) >= 120
    assert len({customer.says for customer in CUSTOMERS}) == len(CUSTOMERS)
    assert {customer.end for customer in CUSTOMERS} == {*STAGES, *AFTER_SENDING}


def test_whoever_comes_to_a_plan_has_said_or_chosen_a_price() -> None:
    priceless = [
        customer.who
        for customer in CUSTOMERS
        if customer.goes_to("desk")
        and not customer.car
        and not facts_from(drafts_of(customer)[-1].chips).vehicle_price_fen
    ]

    assert priceless == []


def test_an_answer_to_a_question_that_is_closed_makes_no_version() -> None:
    asked = CustomerOnPaper(
        who="王先生", says="十五万的车,征信没问题", end="opened", answers={"credit_history": "thin"}
    )

    assert len(drafts_of(asked)) == 1


def test_an_answer_makes_a_version_of_its_own() -> None:
    asked = CustomerOnPaper(
        who="王先生", says="车价十五万", end="opened", answers={"power": "combustion"}
    )

    before, after = drafts_of(asked)

    assert facts_from(before.chips).power is None
    assert facts_from(after.chips).power == "combustion"
    assert after.answered == ("power",)


def test_a_sentence_more_points_at_its_own_words() -> None:
    [draft] = drafts_of(CustomerOnPaper(who="王先生", says="车价十五万", end="opened"))

    longer = with_sentence(draft, "首付五万")

    said = {c.slot: longer.sentence[c.start : c.end] for c in longer.chips}
    assert "五万" in said["down_payment"]
    assert "十五万" in said["vehicle_price"]


@pytest.mark.parametrize(
    ("end", "stage", "expected"),
    [
        ("opened", "confirmed", False),
        ("desk", "desk", True),
        ("desk", "pinned", False),
        ("sent", "proposed", True),
        ("looked", "sent", True),
    ],
)
def test_an_end_includes_the_stages_before_it(end: str, stage: str, expected: bool) -> None:
    assert CustomerOnPaper(who="王先生", says="", end=end).goes_to(stage) is expected


def test_an_end_nobody_wrote_is_refused() -> None:
    with pytest.raises(AssertionError, match="vanished"):
        CustomerOnPaper(who="王先生", says="", end="vanished").goes_to("desk")
