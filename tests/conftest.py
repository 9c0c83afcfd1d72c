"""One database for each test process, migrated by its owner, used by the application role."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client

    from chedai.staff.models import Organisation, Store, User


# One folder for the machine code of all processes: read by the compiler when first imported.
KERNEL_FOLDER = Path(__file__).parents[1] / ".cache" / "kernel"
os.environ.setdefault("NUMBA_CACHE_DIR", str(KERNEL_FOLDER))


def pytest_configure() -> None:
    from django.conf import settings

    settings.CHEDAI_TESTING = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


# --- The database ---------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    from django.core.management import call_command
    from django.db import connections
    from django.db.backends.postgresql.operations import DatabaseOperations

    from chedai.config.database import app_url, django_database, owner_url
    from chedai.staff.rights import prepare_role

    name = f"test_chedai_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    owner = django_database(owner_url(os.environ))
    _as_owner(owner["NAME"], "CREATE DATABASE {name}", name=name)
    ordinary_flush = DatabaseOperations.execute_sql_flush

    def connect_as(place: dict[str, Any]) -> None:
        connections["default"].close()
        connections["default"].settings_dict.update(
            {key: place[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}, NAME=name
        )

    def flush_as_owner(operations: Any, statements: list[str]) -> None:
        # The application role may not truncate.
        with owner_connection(name) as connection:
            for statement in [*statements, "TRUNCATE staff_cache"]:
                connection.execute(statement)

    with django_db_blocker.unblock():
        connect_as(owner)
        prepare_role(app_url=app_url(os.environ))
        call_command("migrate", verbosity=0, interactive=False)
        connect_as(django_database(app_url(os.environ)))
    DatabaseOperations.execute_sql_flush = flush_as_owner
    yield
    DatabaseOperations.execute_sql_flush = ordinary_flush
    with django_db_blocker.unblock():
        connections["default"].close()
    _as_owner(owner["NAME"], "DROP DATABASE {name} WITH (FORCE)", name=name)


def owner_connection(name: str | None = None) -> psycopg.Connection[Any]:
    """Connect as the owner of the test database: what an attacker inside could do."""
    from django.db import connections

    from chedai.config.database import django_database, owner_url

    place = django_database(owner_url(os.environ))
    return psycopg.connect(
        dbname=name or connections["default"].settings_dict["NAME"],
        user=place["USER"],
        password=place["PASSWORD"] or None,
        host=place["HOST"] or None,
        port=place["PORT"] or None,
        autocommit=True,
    )


def _as_owner(database: str, statement: str, *, name: str) -> None:
    with owner_connection(database) as connection:
        connection.execute(sql.SQL(statement).format(name=sql.Identifier(name)))


@pytest.fixture
def owner_database(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    """A second connection, as the owner; needs committed rows, hence the transactional test."""
    with owner_connection() as connection:
        yield connection


# --- People ---------------------------------------------------------------------------------


@pytest.fixture
def organisation(db: None) -> Organisation:
    from tests.factories import make_organisation

    return make_organisation()


@pytest.fixture
def other_organisation(db: None) -> Organisation:
    from tests.factories import make_organisation

    return make_organisation()


@pytest.fixture
def acting(organisation: Organisation) -> Iterator[Organisation]:
    """Act for ``organisation`` during the whole test."""
    from chedai.staff.isolation import acting_for

    with acting_for(organisation.pk):
        yield organisation


@pytest.fixture
def store(organisation: Organisation) -> Store:
    from tests.factories import make_store

    return make_store(organisation)


@pytest.fixture
def user_with(organisation: Organisation, store: Store) -> Callable[..., User]:
    """Make a user of the organisation's store with the given roles."""
    from tests.factories import make_user

    def make(*roles: str, **fields: Any) -> User:
        return make_user(organisation, *roles, store=store, **fields)

    return make


@pytest.fixture
def front_desk(user_with: Callable[..., User]) -> User:
    return user_with("front_desk")


@pytest.fixture
def advisor(user_with: Callable[..., User]) -> User:
    return user_with("advisor")


@pytest.fixture
def reviewer(user_with: Callable[..., User]) -> User:
    return user_with("reviewer")


@pytest.fixture
def back_office(user_with: Callable[..., User]) -> User:
    return user_with("back_office")


@pytest.fixture
def manager(user_with: Callable[..., User]) -> User:
    return user_with("manager")


@pytest.fixture
def compliance(user_with: Callable[..., User]) -> User:
    return user_with("compliance")


@pytest.fixture
def administrator(user_with: Callable[..., User]) -> User:
    return user_with("administrator")


@pytest.fixture
def client_of(settings: Any) -> Callable[[User], Client]:
    """Sign a user in as in the demo world, where no second factor is asked for."""
    from django.test import Client

    def sign_in(user: User) -> Client:
        settings.CHEDAI_DEMO = True
        client = Client()
        client.force_login(user)
        return client

    return sign_in
