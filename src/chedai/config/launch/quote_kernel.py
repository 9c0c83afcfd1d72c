"""The compiled quote kernel of an installation: compiled once aside, loaded by each web process.

``NUMBA_CACHE_DIR`` says where the machine code lies. The mark in that folder is written after all
of it was compiled, run and compared with the plain calculation; without the mark no process loads
the kernel. Until then, and where the folder cannot be written, arrays price the same plans to the
same fen.
"""

from __future__ import annotations

import hashlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Final

import chedai.core.plans.kernel
import chedai.core.scheduling
from chedai.config.launch.processes import dying_with_parent, mark_of, stop_group
from chedai.config.launch.speech import say
from chedai.core.plans.kernel.pricing import load_kernel

FOLDER_VARIABLE: Final = "NUMBA_CACHE_DIR"
SOURCES: Final = Path(chedai.core.plans.kernel.__file__).parent
DAY_SEARCH: Final = Path(chedai.core.scheduling.__file__).parent / "annealing.py"
PROCESSORS: Final = Path("/proc/cpuinfo")
POLL_SECONDS: Final = 1.0
PATIENCE_SECONDS: Final = 900.0
STOP_PATIENCE_SECONDS: Final = 5
NICENESS: Final = 10

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class KernelFolder:
    """Where the machine code lies, and whether all of it is there."""

    path: Path

    @property
    def mark(self) -> Path:
        return self.path / "compiled-for"

    @property
    def is_ready(self) -> bool:
        """Whether what lies here was compiled from these sources, for this machine."""
        try:
            return self.mark.read_text(encoding="ascii") == self.fingerprint
        except (OSError, ValueError):
            return False

    @cached_property
    def fingerprint(self) -> str:
        """What machine code depends on; the compiler itself looks at the files' times."""
        digest = hashlib.sha256(f"{SOURCES} {sys.version} {_processor()}".encode())
        for name in ("numba", "llvmlite", "numpy"):
            digest.update(version(name).encode())
        for file in (*sorted(SOURCES.glob("*.py")), DAY_SEARCH):
            digest.update(f"{file.name} {file.stat().st_mtime_ns}".encode() + file.read_bytes())
        return digest.hexdigest()


@dataclass(slots=True)
class KernelCompiler:
    """The process that compiles beside the start; nothing waits for it."""

    folder: KernelFolder
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Compile, if it has not been done; the person at the terminal is told once."""
        if self.folder.is_ready:
            return
        say(
            "· 在后台编译试算内核（仅首次和升级后，约半分钟，不影响使用）…"
            " Compiling the quote kernel aside, once"
        )
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "chedai.config.launch.quote_kernel"],
                env={**self.environment, FOLDER_VARIABLE: str(self.folder.path)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dying_with_parent(signal.SIGTERM),
            )

    def watch(self) -> None:
        """Say so once when it did not succeed."""
        if self.process is None or self.process.poll() is None:
            return
        if self.process.returncode:
            say(
                f"! 试算内核没有编译成功（日志 {self.log}）：结果一样，只是比较大量方案时慢一些。"
                "The quote kernel could not be compiled: same results, slower searches"
            )
        self.process = None

    def stop(self) -> None:
        if self.process is not None:
            stop_group(mark_of(self.process.pid), patience_seconds=STOP_PATIENCE_SECONDS)
            self.process.wait()
            self.process = None


def load_in_background() -> threading.Thread | None:
    """Load the kernel beside the first requests; None where the environment names no folder."""
    told = os.environ.get(FOLDER_VARIABLE)
    if not told:
        return None
    thread = threading.Thread(
        target=load_when_ready, args=(KernelFolder(Path(told)),), name="quote-kernel", daemon=True
    )
    thread.start()
    return thread


def load_when_ready(
    folder: KernelFolder,
    *,
    load: Callable[[], None] = load_kernel,
    patience_seconds: float = PATIENCE_SECONDS,
) -> bool:
    """Wait for the mark, then load; say whether the kernel is loaded.

    Never compiles: that would take the processor from the requests of this process.
    """
    deadline = time.monotonic() + patience_seconds
    while not folder.is_ready:
        if time.monotonic() >= deadline:
            return False
        time.sleep(POLL_SECONDS)
    try:
        load()
    except Exception:  # whatever is wrong with the machine code, quotes do without it
        logger.exception("The quote kernel in %s could not be loaded", folder.path)
        return False
    return True


def compile_into(folder: KernelFolder) -> None:
    """Compile what searches use, compare it with the oracle, and mark the folder.

    Refused with ``KernelDisagreesError`` where the machine code does not say the same, and with
    ``OSError`` where the folder cannot be written.
    """
    folder.path.mkdir(parents=True, exist_ok=True)
    folder.mark.unlink(missing_ok=True)
    # The compiler reads the environment when first imported.
    os.environ[FOLDER_VARIABLE] = str(folder.path)
    from chedai.core.plans.kernel.__main__ import warm_up  # noqa: PLC0415

    warm_up(with_schedules=(False,))
    # The search for a day's plan is one function in the same folder; its own tests compare it.
    from chedai.core.scheduling.search import load_search  # noqa: PLC0415

    load_search()
    folder.mark.write_text(folder.fingerprint, encoding="ascii")


def _processor() -> str:
    """Name the kind of processor: machine code for one may not run on another."""
    try:
        lines = PROCESSORS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return " ".join(os.uname())
    kinds = {line for line in lines if line.startswith(("model name", "flags", "Features"))}
    return "\n".join(sorted(kinds))


if __name__ == "__main__":
    os.nice(NICENESS)
    compile_into(KernelFolder(Path(os.environ[FOLDER_VARIABLE])))
