"""Every question can be answered, and its answer closes it."""

import pytest

from chedai.needs.chips import Chip
from chedai.needs.facts import NeedFacts, facts_from
from chedai.needs.questions import QUESTIONS, with_chip
from chedai.needs.wording import chip_in_words

# A need that leaves each question open.
SAID = (
    Chip(slot="vehicle_price", text="15万", low=15_000_000, high=15_000_000, certainty="ambiguous"),
    Chip(slot="down_payment", text="首付5万", high=5_000_000),
    Chip(slot="monthly_max", text="月供3000", high=300_000, strength="soft"),
)
# "No" to these leaves the facts as they were: reception remembers that they were answered.
ANSWERS_WITHOUT_A_FACT = {("monthly_strength", "soft"), ("prepayment", "no"), ("lease", "yes")}


@pytest.mark.parametrize("key", QUESTIONS)
def test_every_question_is_open_until_somebody_answers(key):
    question = QUESTIONS[key]

    assert question.key == key
    assert question.is_open(facts_from(SAID))
    assert len(question.answers) > 1
    assert question.text.endswith("？")
    assert question.why.endswith("。")


@pytest.mark.parametrize(
    ("key", "answer"),
    [(key, a) for key, question in QUESTIONS.items() for a in question.answers],
    ids=lambda value: getattr(value, "key", value),
)
def test_every_answer_closes_its_question_and_can_be_said_aloud(key, answer):
    chips = answer.apply(SAID)

    is_open = QUESTIONS[key].is_open(facts_from(chips))
    assert is_open is ((key, answer.key) in ANSWERS_WITHOUT_A_FACT)
    assert all(all(chip_in_words(chip)) for chip in chips)


def test_a_price_question_is_not_asked_before_there_is_a_price():
    assert not QUESTIONS["price_kind"].is_open(NeedFacts())


def test_a_chip_takes_the_place_of_those_of_its_slot():
    firm = Chip(slot="monthly_max", text="月供2500", high=250_000)

    chips = with_chip(SAID, firm)

    assert [chip for chip in chips if chip.slot == "monthly_max"] == [firm]
    assert len(chips) == len(SAID)
