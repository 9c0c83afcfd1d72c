"""The application role and what it may do, set by the owner of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from chedai.staff.isolation.exempt import READ_ONLY_TABLES

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

ROWS = "SELECT, INSERT, UPDATE, DELETE"
STATEMENTS = (
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO {role}",
    f"GRANT {ROWS} ON ALL TABLES IN SCHEMA public TO {{role}}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE CURRENT_USER IN SCHEMA public "
    f"GRANT {ROWS} ON TABLES TO {{role}}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE CURRENT_USER IN SCHEMA public "
    "GRANT USAGE, SELECT ON SEQUENCES TO {role}",
)
READ_ONLY = "REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON {table} FROM {role}"


class RoleMissingError(Exception):
    """The application role does not exist and we may not create it."""


class RoleTooMightyError(Exception):
    """The application role could lift row-level security."""


def prepare_role(*, app_url: str, using: str = "default") -> None:
    """See to it, as the owner, that the application role exists and is harmless.

    ``RoleMissingError`` when it does not exist and we may not create roles;
    ``RoleTooMightyError`` when it is a superuser, bypasses row-level security or owns
    the database. Both messages say what to run.

    Parameters
    ----------
    app_url
        Address as which the application connects; its user and password are used.
    """
    connection = connections[using]
    login = psycopg.conninfo.conninfo_to_dict(app_url)
    role, password = str(login["user"]), str(login.get("password") or "")
    if not _exists(connection, role):
        _create(connection, role, password)
    _refuse_might(connection, role)
    grant_rights(using=using)


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
    if _scalar(connection, "SELECT current_user") == role or not _exists(connection, role):
        return False
    for statement in STATEMENTS:
        _execute(connection, statement, role=role)
    for table in READ_ONLY_TABLES:
        if _scalar(connection, "SELECT to_regclass(%s)::text", [f"public.{table}"]):
            _execute(connection, READ_ONLY, role=role, table=table)
    return True


def _exists(connection: BaseDatabaseWrapper, role: str) -> bool:
    return bool(_scalar(connection, "SELECT count(*) FROM pg_roles WHERE rolname = %s", [role]))


def _create(connection: BaseDatabaseWrapper, role: str, password: str) -> None:
    may_create = _scalar(
        connection,
        "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user",
    )
    if not may_create:
        msg = (
            f"数据库里没有应用角色 {role}，当前账号也无权创建：请让数据库管理员运行一次 "
            f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '…';"
        )
        raise RoleMissingError(msg)
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD {}"
            )
            .format(sql.Identifier(role), sql.Literal(password or None))
            .as_string()
        )


def _refuse_might(connection: BaseDatabaseWrapper, role: str) -> None:
    is_mighty = _scalar(
        connection,
        "SELECT rolsuper OR rolbypassrls OR oid = (SELECT datdba FROM pg_database "
        "WHERE datname = current_database()) FROM pg_roles WHERE rolname = %s",
        [role],
    )
    if is_mighty:
        msg = (
            f"应用角色 {role} 是超级用户、可绕过行级安全或拥有数据库，机构之间的隔离会失效："
            f"请让 DATABASE_URL 与 CHEDAI_APP_DATABASE_URL 用两个角色，并运行 "
            f"ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS;"
        )
        raise RoleTooMightyError(msg)


def _execute(connection: BaseDatabaseWrapper, statement: str, **names: str) -> None:
    identifiers = {key: sql.Identifier(name) for key, name in names.items()}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(**identifiers).as_string())


def _scalar(
    connection: BaseDatabaseWrapper, statement: str, params: list[Any] | None = None
) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        row = cursor.fetchone()
    return row[0] if row else None
