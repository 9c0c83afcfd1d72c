"""Processes that are ours: started to die with us, recognised again, and stopped in order."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class ProcessMark:
    """A process named so that a later process with the same number is not mistaken for it."""

    pid: int
    started: str

    @property
    def is_alive(self) -> bool:
        return self.started != "" and start_mark(self.pid) == self.started


def start_mark(pid: int) -> str:
    """Say when a process started, in the kernel's own words; empty when there is no such process.

    A zombie counts as gone: it holds neither port nor file.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "" if Path("/proc/self/stat").exists() else _start_mark_by_ps(pid)
    # The command may hold spaces and brackets: the fields start after the last bracket.
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]


def _start_mark_by_ps(pid: int) -> str:
    answer = subprocess.run(
        ["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip()


def mark_of(pid: int) -> ProcessMark:
    return ProcessMark(pid=pid, started=start_mark(pid))


def dying_with_parent(signal_number: int) -> Callable[[], None]:
    """Give a `preexec_fn` that has the kernel signal the child when its parent is gone.

    Linux only; elsewhere the next start finds and stops what was left (`ProcessMark`).
    """
    parent = os.getpid()
    if not sys.platform.startswith("linux"):
        return lambda: None
    libc = ctypes.CDLL(None)

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal_number)
        if os.getppid() != parent:  # the parent died before the request was made
            os._exit(1)

    return ask_kernel


def command_lines() -> Iterator[tuple[int, str]]:
    """List every visible process with its command line (Linux; empty elsewhere)."""
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ")
            yield int(entry.name), line.decode("utf-8", "replace").strip()


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Ask again and again until it is so; false when the time has run out."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def stop_group(mark: ProcessMark, *, patience_seconds: float) -> None:
    """Ask a process we started as leader of its own group to end, then insist on the group."""
    if mark.is_alive:
        _signal_group(mark.pid, signal.SIGTERM)
        wait_until(lambda: not mark.is_alive, seconds=patience_seconds)
    if mark.is_alive:
        _signal_group(mark.pid, signal.SIGKILL)
        wait_until(lambda: not mark.is_alive, seconds=5)


def end_group_members(group: int) -> None:
    """Kill what a dead leader of a group left behind."""
    _signal_group(group, signal.SIGKILL)


def _signal_group(group: int, signal_number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal_number)
