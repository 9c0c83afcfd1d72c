"""Every table there is, those added later too: isolated, or named with a reason why not."""

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from tests.conftest import owner_connection
from tests.factories import make_organisation

from chedai.staff.isolation.exempt import EXEMPT_TABLES, READ_ONLY_TABLES
from chedai.staff.models import Organisation

# A value of each type for columns that must have one.
VALUES = {
    "ARRAY": "'{}'",
    "boolean": "true",
    "bytea": "'\\x00'",
    "character varying": "'x'",
    "date": "'2026-11-23'",
    "daterange": "'[2026-11-23,2026-11-24)'",
    "inet": "'127.0.0.1'",
    "interval": "'1 day'",
    "jsonb": "'{}'",
    "numeric": "0",
    "text": "'x'",
    "timestamp with time zone": "'2026-11-23 10:00+08'",
    "time without time zone": "'09:00'",
    "tstzrange": "'empty'",
    "uuid": "gen_random_uuid()",
    "bigint": "1",
    "integer": "1",
    "smallint": "1",
}
REMEDY = (
    "add EnableIsolation('<Model>') to a migration of its app (docs/howto/add_a_table.md), "
    "or name it in chedai/staff/isolation/exempt.py with the reason"
)


def fetch(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def tables():
    return dict(
        fetch(
            "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class "
            "WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        )
    )


def isolated_columns():
    """Give the column that holds the organisation, for each table that has one."""
    rows = fetch(
        "SELECT table_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND column_name = 'organisation_id'"
    )
    return {Organisation._meta.db_table: "id", **{row[0]: "organisation_id" for row in rows}}


@pytest.mark.django_db
def test_every_table_is_isolated_or_exempt_with_a_reason():
    open_tables = {name for name, is_isolated in tables().items() if not is_isolated}

    assert open_tables - set(EXEMPT_TABLES) == set(), REMEDY


@pytest.mark.django_db
def test_no_table_of_an_organisation_is_exempt():
    assert set(isolated_columns()) & set(EXEMPT_TABLES) == set()
    assert all(len(reason) > 10 for reason in EXEMPT_TABLES.values())


@pytest.mark.django_db
def test_there_is_no_view_through_which_rows_could_leak():
    # A view runs with the rights of its owner unless it says security_invoker.
    assert fetch("SELECT viewname FROM pg_views WHERE schemaname = 'public'") == []
    assert fetch("SELECT matviewname FROM pg_matviews WHERE schemaname = 'public'") == []


@pytest.mark.django_db
def test_the_policy_of_every_table_compares_the_organisation():
    policies = {
        table: (using, check)
        for table, using, check in fetch(
            "SELECT tablename, qual, with_check FROM pg_policies WHERE policyname = 'isolation'"
        )
    }

    for table, column in isolated_columns().items():
        condition = f"({column} = chedai_organisation())"
        assert policies.get(table) == (condition, condition), f"{table}: {REMEDY}"


@pytest.mark.django_db
def test_the_directory_only_ever_reads():
    commands = fetch("SELECT DISTINCT cmd FROM pg_policies WHERE policyname = 'directory'")
    names = {row[0] for row in fetch("SELECT DISTINCT policyname FROM pg_policies")}

    assert commands == [("SELECT",)]
    assert names == {"isolation", "directory"}


@pytest.mark.django_db
def test_no_row_can_point_across_organisations():
    tables_with_organisation = [
        table for table, column in isolated_columns().items() if column == "organisation_id"
    ]
    keys = fetch(
        """
        SELECT c.conrelid::regclass::text, c.confrelid::regclass::text,
               array_agg(a.attname::text ORDER BY k.place)
        FROM pg_constraint c
        CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY AS k(attnum, place)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum
        WHERE c.contype = 'f'
        GROUP BY c.oid, c.conrelid, c.confrelid
        """
    )
    composite = {(source, columns[0]) for source, _, columns in keys if len(columns) == 2}
    loose = {
        (source, columns[0])
        for source, target, columns in keys
        if len(columns) == 1
        and source in tables_with_organisation
        and target in tables_with_organisation
        and (source, columns[0]) not in composite
    }

    assert loose == set(), "run EnableIsolation again in the migration that adds the foreign key"


@pytest.mark.django_db
def test_the_application_may_read_but_not_write_the_tables_of_the_chain():
    for table in READ_ONLY_TABLES:
        rights = fetch(
            "SELECT privilege_type FROM information_schema.role_table_grants "
            "WHERE grantee = %s AND table_name = %s",
            settings.CHEDAI_APP_ROLE,
            table,
        )
        assert rights == [("SELECT",)], table


def test_raw_sql_under_one_organisation_sees_no_row_of_another(transactional_db):
    ours, theirs = make_organisation().pk, make_organisation().pk
    columns = isolated_columns()
    connection.close()  # its locks would stand in the way of the owner

    for table, column in sorted(columns.items()):
        if column == "id":
            continue
        with owner_connection() as owner, owner.transaction(force_rollback=True):
            put_a_row_of_each(owner, table, ours, theirs)

            act_for(owner, ours)
            seen = owner.execute(f'SELECT organisation_id FROM "{table}"').fetchall()
            assert seen == [(ours,)], table
            assert owner.execute(f'DELETE FROM "{table}"').rowcount == 1, table
            with pytest.raises(psycopg.errors.InsufficientPrivilege), owner.transaction():
                put_a_row(owner, table, theirs)

            act_for(owner, theirs)
            seen = owner.execute(f'SELECT organisation_id FROM "{table}"').fetchall()
            assert seen == [(theirs,)], table

            owner.execute("SELECT set_config('chedai.organisation_id', '', false)")
            assert owner.execute(f'SELECT count(*) FROM "{table}"').fetchone() == (0,), table


def put_a_row_of_each(owner, table, ours, theirs):
    """Put rows in without the table's other guards, which are not what is tested.

    The owner is bound by forced row-level security as the application is; where the
    owner is a superuser (a database given from outside), it steps down first.
    """
    constraints = owner.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'f')",
        [table],
    ).fetchall()
    for (name,) in constraints:
        owner.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
    owner.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    owner.execute(f'GRANT ALL ON "{table}" TO "{settings.CHEDAI_APP_ROLE}"')
    if owner.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()[0]:
        owner.execute(f'SET LOCAL ROLE "{settings.CHEDAI_APP_ROLE}"')
    for organisation_id in (ours, theirs):
        act_for(owner, organisation_id)
        put_a_row(owner, table, organisation_id)


def put_a_row(owner, table, organisation_id):
    needed = owner.execute(
        "SELECT column_name, data_type, character_maximum_length "
        "FROM information_schema.columns WHERE table_name = %s "
        "AND is_nullable = 'NO' AND is_identity = 'NO' AND column_default IS NULL "
        "AND column_name <> 'organisation_id'",
        [table],
    ).fetchall()
    names = ", ".join(["organisation_id", *(f'"{name}"' for name, _, _ in needed)])
    values = ", ".join(
        [str(organisation_id), *(unlike(kind, organisation_id, size) for _, kind, size in needed)]
    )
    owner.execute(f'INSERT INTO "{table}" ({names}) VALUES ({values})')


def unlike(kind, organisation_id, length_max):
    """Give a value of the type, another one for each organisation where keys are unique."""
    if kind in {"bigint", "integer"}:
        return str(organisation_id)
    if kind in {"character varying", "text"}:
        return f"'{str(organisation_id)[-(length_max or 64) :]}'"
    return VALUES[kind]


def act_for(owner, organisation_id):
    owner.execute("SELECT set_config('chedai.organisation_id', %s, false)", [str(organisation_id)])
