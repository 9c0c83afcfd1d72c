import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from chedai.config.launch.cluster import APPLICATION, OWNER, SUPERUSER, Cluster
from chedai.config.launch.processes import command_lines, wait_until
from chedai.config.launch.refusal import LaunchRefusedError

from tests.launch.conftest import PASSWORDS  # isort: skip

Start = Callable[[], Cluster]


def owner_url(cluster: Cluster) -> str:
    return cluster.url(OWNER, PASSWORDS.owner)


def write_row(cluster: Cluster, number: int) -> None:
    with psycopg.connect(owner_url(cluster)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS acknowledged (number int)")
        connection.execute("INSERT INTO acknowledged VALUES (%s)", [number])


def count_rows(cluster: Cluster) -> int:
    with psycopg.connect(owner_url(cluster)) as connection:
        row = connection.execute("SELECT count(*) FROM acknowledged").fetchone()
    assert row is not None
    return int(row[0])


def server_processes(cluster: Cluster) -> list[int]:
    return [pid for pid, line in command_lines() if cluster.name in line]


def test_a_stopped_cluster_keeps_its_rows(start_cluster: Start) -> None:
    first = start_cluster()
    write_row(first, 1)
    first.stop()

    assert count_rows(start_cluster()) == 1


def test_rows_acknowledged_before_kill_9_are_there_afterwards(start_cluster: Start) -> None:
    first = start_cluster()
    with psycopg.connect(owner_url(first), autocommit=True) as connection:
        connection.execute("CREATE TABLE acknowledged (number int)")
        for number in range(200):
            connection.execute("INSERT INTO acknowledged VALUES (%s)", [number])
        for pid in server_processes(first):
            os.kill(pid, signal.SIGKILL)

    assert count_rows(start_cluster()) == 200


def test_an_orphaned_server_is_stopped_before_the_next_one_starts(start_cluster: Start) -> None:
    first = start_cluster()
    write_row(first, 1)
    first_pid = first.server.pid if first.server else 0

    second = start_cluster()

    assert count_rows(second) == 1
    assert first_pid not in server_processes(second)


def test_a_pid_file_that_names_another_living_process_is_not_believed(
    start_cluster: Start,
) -> None:
    first = start_cluster()
    write_row(first, 1)
    pid_file = first.files / "postmaster.pid"
    content = pid_file.read_text().split("\n", 1)[1]
    for pid in server_processes(first):
        os.kill(pid, signal.SIGKILL)
    bystander = subprocess.Popen(
        ["/bin/cat"], stdin=subprocess.PIPE, cwd="/", **first.account.as_this_account
    )
    pid_file.write_text(f"{bystander.pid}\n{content}")

    try:
        assert count_rows(start_cluster()) == 1
        assert bystander.poll() is None
    finally:
        bystander.communicate(b"\n")


def test_a_server_ends_with_the_process_that_started_it(open_folder: Path) -> None:
    program = (
        "import os, pathlib, sys\n"
        "from chedai.config.launch.cluster import Cluster, RolePasswords\n"
        "Cluster(pathlib.Path(sys.argv[1])).start(RolePasswords('a', 'b'))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    source = str(Path(__file__).parents[2] / "src")
    environment = {**os.environ, "PYTHONPATH": source}

    subprocess.run(
        [sys.executable, "-c", program, str(open_folder)], env=environment, check=False, timeout=60
    )

    cluster = Cluster(open_folder)
    assert wait_until(lambda: not server_processes(cluster), seconds=20)


def test_a_cluster_whose_creation_was_killed_is_created_again(
    open_folder: Path, start_cluster: Start
) -> None:
    unfinished = open_folder / "cluster.new"
    (unfinished / "base").mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")

    write_row(start_cluster(), 1)

    assert not unfinished.exists()


def test_a_folder_that_is_half_a_database_is_refused_with_what_to_do(open_folder: Path) -> None:
    files = open_folder / "cluster"
    files.mkdir()
    (files / "PG_VERSION").write_text("18\n")

    with pytest.raises(LaunchRefusedError, match=r"不完整.*mv .*cluster\.old"):
        Cluster(open_folder).start(PASSWORDS)

    assert (files / "PG_VERSION").exists()


def test_a_cluster_of_another_postgresql_is_refused(start_cluster: Start) -> None:
    first = start_cluster()
    first.stop()
    (first.files / "PG_VERSION").write_text("15\n")

    with pytest.raises(LaunchRefusedError, match="属于 PostgreSQL 15"):
        Cluster(first.home).start(PASSWORDS)


def test_the_application_may_neither_pass_row_security_nor_create_anything(
    running_cluster: Cluster,
) -> None:
    with psycopg.connect(running_cluster.url(APPLICATION, PASSWORDS.application)) as connection:
        rights = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()
        owner = connection.execute(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (number int)")

    assert rights == (False, False, False, False)
    assert owner == (OWNER,)


@pytest.mark.parametrize(
    ("role", "password"),
    [(SUPERUSER, ""), (SUPERUSER, PASSWORDS.owner), (OWNER, "wrong"), (APPLICATION, "")],
)
def test_nobody_enters_over_tcp_without_a_password_of_their_own(
    running_cluster: Cluster, role: str, password: str
) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(running_cluster.url(role, password), connect_timeout=5)


def test_only_the_servers_account_may_enter_its_folders(running_cluster: Cluster) -> None:
    for folder in (running_cluster.files, running_cluster.socket_folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert folder.stat().st_uid == running_cluster.account.uid


def test_a_deep_folder_gets_a_socket_path_that_fits(open_folder: Path) -> None:
    cluster = Cluster(open_folder / ("deep" * 30))

    try:
        cluster.start(PASSWORDS)
        write_row(cluster, 1)
        assert count_rows(cluster) == 1
    finally:
        cluster.stop()
        shutil.rmtree(cluster.socket_folder, ignore_errors=True)
