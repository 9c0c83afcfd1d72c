"""Start everything, watch it, stop it in order: what ``chedai run`` does."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from chedai.config.launch.children import Child, web_command, worker_command
from chedai.config.launch.cluster import Cluster
from chedai.config.launch.database import Database, open_database
from chedai.config.launch.doctor import refuse_unfit
from chedai.config.launch.environment import DemoMarker, child_environment
from chedai.config.launch.folders import DataFolder, checkout_folder, data_folder
from chedai.config.launch.processes import dying_with_parent, mark_of, stop_group
from chedai.config.launch.quote_kernel import FOLDER_VARIABLE, KernelCompiler, KernelFolder
from chedai.config.launch.refusal import LaunchRefusedError
from chedai.config.launch.running import (
    RunningState,
    read_state,
    stop_leftovers,
    take_lock,
    write_state,
)
from chedai.config.launch.sandbox import URL as SANDBOX_URL
from chedai.config.launch.sandbox import sandbox_command, sandbox_variables
from chedai.config.launch.speech import RECORD_END, say

HEALTH_SECONDS: Final = 90
WATCH_SECONDS: Final = 0.2


class StopRequestedError(Exception):
    """Ctrl-C or SIGTERM."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person who starts asks for."""

    host: str
    port: int
    is_demo: bool

    @property
    def address(self) -> str:
        host = "localhost" if self.host in {"127.0.0.1", "0.0.0.0", "::"} else self.host  # noqa: S104
        return f"http://{host}:{self.port}/"


@dataclass(slots=True)
class Supervisor:
    """One installation, from the lock on its folder to the last process stopped."""

    wishes: Wishes
    checkout: Path
    folder: DataFolder
    database: Database | None = None
    children: list[Child] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    sign_ins: str = ""
    compiler: KernelCompiler | None = None

    def start(self) -> None:
        found = stop_leftovers(self.folder)
        if found:
            say(f"· 上次没有正常退出，已停掉残留的进程（{', '.join(found)}）。Leftovers stopped")
        check_port_is_free(host=self.wishes.host, port=self.wishes.port)
        say("· 启动数据库… Starting the database")
        if not Cluster(self.folder.path).exists and not os.environ.get("DATABASE_URL"):
            DemoMarker(self.folder.path).forget()
        self.database = open_database(self.folder)
        self.environment = child_environment(
            self.database.variables,
            checkout=self.checkout,
            kernel=self.folder.kernel,
            is_demo=self.wishes.is_demo,
        )
        self.environment["CHEDAI_STATIC_COLLECTED"] = "1"
        if self.wishes.is_demo:
            self.environment |= sandbox_variables(
                self.environment, folder=self.folder.sandbox, web_port=self.wishes.port
            )
        self.compiler = KernelCompiler(
            KernelFolder(Path(self.environment[FOLDER_VARIABLE])),
            self.environment,
            self.folder.logs / "kernel.log",
        )
        self.compiler.start()
        self._prepare()
        say("· 启动网页服务和后台任务… Starting web and worker")
        self._start_children()
        self._wait_for_health()

    def watch(self) -> None:
        """Look after the children until asked to stop."""
        while True:
            time.sleep(WATCH_SECONDS)
            self._watch_database()
            if self.compiler is not None:
                self.compiler.watch()
            for child in self.children:
                self._watch_child(child)

    def stop(self) -> None:
        """Stop web, then worker, then the database; what is asked for twice is not hurried."""
        for child in self.children:
            child.stop()
        if self.compiler is not None:
            self.compiler.stop()
        if self.database is not None and self.database.cluster is not None:
            self.database.cluster.stop()
        self.folder.state.unlink(missing_ok=True)

    def _prepare(self) -> None:
        as_owner = {**self.environment, "CHEDAI_AS_OWNER": "1"}
        say("· 更新数据表… Migrating")
        self._run_commands(
            ["prepare_database"], ["migrate", "--verbosity=0", "--no-input"], environment=as_owner
        )
        if not self.wishes.is_demo:
            was_demo = DemoMarker(self.folder.path).exists
            refuse_unfit({**self.environment, **({"CHEDAI_DEMO": "1"} if was_demo else {})})
        self._run_commands(
            ["collectstatic", "--verbosity=0", "--no-input"], environment=self.environment
        )
        if self.wishes.is_demo:
            self._load_demo()

    def _load_demo(self) -> None:
        """Tell the demo world once; an external database is asked each time whether it is empty."""
        demo = DemoMarker(self.folder.path, sources=self.checkout / "src" / "chedai" / "demo")
        steps = [["load_demo", "--print-sign-ins"]]
        is_embedded = self.database is not None and self.database.cluster is not None
        if not (is_embedded and demo.is_loaded):
            say("· 载入演示数据… Loading the demo world")
            demo.begin()
            steps = [["load_demo", "--if-empty"], *steps]
        self.sign_ins = self._run_commands(*steps, environment=self.environment).strip()
        demo.finish()

    def _run_commands(self, *commands: list[str], environment: Mapping[str, str]) -> str:
        """Run commands in one process, passing on their words; give those of the latest."""
        words = [json.dumps(command) for command in commands]
        log = self.folder.logs / "first-steps.log"
        with log.open("ab") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "chedai.config.launch.first_steps", *words],
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
                preexec_fn=dying_with_parent(signal.SIGTERM),
            )
            try:
                output = pass_on(process, commands_count=len(commands))
                process.wait()
            except BaseException:
                stop_group(mark_of(process.pid), patience_seconds=5)
                process.wait()
                raise
        if process.returncode != 0:
            names = "、".join(command[0] for command in commands)
            last_line = log.read_text(encoding="utf-8", errors="replace").strip().split("\n")[-1]
            raise LaunchRefusedError(
                f"准备数据库没有成功（{names}）：{last_line}。完整原因见 {log}。",
                english=f"Preparing the database failed; the whole reason is in {log}.",
            )
        return output

    def _start_children(self) -> None:
        web = web_command(host=self.wishes.host, port=self.wishes.port)
        commands = {"web": web, "worker": worker_command(self.checkout)}
        if self.wishes.is_demo:
            port = int(self.environment[SANDBOX_URL].rpartition(":")[2])
            commands["sandbox"] = sandbox_command(port=port)
        for name, command in commands.items():
            child = Child(name, command, self.environment, self.folder.logs / f"{name}.log")
            self.children.append(child)
            child.start()
            self._write_state()

    def _write_state(self) -> None:
        cluster = self.database.cluster if self.database else None
        state = RunningState(
            address=self.wishes.address,
            database_port=cluster.port if cluster else 0,
            children={child.name: child.mark for child in self.children if child.mark},
        )
        write_state(self.folder, state)

    def _wait_for_health(self) -> None:
        deadline = time.monotonic() + HEALTH_SECONDS
        while not answers(f"{self.wishes.address}healthz"):
            ended = next((child for child in self.children if child.has_ended), None)
            if ended is not None or time.monotonic() > deadline:
                child = ended or self.children[0]
                raise LaunchRefusedError(
                    f"{child.name} 没有启动：{child.latest_words()}。日志在 {child.log}。",
                    english=f"{child.name} did not start; its log is {child.log}.",
                )
            time.sleep(WATCH_SECONDS)

    def _watch_child(self, child: Child) -> None:
        if child.has_ended:
            wait_seconds = child.plan_restart()
            say(
                f"! {child.name} 意外退出，{wait_seconds:.0f} 秒后重启（日志 {child.log}）。"
                f"{child.name} ended, restarting"
            )
        elif child.process is None and time.monotonic() >= child.restart_at:
            child.start()
            self._write_state()

    def _watch_database(self) -> None:
        database = self.database
        if database is None or database.cluster is None:
            return
        server = database.cluster.server
        if server is not None and server.poll() is not None:
            say(f"! 数据库意外退出，正在恢复（日志 {database.cluster.log}）。Database restarting")
            database.cluster.start(database.passwords)


