"""The whole launcher as a process of its own, with the real application behind it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chedai.config.launch.children import Child
from chedai.config.launch.folders import DataFolder
from chedai.config.launch.processes import command_lines, wait_until
from chedai.config.launch.running import read_state

CHECKOUT = Path(__file__).parents[2]
START_SECONDS = 300
STOP_SECONDS = 30

Launch = Callable[..., subprocess.Popen[str]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment_for(folder: Path, **variables: str) -> dict[str, str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CHEDAI_", "DATABASE_URL", "DJANGO_", "PYTEST"))
    }
    return {
        **inherited,
        "PYTHONPATH": str(CHECKOUT / "src"),
        "CHEDAI_DATA_DIR": str(folder),
        "CHEDAI_ALLOWED_HOSTS": "localhost,127.0.0.1",
        "PORT": str(free_port()),
        **variables,
    }


@pytest.fixture
def launch(open_folder: Path) -> Iterator[Launch]:
    launched: list[subprocess.Popen[str]] = []

    def start(**variables: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "chedai.config.cli", "run"],
            cwd=CHECKOUT,
            env=environment_for(open_folder, **variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        launched.append(process)
        return process

    yield start
    for process in launched:
        process.terminate()
        process.communicate(timeout=STOP_SECONDS)


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """Read lines up to the one with the words; the pipe closes when the launcher gives up."""
    assert process.stdout is not None
    heard = ""
    deadline = time.monotonic() + START_SECONDS
    for line in process.stdout:
        heard += line
        if words in line:
            return heard
        assert time.monotonic() < deadline, heard
    pytest.fail(f"the launcher ended without saying {words!r}:\n{heard}")


def status(address: str) -> int:
    try:
        with urllib.request.urlopen(f"{address}healthz", timeout=5) as answer:
            return int(answer.status)
    except OSError:  # refused, or reset while the process is on its way out
        return 0


def processes_of(folder: Path) -> list[str]:
    """Name what of this installation still runs: its children, and the servers in its folder."""
    children = read_state(DataFolder(folder)).children
    alive = [name for name, mark in children.items() if mark.is_alive]
    return alive + [line for _, line in command_lines() if f"{folder}/cluster" in line]


def test_an_installation_starts_survives_kill_9_and_stops_leaving_nothing(
    launch: Launch, open_folder: Path
) -> None:
    first = launch()
    read_until(first, "车贷已启动")
    state = read_state(DataFolder(open_folder))
    assert status(state.address) == 200

    # A second start of the same installation points to the first one.
    answer, _ = launch().communicate(timeout=START_SECONDS)
    assert state.address in answer

    # kill -9 of the launcher takes what it started with it, or the next start does.
    first.send_signal(signal.SIGKILL)
    first.wait()
    second = launch()
    began = time.monotonic()
    heard = read_until(second, "车贷已启动")
    assert time.monotonic() - began < 15, heard
    state = read_state(DataFolder(open_folder))
    assert status(state.address) == 200

    # A killed web server is started again.
    os.killpg(state.children["web"].pid, signal.SIGKILL)
    read_until(second, "web 意外退出")
    assert wait_until(lambda: status(state.address) == 200, seconds=30)

    # Ctrl-C stops everything.
    second.send_signal(signal.SIGINT)
    heard = read_until(second, "已停止")
    assert second.wait(STOP_SECONDS) == 0
    assert processes_of(open_folder) == []
    assert not any(mark.is_alive for mark in state.children.values())


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}, "连不上 DATABASE_URL"),
        ({"DATABASE_URL": "nonsense"}, "连不上 DATABASE_URL"),
        ({"PORT": "eighty"}, "PORT=eighty 不是端口号"),
        ({"CHEDAI_HOST": "192.0.2.1"}, "无法使用"),
        ({"CHEDAI_DEBUG": "1"}, "调试模式打开"),
        ({"CHEDAI_DATA_DIR": "/proc/chedai"}, "无法写入数据目录 /proc/chedai"),
    ],
)
def test_what_cannot_be_started_is_refused_in_a_sentence_with_the_remedy(
    launch: Launch, variables: dict[str, str], sentence: str
) -> None:
    process = launch(**variables)

    answer, _ = process.communicate(timeout=START_SECONDS)

    assert process.returncode == 2
    assert sentence in answer
    assert "Traceback" not in answer


def test_a_taken_port_is_named_together_with_another_to_try(launch: Launch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = int(other.getsockname()[1])

        process = launch(PORT=str(port))
        answer, _ = process.communicate(timeout=START_SECONDS)

    assert process.returncode == 2
    assert f"端口 {port} 无法使用" in answer
    assert f"PORT={port + 1} make run" in answer


def test_waits_between_restarts_grow_to_half_a_minute(open_folder: Path) -> None:
    child = Child("web", ["/bin/false"], {}, open_folder / "web.log")

    waits = []
    for _ in range(7):
        child.start()
        assert wait_until(lambda: child.has_ended, seconds=10)
        waits.append(child.plan_restart())

    assert waits == [1, 2, 4, 8, 16, 30, 30]
