"""Couple mode: same, different, said by one; neutral words; what the need takes over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.factories import MOMENT

from chedai.reception.operations import record_voice
from chedai.reception.queries.needs import latest_need
from chedai.reception.queries.voices import CUSTOMER, PARTNER, Couple, agreed, couple_of, taken_over

if TYPE_CHECKING:
    from collections.abc import Callable

    from chedai.reception.models import NeedVersion


def hear(need: NeedVersion, speaker: str, sentence: str) -> None:
    record_voice(
        deal=need.deal,
        speaker=speaker,
        sentence=sentence,
        author=need.recorded_by,
        recorded_at=MOMENT,
    )


def couple(need: NeedVersion) -> Couple:
    return couple_of(need.deal, latest_need(need.deal))


@pytest.mark.parametrize(
    ("customer", "partner", "agreement"),
    [
        ("首付5万", "首付5万", "same"),
        ("首付5万", "首付3万", "different"),
        ("首付5万", "想买新车", "one_side"),
        ("首付5万", "首付5万左右", "different"),
    ],
)
def test_two_voices_are_compared_slot_by_slot(
    customer: str, partner: str, agreement: str, visit: Callable[..., NeedVersion]
) -> None:
    need = visit("想看看车")
    hear(need, CUSTOMER, customer)
    hear(need, PARTNER, partner)

    line = next(line for line in couple(need).lines if line.slot == "down_payment")

    assert line.agreement == agreement


def test_only_the_latest_words_of_a_speaker_count(visit: Callable[..., NeedVersion]) -> None:
    need = visit("想看看车")
    hear(need, CUSTOMER, "首付5万")
    hear(need, CUSTOMER, "首付4万")

    assert [line.customer for line in couple(need).lines] == ["4 万"]


def test_a_difference_is_open_until_the_need_takes_a_side(
    visit: Callable[..., NeedVersion],
) -> None:
    need = visit("想看看车")
    hear(need, CUSTOMER, "首付5万")
    hear(need, PARTNER, "首付3万")
    assert couple(need).open_count == 1

    other = visit("首付3万")
    hear(other, CUSTOMER, "首付5万")
    hear(other, PARTNER, "首付3万")
    assert couple(other).open_count == 0


def test_what_both_accept_can_be_taken_over_and_a_difference_cannot(
    visit: Callable[..., NeedVersion],
) -> None:
    need = visit("想看看车")
    hear(need, CUSTOMER, "首付5万，月供3000以内，做生意的")
    hear(need, PARTNER, "首付3万，月供3000以内")

    slots = {chip.slot for chip in agreed(couple(need))}

    assert "monthly_max" in slots
    assert "down_payment" not in slots
    assert "income_kind" in slots


def test_words_taken_over_point_at_no_place_of_the_needs_own_sentence(
    visit: Callable[..., NeedVersion],
) -> None:
    need = visit("想看看车")
    hear(need, PARTNER, "首付3万")

    assert [(c.start, c.end) for c in taken_over(couple(need).partner, "down_payment")] == [
        (-1, -1)
    ]


def test_another_deals_voices_are_not_heard(visit: Callable[..., NeedVersion]) -> None:
    hear(visit("想看看车"), CUSTOMER, "首付5万")

    assert couple(visit("另一位客户")).lines == ()
