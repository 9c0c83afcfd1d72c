"""What the application role may do, set by the owner after every migration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connections
from psycopg import sql

from chedai.staff.isolation.exempt import READ_ONLY_TABLES

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper


def grant_rights(*, using: str = "default") -> bool:
    """Give the application role its rights, if it exists and we are not it.

    Rows of every table may be read and written (row-level security decides which),
    the audit chain only read. Nothing may be created, altered or truncated.

    Returns
    -------
    bool
        Whether rights were set; False when connected as the application role
        itself or before the role exists.
    """
    connection = connections[using]
    role = settings.CHEDAI_APP_ROLE
    if _scalar(connection, "SELECT current_user") == role:
        return False
    if not _scalar(connection, "SELECT count(*) FROM pg_roles WHERE rolname = %s", [role]):
        return False
    owner = _scalar(connection, "SELECT current_user")
    names = {"role": sql.Identifier(role), "owner": sql.Identifier(str(owner))}
    with connection.cursor() as cursor:
        for statement in _statements():
            cursor.execute(sql.SQL(statement).format(**names))
        for table in READ_ONLY_TABLES:
            if _scalar(connection, "SELECT to_regclass(%s)::text", [f"public.{table}"]):
                cursor.execute(
                    sql.SQL(
                        "REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER "
                        "ON {table} FROM {role}"
                    ).format(table=sql.Identifier(table), **names)
                )
    return True


def _statements() -> tuple[str, ...]:
    rows = "SELECT, INSERT, UPDATE, DELETE"
    return (
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT {rows} ON ALL TABLES IN SCHEMA public TO {{role}}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public "
        f"GRANT {rows} ON TABLES TO {{role}}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public "
        "GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    )


def _scalar(
    connection: BaseDatabaseWrapper, statement: str, params: list[str] | None = None
) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        row = cursor.fetchone()
    return row[0] if row else None
