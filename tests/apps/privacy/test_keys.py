"""A missing or wrong key is a named failure that says what to do."""

import base64

import pytest

from chedai.privacy import keys

KEY_1 = base64.b64encode(b"1" * 32).decode()
KEY_2 = base64.b64encode(b"2" * 32).decode()


def derived(**changed):
    return keys.derived_key(
        **{"version": 1, "purpose": "field/1", "organisation_id": 1, "key_bytes": 32, **changed}
    )


def test_the_highest_version_seals(settings):
    settings.CHEDAI_MASTER_KEYS = f"1:{KEY_1}, 2:{KEY_2}"

    assert keys.current_version() == 2


def test_every_organisation_and_purpose_has_a_key_of_its_own(settings):
    settings.CHEDAI_MASTER_KEYS = f"1:{KEY_1},2:{KEY_2}"

    different = {
        derived(),
        derived(version=2),
        derived(organisation_id=2),
        derived(purpose="lookup"),
    }

    assert len(different) == 4
    assert derived() == derived()


def test_without_a_key_real_work_is_refused(settings):
    settings.CHEDAI_MASTER_KEYS = ""
    settings.CHEDAI_DEMO = settings.CHEDAI_TESTING = False

    with pytest.raises(keys.KeyMissingError, match="CHEDAI_MASTER_KEYS"):
        keys.current_version()


def test_the_demo_world_has_a_key_by_itself(settings):
    settings.CHEDAI_MASTER_KEYS = ""
    settings.CHEDAI_DEMO, settings.CHEDAI_TESTING = True, False

    assert keys.current_version() == 1


def test_a_version_that_was_taken_away_is_asked_for(settings):
    settings.CHEDAI_MASTER_KEYS = f"2:{KEY_2}"

    with pytest.raises(keys.KeyMissingError, match=r"缺少第 1 版主密钥（现有：2）"):
        derived()


@pytest.mark.parametrize(
    "text", ["1", "1：不是", f"x:{KEY_1}", f"0:{KEY_1}", f"65536:{KEY_1}", "1:c2hvcnQ=", KEY_1]
)
def test_a_setting_that_cannot_be_read_is_refused_without_showing_the_key(settings, text):
    settings.CHEDAI_MASTER_KEYS = text

    with pytest.raises(keys.KeyMalformedError) as refusal:
        keys.current_version()

    assert "openssl rand -base64 32" in str(refusal.value)
    assert KEY_1 not in str(refusal.value)
