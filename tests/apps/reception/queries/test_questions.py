"""What to ask next, and when to stop asking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.apps.showroom import demo_products, put_on_sale
from tests.core.plans.builders import make_offers, make_version
from tests.factories import MOMENT

from chedai.core.plans.needs_impact import QUESTIONS_MAX
from chedai.needs.questions import QUESTIONS
from chedai.reception.models import NeedVersion
from chedai.reception.operations import amend_need
from chedai.reception.queries.needs import latest_need, sheet_of
from chedai.reception.queries.questions import Interview, interview_of

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = MOMENT.date()


@pytest.fixture
def on_sale(monkeypatch: pytest.MonkeyPatch) -> None:
    put_on_sale(monkeypatch, demo_products())


def asked_after(need: NeedVersion) -> Interview:
    return interview_of(deal=need.deal, sheet=latest_need(need.deal), on=TODAY)


def keys(interview: Interview) -> list[str]:
    return [asked.question.key for asked in interview.questions]


def answer(need: NeedVersion, question_key: str, answer_key: str) -> NeedVersion:
    sheet = latest_need(need.deal)
    chosen = next(a for a in QUESTIONS[question_key].answers if a.key == answer_key)
    return amend_need(
        deal=need.deal,
        base_number=sheet.version.number,
        sentence=sheet.version.sentence,
        chips=chosen.apply(sheet.chips),
        answered=[*sheet.version.answered, question_key],
        channel="desk",
        author=need.recorded_by,
        recorded_at=MOMENT,
    )


@pytest.mark.usefixtures("on_sale")
def test_without_a_price_every_open_question_may_be_asked_and_nothing_is_assumed(
    visit: Callable[..., NeedVersion],
) -> None:
    interview = asked_after(visit("想买新车"))

    assert keys(interview) == [
        "credit_history",
        "power",
        "vehicle_use",
        "term",
        "prepayment",
        "lease",
    ]
    assert interview.assumptions == ()
    assert interview.stop == ""


@pytest.mark.usefixtures("on_sale")
def test_no_price_and_nothing_open_is_an_empty_interview(
    acting: Any, visit: Callable[..., NeedVersion]
) -> None:
    need = visit("你好")
    sheet = latest_need(need.deal)
    sheet.version.answered = list(QUESTIONS)

    assert interview_of(deal=need.deal, sheet=sheet, on=TODAY) == Interview((), (), "")


@pytest.mark.usefixtures("on_sale")
def test_what_was_said_is_not_asked(visit: Callable[..., NeedVersion]) -> None:
    interview = asked_after(visit("首付5万，15万的新车，燃油的，三年还，征信没问题，自己开"))

    said = {"credit_history", "power", "vehicle_condition", "vehicle_use", "term"}
    assert not said & set(keys(interview))


@pytest.mark.usefixtures("on_sale")
def test_what_was_answered_is_not_asked_again(visit: Callable[..., NeedVersion]) -> None:
    need = visit("首付5万，15万的SUV")
    before = keys(asked_after(need))

    answer(need, "prepayment", "no")

    assert "prepayment" in before
    assert "prepayment" not in keys(asked_after(need))


@pytest.mark.usefixtures("on_sale")
def test_every_question_asked_can_change_the_three_plans_and_the_most_telling_is_on_top(
    visit: Callable[..., NeedVersion],
) -> None:
    interview = asked_after(visit("首付5万，月供3000左右，15万的SUV"))

    assert 1 <= len(interview.questions) <= QUESTIONS_MAX
    effects = [bool(asked.effect) for asked in interview.questions]
    assert effects == sorted(effects, reverse=True)


@pytest.mark.usefixtures("on_sale")
@pytest.mark.parametrize("choose", [0, -1], ids=["earliest answers", "latest answers"])
def test_asking_stops_after_eight_or_when_nothing_would_change(
    visit: Callable[..., NeedVersion], choose: int
) -> None:
    need = visit("首付5万左右，月供别超过3000，15万的SUV")
    asked = []
    while questions := asked_after(need).questions:
        question = questions[0].question
        asked.append(question.key)
        answer(need, question.key, question.answers[choose].key)

    assert len(set(asked)) == len(asked) <= QUESTIONS_MAX
    assert asked_after(need).stop in {"stable", "enough_asked"}


@pytest.mark.usefixtures("on_sale")
@pytest.mark.parametrize(("answered", "is_over"), [(7, False), (8, True)])
def test_the_eighth_question_is_the_final_one(
    visit: Callable[..., NeedVersion], answered: int, is_over: bool
) -> None:
    need = visit("首付5万，15万")
    sheet = latest_need(need.deal)
    sheet.version.answered = [f"asked-{n}" for n in range(answered)]

    interview = interview_of(deal=need.deal, sheet=sheet, on=TODAY)

    assert (interview.stop == "enough_asked") is is_over
    assert len(interview.questions) == (0 if is_over else 1)


def test_one_plan_for_everybody_needs_no_question(
    visit: Callable[..., NeedVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    put_on_sale(monkeypatch, ())

    interview = asked_after(visit("首付5万，15万的SUV"))

    assert interview.stop == "stable"
    assert interview.questions == ()
    assert ("新旧", "新车") in interview.assumptions


def test_a_likely_assumption_weighs_against_its_question(
    visit: Callable[..., NeedVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few drive for hire, so that question comes after one whose answers are as likely."""
    put_on_sale(
        monkeypatch,
        (make_version("1"), make_version("2", code="other", offers=make_offers("0.05", 24))),
    )

    order = keys(asked_after(visit("首付5万，15万，新车，燃油")))

    assert order.index("term") < order.index("vehicle_use")


@pytest.mark.usefixtures("on_sale")
def test_a_word_that_may_mean_two_things_is_asked_about(
    visit: Callable[..., NeedVersion],
) -> None:
    need = visit("首付5万，15万")
    ambiguous = [
        {**chip, "certainty": "ambiguous"} for chip in need.chips if chip["slot"] == "vehicle_price"
    ]
    sheet = sheet_of(NeedVersion(deal=need.deal, number=2, chips=ambiguous, answered=[]))

    assert QUESTIONS["price_kind"].is_open(sheet.facts)
