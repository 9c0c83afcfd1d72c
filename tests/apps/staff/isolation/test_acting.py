"""Nobody sees another organisation's rows, whatever the code above forgot."""

import re
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from tests.factories import make_store, make_user

import chedai
from chedai.staff.isolation import (
    NotActingError,
    act_from_here,
    acting,
    acting_for,
    acting_organisation_id,
    directory_window,
    request_boundary,
)
from chedai.staff.models import Store, User

# Whoever opens the directory reads across organisations: each has a reason to.
DIRECTORY_CALLERS = {
    # A lender's callback names a submission, not an organisation.
    "chedai/applications/queries/outbox.py",
    "chedai/staff/isolation/acting.py",  # defines it
    "chedai/staff/sessions.py",  # a session is read before anybody is known
    "chedai/staff/sign_in.py",  # so is the user
    "chedai/staff/queries.py",  # workers go through organisations one by one
    "chedai/web/middleware.py",  # the organisation of whoever signed in
    "chedai/planning/queries/proposals.py",  # a share link, by the digest of its token
    "chedai/web/sign_in.py",  # a refused sign-in is recorded where it was tried
}


@pytest.mark.django_db
def test_a_query_without_any_filter_sees_only_the_organisation_acted_for(
    organisation, other_organisation
):
    ours = make_store(organisation)
    make_store(other_organisation)

    with acting_for(organisation.pk):
        assert list(Store.objects.all()) == [ours]


@pytest.mark.django_db
def test_raw_sql_sees_only_the_organisation_acted_for(organisation, other_organisation):
    make_user(organisation)
    make_user(other_organisation)

    with acting_for(organisation.pk), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT organisation_id FROM staff_user")
        assert cursor.fetchall() == [(organisation.pk,)]


@pytest.mark.django_db
def test_nobody_sees_nothing(organisation):
    make_store(organisation)

    assert not Store.objects.exists()


@pytest.mark.django_db
def test_rows_of_another_organisation_are_neither_changed_nor_deleted(
    organisation, other_organisation
):
    theirs = make_store(other_organisation, name="临江二号店")

    with acting_for(organisation.pk):
        assert Store.objects.filter(pk=theirs.pk).update(name="改名") == 0
        assert Store.objects.filter(pk=theirs.pk).delete()[0] == 0

    with acting_for(other_organisation.pk):
        assert Store.objects.get(pk=theirs.pk).name == "临江二号店"


@pytest.mark.django_db
def test_a_row_cannot_be_written_for_another_organisation(organisation, other_organisation):
    store = make_store(organisation)

    with acting_for(organisation.pk):
        store.pk, store.code = None, "another"
        store.organisation = other_organisation
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            store.save()


@pytest.mark.django_db
def test_a_row_cannot_point_to_another_organisation(organisation, other_organisation):
    theirs = make_store(other_organisation)
    user = make_user(organisation)

    with acting_for(organisation.pk):
        User.objects.filter(pk=user.pk).update(store=theirs)
        with pytest.raises(IntegrityError, match="staff_user_store_id_within"):
            connection.check_constraints()


@pytest.mark.django_db
def test_the_directory_shows_stores_but_changes_none(organisation):
    store = make_store(organisation)

    with directory_window():
        assert Store.objects.filter(pk=store.pk).exists()
        assert Store.objects.filter(pk=store.pk).update(name="改名") == 0


@pytest.mark.django_db
def test_the_directory_writes_nothing_new(organisation):
    with directory_window(), pytest.raises(ProgrammingError), transaction.atomic():
        Store.objects.create(organisation=organisation, code="s", name="s")


def test_the_directory_is_opened_only_where_listed():
    source = Path(chedai.__file__).parent
    callers = {
        str(path.relative_to(source.parent))
        for path in source.rglob("*.py")
        if re.search(r"\bdirectory_window\(", path.read_text(encoding="utf-8"))
        # The demo world opens organisations before anybody works in them.
        and path.relative_to(source).parts[0] != "demo"
    }

    assert callers <= DIRECTORY_CALLERS


def test_blocks_nest_and_give_back_what_was_before():
    with acting_for(1):
        with acting_for(2):
            assert acting_organisation_id() == 2
        with directory_window():
            assert acting().is_directory_open
            with acting_for(3):
                assert not acting().is_directory_open
        assert acting_organisation_id() == 1
    assert acting().organisation_id is None


def test_asking_for_the_organisation_outside_of_any_is_a_named_failure():
    with pytest.raises(NotActingError, match="acting_for"):
        acting_organisation_id()


def test_a_sign_in_in_the_middle_of_a_request_ends_with_the_request():
    with request_boundary():
        act_from_here(7)
        assert acting_organisation_id() == 7
    assert acting().organisation_id is None


def test_a_sign_in_outside_of_a_request_acts_for_nobody():
    act_from_here(7)

    assert acting().organisation_id is None


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE staff_store DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE staff_store NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE staff_store OWNER TO chedai_app",
        "DROP POLICY isolation ON staff_store",
        "ALTER POLICY isolation ON staff_store USING (true)",
        "CREATE POLICY mine ON staff_store USING (true)",
        "SET row_security = off; SELECT * FROM staff_store",
        "ALTER ROLE CURRENT_USER BYPASSRLS",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "CREATE TABLE public.copied AS SELECT * FROM staff_store",
        "CREATE OR REPLACE FUNCTION chedai_organisation() RETURNS bigint "
        "LANGUAGE sql AS 'SELECT 1::bigint'",
        "TRUNCATE staff_store CASCADE",
    ],
)
@pytest.mark.django_db
def test_the_application_role_cannot_lift_the_isolation(organisation, statement):
    make_store(organisation)

    with connection.cursor() as cursor, pytest.raises(DatabaseError) as refusal:
        cursor.execute(statement)

    assert re.search(
        "must be (able|owner)|permission denied|would be affected by row-level", str(refusal.value)
    )


@pytest.mark.django_db
def test_the_application_role_cannot_become_the_owner(organisation):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'staff_store'")
        owner = cursor.fetchone()[0]
        with pytest.raises(DatabaseError, match="permission denied"):
            cursor.execute(f'SET ROLE "{owner}"')


@pytest.mark.django_db
def test_tests_run_as_a_role_that_owns_nothing_and_bypasses_nothing():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, (SELECT count(*) FROM pg_class "
            "WHERE relowner = pg_roles.oid) FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, 0)
