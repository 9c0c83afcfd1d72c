"""The same phone is found again, and only within the organisation."""

import pytest

from chedai.privacy.digests import digest_for_lookup


@pytest.mark.parametrize(
    "typed", ["18612341402", "186 1234 1402", "186-1234-1402", "１８６12341402"]
)
def test_a_phone_has_one_digest_however_it_is_typed(typed):
    expected = digest_for_lookup("18612341402", organisation_id=1)

    assert digest_for_lookup(typed, organisation_id=1) == expected
    assert len(expected) == 32


def test_organisations_cannot_find_out_that_they_share_a_customer():
    assert digest_for_lookup("18612341402", organisation_id=1) != digest_for_lookup(
        "18612341402", organisation_id=2
    )


def test_sm3_can_be_chosen(settings):
    usual = digest_for_lookup("18612341402", organisation_id=1)
    settings.CHEDAI_LOOKUP_DIGEST = "sm3"

    assert digest_for_lookup("18612341402", organisation_id=1) != usual
