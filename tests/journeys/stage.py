"""The whole product on a stage of its own: a database, the demo world told once, a server."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psycopg
from psycopg import sql
from tests.factories import MOMENT

from chedai.config.database import app_url, owner_url
from chedai.config.launch.children import Child, web_command
from chedai.config.launch.folders import checkout_folder
from chedai.config.launch.processes import wait_until
from chedai.demo.world import GROUP_CODE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

START_SECONDS = 60
TABLES = """
SELECT table_name FROM information_schema.columns
WHERE column_name = 'organisation_id' AND table_schema = 'public'
AND table_name !~ '^(staff|audit)_' ORDER BY table_name
"""
# Of no use anywhere else: the rows it seals are dropped with the database.
MASTER_KEYS = f"1:{base64.b64encode(bytes(range(32))).decode()}"


@dataclass(frozen=True)
class Database:
    """The database of the journeys, by its two addresses."""

    owner: str
    application: str

    def environment(self, *, at: datetime) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": self.owner,
            "CHEDAI_APP_DATABASE_URL": self.application,
            "CHEDAI_MASTER_KEYS": MASTER_KEYS,
            "CHEDAI_DEMO": "1",
            "CHEDAI_CLOCK_FIXED_AT": at.isoformat(),
            "PYTHONPATH": str(checkout_folder() / "src"),
        }

    def rows(self) -> dict[str, int]:
        """Count what the group has stored, table by table; its people and its audit left out."""
        with psycopg.connect(self.owner, autocommit=True) as connection:
            connection.execute("SELECT set_config('chedai.directory', 'on', false)")
            group = connection.execute(
                "SELECT id FROM staff_organisation WHERE code = %s", [GROUP_CODE]
            ).fetchone()
            assert group is not None
            connection.execute(
                "SELECT set_config('chedai.organisation_id', %s, false)", [str(group[0])]
            )
            return {
                table: count
                for (table,) in connection.execute(TABLES).fetchall()
                for (count,) in connection.execute(
                    sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
                )
            }


@contextmanager
def database() -> Iterator[Database]:
    """Make a database with the demo world in it, and drop it afterwards."""
    name = f"test_chedai_journeys_{os.getpid()}"
    ruler = owner_url(os.environ)
    with psycopg.connect(ruler, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        made = Database(_renamed(ruler, name), _renamed(app_url(os.environ), name))
        environment = made.environment(at=MOMENT)
        _first_steps(
            {**environment, "CHEDAI_AS_OWNER": "1"},
            ["prepare_database"],
            ["migrate", "--verbosity=0", "--no-input"],
        )
        _first_steps(environment, ["load_demo"])
        yield made
    finally:
        with psycopg.connect(ruler, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


@contextmanager
def server(database: Database, *, at: datetime, folder: Path) -> Iterator[str]:
    """Serve the product with its clock standing at a moment; give its address."""
    port = _free_port()
    child = Child(
        "web",
        web_command(host="127.0.0.1", port=port),
        database.environment(at=at),
        folder / f"web-{port}.log",
    )
    address = f"http://127.0.0.1:{port}"
    child.start()
    try:
        ready = wait_until(lambda: child.has_ended or _answers(address), seconds=START_SECONDS)
        assert ready, child.log.read_text(encoding="utf-8")
        assert not child.has_ended, child.log.read_text(encoding="utf-8")
        yield address
    finally:
        child.stop()


def _first_steps(environment: dict[str, str], *commands: list[str]) -> None:
    words = [json.dumps(command) for command in commands]
    answer = subprocess.run(
        [sys.executable, "-m", "chedai.config.launch.first_steps", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr


def _renamed(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


def _answers(address: str) -> bool:
    try:
        with urlopen(f"{address}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
