"""Nobody sees another organisation's rows, whatever the code above does."""

import pytest
from django.db import connection
from tests.factories import make_store

from chedai.staff.isolation import acting_for, directory_window
from chedai.staff.models import Store

pytestmark = pytest.mark.django_db


def test_a_query_without_any_filter_sees_only_the_organisation_acted_for(
    organisation, other_organisation
):
    ours = make_store(organisation)
    make_store(other_organisation)

    with acting_for(organisation.pk):
        assert list(Store.objects.all()) == [ours]


def test_nobody_sees_nothing(organisation):
    make_store(organisation)

    assert not Store.objects.exists()


def test_the_directory_shows_stores_but_writes_none(organisation):
    store = make_store(organisation)

    with directory_window():
        assert Store.objects.filter(pk=store.pk).exists()
        assert Store.objects.update(name="改名") == 0


def test_tests_run_as_a_role_that_owns_nothing():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, (SELECT count(*) FROM pg_class "
            "WHERE relowner = pg_roles.oid) FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, 0)
