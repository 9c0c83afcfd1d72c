"""A sealed value shows its mask and opens only where it belongs."""

from dataclasses import replace

import pytest

from chedai.privacy.sealed import UnreadableError, seal, unseal

PLACE = {"place": "deals_party.phone", "organisation_id": 7}


@pytest.mark.parametrize("cipher", ["aes-256-gcm", "sm4-gcm"])
def test_what_was_sealed_opens_again(settings, cipher):
    settings.CHEDAI_CIPHER = cipher

    sealed = seal("18612341402", **PLACE)

    assert b"18612341402" not in sealed.blob
    assert unseal(sealed) == "18612341402"


def test_values_sealed_by_different_algorithms_open_side_by_side(settings):
    first = seal("甲", **PLACE)
    settings.CHEDAI_CIPHER = "sm4-gcm"
    second = seal("乙", **PLACE)

    assert (unseal(first), unseal(second)) == ("甲", "乙")


def test_the_same_text_is_sealed_differently_each_time():
    assert seal("甲", **PLACE).blob != seal("甲", **PLACE).blob


def test_rendering_shows_the_mask_and_never_the_text():
    sealed = seal("18612341402", mask="phone", **PLACE)

    assert str(sealed) == f"{sealed}" == "186****1402"
    assert repr(sealed) == "<Sealed deals_party.phone>"
    assert "1234" not in repr([sealed])


@pytest.mark.parametrize(
    "moved",
    [
        {"organisation_id": 8},
        {"place": "deals_party.name"},
        {"blob": b""},
        {"blob": b"\x01\x63" + bytes(40)},
        {"blob": b"\x09\x01" + bytes(40)},
    ],
)
def test_a_value_that_was_moved_or_altered_does_not_open(moved):
    sealed = replace(seal("18612341402", **PLACE), **moved)

    with pytest.raises(UnreadableError, match="CHEDAI_MASTER_KEYS"):
        unseal(sealed)


def test_empty_text_is_sealed_too_and_counts_as_empty():
    assert not seal("", **PLACE)
    assert seal("甲", **PLACE)
