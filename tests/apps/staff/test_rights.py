"""The application role: made if we may, checked if not, never mighty."""

import psycopg
import pytest
from django.db import connection
from django.test.utils import override_settings
from tests.conftest import owner_connection

from chedai.staff import rights


def address(role):
    return f"postgresql://{role}:secret@127.0.0.1/chedai"


@pytest.mark.django_db
def test_a_role_that_exists_is_left_as_it_is(settings):
    rights.prepare_role(app_url=address(settings.CHEDAI_APP_ROLE))

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (settings.CHEDAI_APP_ROLE,)


@pytest.mark.django_db
def test_a_role_we_may_not_create_is_asked_for_with_the_statement_to_run():
    with pytest.raises(rights.RoleMissingError, match="CREATE ROLE nobody_yet LOGIN"):
        rights.prepare_role(app_url=address("nobody_yet"))


@pytest.mark.django_db
def test_the_owner_of_the_database_is_refused_as_application_role():
    with owner_connection() as owner:
        name = owner.info.user

    with pytest.raises(rights.RoleTooMightyError, match="两个角色"):
        rights.prepare_role(app_url=address(name))


@pytest.mark.django_db
def test_the_application_role_does_not_grant_itself_anything():
    assert not rights.grant_rights()


@pytest.mark.django_db
@override_settings(CHEDAI_APP_ROLE="nobody_yet")
def test_rights_wait_until_the_role_exists():
    assert not rights.grant_rights()


def test_a_table_added_later_is_the_applications_to_use(transactional_db, settings):
    with owner_connection() as owner:
        owner.execute("CREATE TABLE added_later (id bigint PRIMARY KEY)")
        try:
            with psycopg.connect(**application_place()) as application:
                assert application.execute("SELECT count(*) FROM added_later").fetchone() == (0,)
        finally:
            owner.execute("DROP TABLE added_later")


def application_place():
    place = connection.settings_dict
    return {
        "dbname": place["NAME"],
        "user": place["USER"],
        "password": place["PASSWORD"],
        "host": place["HOST"],
        "port": place["PORT"],
    }
