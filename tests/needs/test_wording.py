"""Chips are said in plain Chinese, with their limits."""

import pytest

from chedai.needs.chips import Chip
from chedai.needs.slots import SLOTS
from chedai.needs.wording import chip_in_words, read_back


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"slot": "vehicle_price", "low": 15_000_000, "high": 15_000_000}, "15 万"),
        ({"slot": "vehicle_price", "low": 15_000_000, "high": 18_000_000}, "15 万到18 万"),
        ({"slot": "vehicle_price", "low": 15_000_000}, "15 万以上"),
        ({"slot": "monthly_max", "high": 300_000}, "3,000 元以内（不能超）"),
        ({"slot": "monthly_max", "high": 300_000, "strength": "soft"}, "3,000 元以内（可松一点）"),
        (
            {"slot": "down_payment", "high": 5_000_000, "value": "including_cost"},
            "5 万以内，含税费保险",
        ),
        ({"slot": "down_payment_ratio", "low": 3_000, "high": 3_000}, "3 成"),
        ({"slot": "term_months", "low": 36, "high": 36}, "3 年（36 期）"),
        ({"slot": "term_months", "low": 18, "high": 18}, "18 期"),
        ({"slot": "power", "value": "new_energy"}, "新能源"),
    ],
)
def test_a_chip_is_said_with_its_unit_and_its_limit(said, words):
    chip = Chip(text="…", **said)

    assert chip_in_words(chip) == (SLOTS[chip.slot].label, words)


def test_a_chip_without_a_number_is_said_as_it_was_heard():
    chip = Chip(slot="prepayment_month", text="可能早点还")

    assert chip_in_words(chip)[1] == "可能早点还"


def test_the_whole_need_is_read_back_in_one_sentence():
    chips = [
        Chip(slot="vehicle_price", text="15万", low=15_000_000, high=15_000_000),
        Chip(slot="power", text="电车", value="new_energy"),
    ]

    assert read_back(chips) == "我复述一遍，您看对不对：车价15 万，动力 新能源。"
