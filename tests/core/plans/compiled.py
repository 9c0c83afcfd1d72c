"""The kernel's machine code, compiled once for all processes of a run and kept for the next run."""

import fcntl
import os
from functools import cache
from pathlib import Path

from chedai.core.plans.kernel.__main__ import warm_up
from chedai.core.plans.kernel.pricing import load_kernel


def compile_once() -> None:
    """See that the kernel is compiled, and loaded now whatever tests before have done."""
    _compile()
    load_kernel()


@cache
def _compile() -> None:
    """Let one process compile while the others wait and then read what it kept."""
    folder = Path(os.environ["NUMBA_CACHE_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "compiling.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        warm_up()
