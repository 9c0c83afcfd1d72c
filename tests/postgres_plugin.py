"""One throw-away PostgreSQL per pytest run, up before Django reads its settings.

Loaded by `-p tests.postgres_plugin` in pyproject.toml. A given `DATABASE_URL` is used as it
is; workers of pytest-xdist inherit the controller's environment; a run that names only
suites without a database starts none.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

from chedai.config.launch.cluster import APPLICATION, OWNER, Cluster, random_passwords

SUITES_WITHOUT_DATABASE = frozenset(
    {"core", "policy", "portfolio", "documents", "lenders", "needs", "house", "launch"}
)
UNREACHABLE_URL = "postgresql://no-database-in-this-suite@127.0.0.1:1/none"


def needs_database(arguments: list[str]) -> bool:
    """Say whether any of the named paths lies outside the suites that run without one."""
    paths = [word.split("::")[0].rstrip("/") for word in arguments if word.startswith("tests")]
    suites = {(*Path(path).parts, "", "")[1] for path in paths}
    return not suites or not suites <= SUITES_WITHOUT_DATABASE


def start_cluster() -> None:
    home = Path(tempfile.mkdtemp(prefix="chedai-test-"))
    home.chmod(0o755)  # the server's account has to pass through
    cluster = Cluster(home=home, is_durable=False)
    passwords = random_passwords()

    def stop() -> None:
        cluster.stop()
        shutil.rmtree(home, ignore_errors=True)

    atexit.register(stop)
    cluster.start(passwords)
    os.environ["DATABASE_URL"] = cluster.url(OWNER, passwords.owner)
    os.environ["CHEDAI_APP_DATABASE_URL"] = cluster.url(APPLICATION, passwords.application)


os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop beside the ORM
if "DATABASE_URL" not in os.environ:
    if needs_database(sys.argv[1:]):
        start_cluster()
    else:
        os.environ["DATABASE_URL"] = UNREACHABLE_URL
