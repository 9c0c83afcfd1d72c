"""Chips keep what was heard, and refuse what no slot knows."""

import pytest

from chedai.needs.chips import Chip, MalformedChipError, chip_from_json

MONTHLY = Chip(
    slot="monthly_max", text="月供别超过3000", start=7, end=16, high=300_000, certainty="said"
)


def test_a_chip_read_back_from_storage_is_equal():
    assert chip_from_json(MONTHLY.to_json()) == MONTHLY


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"slot": "shoe_size"}, "shoe_size"),
        ({"certainty": "swears"}, "swears"),
        ({"colour": "red", "age": 3}, "age、colour"),
    ],
)
def test_what_no_slot_knows_is_refused_by_name(change, named):
    with pytest.raises(MalformedChipError, match=named):
        chip_from_json({**MONTHLY.to_json(), **change})


def test_a_chip_that_was_answered_has_no_place_in_the_sentence():
    chip = Chip(slot="power", text="新能源", value="new_energy", certainty="confirmed")

    assert (chip.start, chip.end) == (-1, -1)
