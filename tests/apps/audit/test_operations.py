"""Appending: in the caller's transaction, for the organisation acted for, by nobody else."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import ProgrammingError, connection, transaction
from tests.factories import MOMENT

from chedai.audit.models import AuditEvent
from chedai.audit.operations import digest_of, record
from chedai.audit.queries.verification import verify_chain
from chedai.staff.isolation import acting_for


@pytest.mark.django_db
def test_an_event_says_who_did_what_to_what_and_when(acting, advisor):
    record(
        organisation_id=acting.pk,
        actor=advisor,
        action="deal.open",
        subject_type="deal",
        subject_id="D000001",
        after={"store": "s1"},
        at=MOMENT,
    )

    event = AuditEvent.objects.get()
    assert (event.actor_id, event.actor_label) == (advisor.pk, advisor.username)
    assert (event.action, event.subject_id, event.at) == ("deal.open", "D000001", MOMENT)
    assert event.before_digest is None
    assert bytes(event.after_digest) == digest_of({"store": "s1"})


@pytest.mark.django_db
def test_an_act_that_is_rolled_back_leaves_no_event(acting, append):
    append()

    def act_and_fail():
        with transaction.atomic():
            append()
            raise LookupError

    with pytest.raises(LookupError):
        act_and_fail()

    assert AuditEvent.objects.count() == 1
    assert verify_chain(acting.pk).is_intact


@pytest.mark.django_db
def test_nobody_records_for_an_organisation_they_do_not_act_for(acting, other_organisation):
    with pytest.raises(ProgrammingError, match="acting for organisation"):
        record(
            organisation_id=other_organisation.pk,
            actor=None,
            action="deal.open",
            subject_type="deal",
            subject_id="D000001",
            at=MOMENT,
        )


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_event (organisation_id, lane, seq) VALUES (chedai_organisation(), 0, 9)",
        "UPDATE audit_event SET actor_label = '别人'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "UPDATE audit_lane SET seq = 0",
        "DELETE FROM audit_lane",
        "DELETE FROM audit_checkpoint",
        "UPDATE audit_checkpoint SET heads = '{}'",
        "CREATE OR REPLACE FUNCTION audit_canonical(VARIADIC fields text[]) RETURNS text "
        "LANGUAGE sql AS $$ SELECT '' $$",
    ],
)
@pytest.mark.django_db
def test_the_application_can_only_append(acting, append, statement):
    append()

    refused = pytest.raises(ProgrammingError, match=r"permission denied|must be owner")
    with connection.cursor() as cursor, refused:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_share_one_chain_without_waiting_for_one_another(acting):
    def write(_):
        try:
            with acting_for(acting.pk):
                for number in range(20):
                    with transaction.atomic():
                        record(
                            organisation_id=acting.pk,
                            actor=None,
                            action="deal.open",
                            subject_type="deal",
                            subject_id=number,
                            at=MOMENT,
                        )
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(write, range(8)))

    result = verify_chain(acting.pk)
    assert result.is_intact
    assert result.event_count == 160
    assert AuditEvent.objects.values("lane").distinct().count() > 1


@pytest.mark.django_db(transaction=True)
def test_a_writer_that_has_not_committed_holds_up_nobody(acting, append):
    def write_in_another_transaction():
        try:
            with acting_for(acting.pk), connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
                record(
                    organisation_id=acting.pk,
                    actor=None,
                    action="deal.open",
                    subject_type="deal",
                    subject_id="D000002",
                    at=MOMENT,
                )
        finally:
            connection.close()

    append()
    with transaction.atomic(), ThreadPoolExecutor(max_workers=1) as pool:
        append()
        pool.submit(write_in_another_transaction).result()

    assert verify_chain(acting.pk).event_count == 3


def test_digests_do_not_depend_on_the_order_of_keys():
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})
    assert digest_of(None) is None
