"""Sessions, factors and addresses of others cannot be read by a query of ours."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from tests.factories import make_user

from chedai.staff.isolation import acting_for, directory_window

pytestmark = pytest.mark.django_db


def test_a_query_of_an_organisation_reads_no_session_at_all(client_of, advisor):
    client_of(advisor)

    with acting_for(advisor.organisation_id):
        assert not Session.objects.exists()
    with directory_window():
        assert Session.objects.count() == 1


def test_factors_and_addresses_are_those_of_the_organisations_people(acting, other_organisation):
    theirs = make_user(other_organisation)
    with acting_for(other_organisation.pk):
        Authenticator.objects.create(user=theirs, type="totp", data={})
        EmailAddress.objects.create(user=theirs, email="x@linjiang.example")

    assert not Authenticator.objects.exists()
    assert not EmailAddress.objects.exists()
    with acting_for(other_organisation.pk):
        assert Authenticator.objects.count() == EmailAddress.objects.count() == 1


def test_a_session_ends_for_good(client_of, advisor):
    client = client_of(advisor)
    key = client.session.session_key

    client.logout()

    with directory_window():
        assert not Session.objects.filter(session_key=key).exists()


def test_expired_sessions_are_swept(client_of, advisor):
    client = client_of(advisor)
    session = client.session
    session.set_expiry(-1)
    session.save()

    type(session).clear_expired()

    with directory_window():
        assert not Session.objects.exists()
