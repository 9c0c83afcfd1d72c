"""Compliance reads the chain and has it verified."""

import pytest
from django.urls import reverse
from tests.factories import MOMENT

from chedai.audit.models import AuditCheckpoint, AuditEvent
from chedai.audit.operations import record
from chedai.staff.isolation import acting_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of, compliance):
    return client_of(compliance)


def write(organisation, count, *, action="deal.open", actor=None):
    with acting_for(organisation.pk):
        for number in range(count):
            record(
                organisation_id=organisation.pk,
                actor=actor,
                action=action,
                subject_type="deal",
                subject_id=f"D{number:06d}",
                at=MOMENT,
            )


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_shows_the_newest_first_and_leads_to_the_older(client, organisation):
    write(organisation, 60)
    page = text(client.get(reverse("audit:event_list"), {"action": "deal."}))
    assert page.count("<code>deal.open</code>") == 50
    assert page.index("D000059") < page.index("D000058")

    older = page[: page.index("更早的")].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    rest = text(client.get(older))

    assert rest.count("<code>deal.open</code>") == 10
    assert "更早的" not in rest


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"subject": "D000001"}, 2),
        ({"action": "deal.withdraw"}, 3),
        ({"actor": "系统", "action": "deal."}, 5),
        ({"subject": "D000001", "action": "deal.open"}, 1),
        ({"subject": "D9"}, 0),
        ({"action": "deal.", "before": "没有这样的位置"}, 5),
    ],
)
def test_events_can_be_narrowed_down(client, organisation, query, count):
    write(organisation, 2)
    write(organisation, 3, action="deal.withdraw")

    page = text(client.get(reverse("audit:event_list"), query))

    assert page.count("<code>deal.") == count


def test_other_organisations_events_do_not_show(client, other_organisation):
    write(other_organisation, 1)

    assert "deal.open" not in text(client.get(reverse("audit:event_list")))


def test_the_page_costs_as_many_queries_with_fifty_rows_as_with_one(
    client, organisation, django_assert_max_num_queries
):
    write(organisation, 50)

    with django_assert_max_num_queries(5):
        client.get(reverse("audit:event_list"))


def test_verifying_says_intact_records_itself_and_leaves_a_checkpoint(
    client, organisation, compliance
):
    write(organisation, 3)

    page = text(client.post(reverse("audit:verification")))

    assert "链条完整" in page
    with acting_for(organisation.pk):
        point = AuditCheckpoint.objects.get()
        event = AuditEvent.objects.latest("id")
    assert bytes(point.digest).hex() in page
    assert (event.action, event.actor_label) == ("audit.verify", compliance.username)


def test_a_long_chain_is_verified_on_the_page_since_the_latest_checkpoint(
    client, organisation, monkeypatch
):
    monkeypatch.setattr("chedai.audit.views.WHOLE_CHAIN_EVENTS_MAX", 2)
    write(organisation, 3)
    client.post(reverse("audit:verification"))

    page = text(client.post(reverse("audit:verification")))

    # The event of the first verification is covered by its checkpoint.
    assert "校验了 0 条记录和 1 个检查点" in page
    assert "manage.py audit_verify" in page


def test_verifying_is_an_act_not_a_link(client):
    assert client.get(reverse("audit:verification")).status_code == 405
