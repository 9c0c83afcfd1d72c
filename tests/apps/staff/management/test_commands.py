"""Commands for whoever runs the installation."""

import pytest
from django.core.management import CommandError, call_command
from tests.factories import MOMENT, PASSWORD

from chedai.audit.models import AuditCheckpoint
from chedai.audit.operations import record
from chedai.staff.isolation import acting_for
from chedai.staff.models import User
from chedai.staff.queries import organisation_by_code
from chedai.staff.tasks import checkpoint_every_chain


def act(organisation):
    with acting_for(organisation.pk):
        record(
            organisation_id=organisation.pk,
            actor=None,
            action="deal.open",
            subject_type="deal",
            subject_id="D000001",
            at=MOMENT,
        )


@pytest.mark.django_db
def test_verifying_goes_through_every_organisation_and_prints_what_to_keep(
    organisation, other_organisation, capsys
):
    act(organisation)
    act(other_organisation)

    call_command("audit_verify")

    out = capsys.readouterr().out
    assert f"{organisation.code}：1 条记录，0 个检查点，完整" in out
    assert f"{other_organisation.code}：1 条记录，0 个检查点，完整" in out
    with acting_for(organisation.pk):
        assert bytes(AuditCheckpoint.objects.get().digest).hex() in out


@pytest.mark.django_db
def test_a_kept_digest_is_looked_for(organisation, capsys):
    act(organisation)
    call_command("audit_verify", organisation=organisation.code)
    kept = capsys.readouterr().out.rsplit("：", 1)[1].strip()

    call_command("audit_verify", organisation=organisation.code, kept=[kept])

    with pytest.raises(CommandError, match="1 处问题"):
        call_command("audit_verify", organisation=organisation.code, kept=["0" * 64])


@pytest.mark.django_db
def test_options_that_make_no_sense_are_refused():
    with pytest.raises(CommandError, match="没有代码为 nowhere 的机构"):
        call_command("audit_verify", organisation="nowhere")
    with pytest.raises(CommandError, match="--organisation"):
        call_command("audit_verify", kept=["0" * 64])


@pytest.mark.django_db
def test_an_organisation_opens_with_its_first_administrator(monkeypatch, capsys):
    monkeypatch.setenv("CHEDAI_INITIAL_PASSWORD", PASSWORD)

    call_command("open_organisation", "linjiang", "临江汽贸", "临江", administrator="gao.xu")

    organisation = organisation_by_code("linjiang")
    with acting_for(organisation.pk):
        user = User.objects.get()
        assert user.check_password(PASSWORD)
    assert user.roles == ["administrator"]
    assert "已开通" in capsys.readouterr().out


@pytest.mark.django_db
def test_an_organisation_with_a_weak_first_password_is_not_opened(monkeypatch):
    monkeypatch.setenv("CHEDAI_INITIAL_PASSWORD", "short")

    with pytest.raises(CommandError, match="密码不合要求"):
        call_command("open_organisation", "linjiang", "临江汽贸", "临江", administrator="gao.xu")


@pytest.mark.django_db
def test_a_code_that_is_taken_is_refused(monkeypatch, organisation):
    monkeypatch.setenv("CHEDAI_INITIAL_PASSWORD", PASSWORD)

    with pytest.raises(CommandError, match="已经有人用了"):
        call_command("open_organisation", organisation.code, "x", "x", administrator="gao.xu")


@pytest.mark.django_db
def test_the_job_of_the_evening_takes_a_checkpoint_of_every_chain(
    organisation, other_organisation, caplog
):
    act(organisation)
    act(other_organisation)

    with caplog.at_level("INFO", logger="chedai.audit"):
        checkpoint_every_chain(int(MOMENT.timestamp()))

    for each in (organisation, other_organisation):
        with acting_for(each.pk):
            assert bytes(AuditCheckpoint.objects.get().digest).hex() in caplog.text
