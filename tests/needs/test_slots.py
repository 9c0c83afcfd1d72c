"""The slots are a closed list in words a customer understands."""

import re
from typing import get_args

import pytest

from chedai.needs.slots import SLOTS, Kind

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("name", SLOTS)
def test_every_slot_has_a_chinese_label_and_a_known_kind(name):
    slot = SLOTS[name]

    assert CHINESE.search(slot.label)
    assert slot.kind in get_args(Kind)


def test_exactly_the_slots_of_choices_list_them_each_with_a_label():
    assert {name for name, slot in SLOTS.items() if slot.choices} == {
        name for name, slot in SLOTS.items() if slot.kind == "choice"
    }
    assert all(label for slot in SLOTS.values() for label in slot.choices.values())


def test_no_two_slots_have_the_same_label():
    labels = [slot.label for slot in SLOTS.values()]

    assert sorted(labels) == sorted(set(labels))
