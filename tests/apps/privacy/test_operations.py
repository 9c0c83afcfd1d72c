"""Plain text only for a reason, which is recorded; keys change without a stop."""

import base64

import pytest
from django.core.management import CommandError, call_command
from tests.factories import MOMENT, make_deal, make_party

from chedai.audit.models import AuditEvent
from chedai.audit.queries.verification import verify_chain
from chedai.deals.models import Party
from chedai.privacy.operations import ReasonMissingError, reseal_batch, reveal
from chedai.privacy.queries import sealed_columns

pytestmark = pytest.mark.django_db

KEY_1 = f"1:{base64.b64encode(b'1' * 32).decode()}"
KEY_2 = f"2:{base64.b64encode(b'2' * 32).decode()}"


@pytest.fixture
def party(acting, advisor, settings):
    settings.CHEDAI_MASTER_KEYS = KEY_1
    return make_party(make_deal(advisor), phone="18612341402")


def see(sealed, reason, by):
    return reveal(
        sealed,
        reason=reason,
        subject_type="deal",
        subject_id="D000001",
        revealed_by=by,
        revealed_at=MOMENT,
    )


def test_seeing_a_phone_leaves_who_why_and_whose(party, advisor):
    assert see(party.phone, "与客户核对手机号", advisor) == "18612341402"

    event = AuditEvent.objects.latest("id")
    assert (event.action, event.actor_label) == ("privacy.reveal", advisor.username)
    assert event.subject_id == "D000001"
    assert event.detail == {"place": "deals_party.phone", "reason": "与客户核对手机号"}


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_nothing_is_shown(party, advisor, reason):
    with pytest.raises(ReasonMissingError, match="写明用途"):
        see(party.phone, reason, advisor)

    assert not AuditEvent.objects.filter(action="privacy.reveal").exists()


def versions():
    return {(party.phone.key_version, party.name.key_version) for party in Party.objects.all()}


def test_changing_keys_seals_everything_anew(party, settings, capsys):
    settings.CHEDAI_MASTER_KEYS = f"{KEY_1},{KEY_2}"

    call_command("rotate_keys")

    assert versions() == {(2, 2)}
    assert "2 处密文已换用第 2 版主密钥" in capsys.readouterr().out
    settings.CHEDAI_MASTER_KEYS = KEY_2
    assert Party.objects.get().phone.masked_as("phone") == "186****1402"
    assert AuditEvent.objects.filter(action="privacy.rotate").count() == 2
    assert verify_chain(party.organisation_id).is_intact


def test_changing_keys_goes_on_where_it_was_interrupted(party, settings):
    make_party(party.deal, kind="guarantor", phone="13912345678")
    settings.CHEDAI_MASTER_KEYS = f"{KEY_1},{KEY_2}"
    model, field = next(pair for pair in sealed_columns() if pair[1].name == "phone")
    options = {
        "organisation_id": party.organisation_id,
        "model": model,
        "field": field,
        "rotated_at": MOMENT,
    }

    counts = [reseal_batch(**options, batch_rows=1) for _ in range(3)]

    assert counts == [1, 1, 0]
    assert {row.phone.key_version for row in Party.objects.all()} == {2}


def test_changing_keys_without_the_old_one_says_which_is_missing(party, settings):
    settings.CHEDAI_MASTER_KEYS = KEY_2

    with pytest.raises(CommandError, match="缺少第 1 版主密钥"):
        call_command("rotate_keys")

    assert versions() == {(1, 1)}
