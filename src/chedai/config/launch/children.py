"""The web server and the worker as children: started, watched, restarted, stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from chedai.config.launch.processes import (
    ProcessMark,
    dying_with_parent,
    end_group_members,
    mark_of,
    stop_group,
)

WEB_WORKERS_MIN: Final = 2
WEB_WORKERS_MAX: Final = 8
WEB_THREADS: Final = 4
STOP_PATIENCE_SECONDS: Final = 15
BACK_OFF_SECONDS_MAX: Final = 30
# A child that lived this long has recovered: the next crash starts from the shortest wait.
SETTLED_SECONDS: Final = 60
LOG_BYTES_MAX: Final = 10_000_000


@dataclass(slots=True)
class Child:
    """One process under watch; its own session, so that Ctrl-C reaches only the launcher."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    mark: ProcessMark | None = None
    crashes: int = 0
    started_at: float = 0.0
    restart_at: float = field(default=0.0)

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES_MAX:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dying_with_parent(signal.SIGTERM),
            )
        self.mark = mark_of(self.process.pid)
        self.started_at = time.monotonic()

    @property
    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def plan_restart(self) -> float:
        """Note a crash and give the seconds to wait before the next start."""
        assert self.process is not None
        end_group_members(self.process.pid)  # a killed server's workers would keep the port
        has_settled = time.monotonic() - self.started_at > SETTLED_SECONDS
        self.crashes = 1 if has_settled else self.crashes + 1
        wait_seconds = float(min(2 ** (self.crashes - 1), BACK_OFF_SECONDS_MAX))
        self.restart_at = time.monotonic() + wait_seconds
        self.process = None
        return wait_seconds

    def stop(self) -> None:
        if self.process is None or self.mark is None:
            return
        stop_group(self.mark, patience_seconds=STOP_PATIENCE_SECONDS)
        end_group_members(self.process.pid)
        self.process.wait()
        self.process = None

    def latest_words(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        spoken = [line.strip() for line in lines if line.strip()]
        return spoken[-1] if spoken else ""


def web_command(*, host: str, port: int) -> list[str]:
    workers = min(max(os.cpu_count() or 1, WEB_WORKERS_MIN), WEB_WORKERS_MAX)
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(WEB_THREADS)),
        *("--respawn-failed-workers", "--workers-kill-timeout", "10", "--no-ws"),
        "chedai.config.wsgi:application",
    ]


def worker_command(checkout: Path) -> list[str]:
    return [sys.executable, str(checkout / "manage.py"), "procrastinate", "worker"]