def pass_on(process: subprocess.Popen[str], *, commands_count: int) -> str:
    """Say what a process says as it says it, except its latest command's words: give those."""
    assert process.stdout is not None
    commands_ended = 0
    kept: list[str] = []
    for line in process.stdout:
        if line.rstrip("\n") == RECORD_END:
            commands_ended += 1
        elif commands_ended == commands_count - 1:
            kept.append(line)
        else:
            say(f"  {line.rstrip()}")
    return "".join(kept)


def check_port_is_free(*, host: str, port: int) -> None:
    """Bind once.

    Raises
    ------
    LaunchRefusedError
        Somebody else has the port, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise LaunchRefusedError(
                f"端口 {port} 无法使用（{error.strerror}）。"
                f"请停掉占用它的程序，或换一个端口：PORT={port + 1} make run。",
                english=f"Port {port} cannot be used: stop the program that has it, or choose "
                f"another: PORT={port + 1} make run.",
            ) from error


def answers(url: str) -> bool:
    """Say whether anything speaks HTTP there and is well; an unknown page is an answer too."""
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own address
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


@contextlib.contextmanager
def stop_signals() -> Iterator[None]:
    """Turn the first SIGINT, SIGTERM or SIGHUP into an exception; later ones change nothing."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def request_stop(_number: int, _frame: object) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise StopRequestedError

    before = {number: signal.signal(number, request_stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run(wishes: Wishes) -> int:
    """Start, watch and stop; give the exit code."""
    checkout = checkout_folder()
    folder = data_folder(checkout)
    folder.make()
    lock = take_lock(folder)
    if lock is None:
        address = read_state(folder).address
        say(f"车贷已经在运行：{address or '正在启动,请稍候'}（要停止它，请在原窗口按 Ctrl-C）")
        say(f"Chedai of this checkout is already running: {address or 'it is just starting'}")
        return 0
    supervisor = Supervisor(wishes=wishes, checkout=checkout, folder=folder)
    with lock, stop_signals():
        try:
            supervisor.start()
            announce(supervisor)
            supervisor.watch()
        except StopRequestedError:
            say("\n· 正在停止… Stopping")
        finally:
            supervisor.stop()
    say("已停止，数据都在。Stopped; everything is kept.")
    return 0


def announce(supervisor: Supervisor) -> None:
    say("")
    say(f"车贷已启动  Chedai is running:  {supervisor.wishes.address}")
    if supervisor.sign_ins:
        say(f"\n{supervisor.sign_ins}\n")
    say(f"数据 Data: {supervisor.folder.path}   按 Ctrl-C 停止 Ctrl-C stops everything")
