"""Timing in rounds: every engine once a round, so that a busy neighbour meets all alike."""

from __future__ import annotations

import ctypes
import gc
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

PACKAGES = (
    "numpy",
    "numba",
    "pyxirr",
    "numpy-financial",
    "amortization",
    "loan-calculator",
    "mortgage",
)

MMAP_MAX, TRIM_THRESHOLD = -4, -1
"""Words of mallopt(3)."""


@dataclass(frozen=True)
class Engine:
    name: str
    plans: int
    run: Callable[[], Any]


def keep_freed_memory() -> None:
    """Let the allocator reuse large arrays, as a worker that has run for a while does.

    Else every large answer touches fresh pages, and a virtual machine that gives free memory back
    to its host measures its host. Only glibc knows the two words; elsewhere nothing changes.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(MMAP_MAX, 0)
        mallopt(TRIM_THRESHOLD, 2**31 - 1)


@dataclass(frozen=True)
class Speed:
    """Plans a second of the clock, and of the processor: neighbours slow only the first."""

    wall: float
    cpu: float


def plans_per_second(engines: list[Engine], *, rounds: int) -> dict[str, Speed]:
    """Return the best speed of each engine over all rounds."""
    speeds = {engine.name: Speed(0.0, 0.0) for engine in engines}
    for _ in range(rounds):
        for engine in engines:
            gc.collect()
            begun, begun_cpu = time.perf_counter(), time.process_time()
            engine.run()
            wall = engine.plans / (time.perf_counter() - begun)
            cpu = engine.plans / (time.process_time() - begun_cpu)
            best = speeds[engine.name]
            speeds[engine.name] = Speed(max(best.wall, wall), max(best.cpu, cpu))
    return speeds


def latencies_ms(run: Callable[[], Any], *, calls: int) -> dict[str, float]:
    """Time calls by the clock, which neighbours slow, and by this process's processor time."""
    run()
    taken, used = [], []
    for _ in range(calls):
        begun, begun_cpu = time.perf_counter(), time.process_time()
        run()
        used.append((time.process_time() - begun_cpu) * 1000)
        taken.append((time.perf_counter() - begun) * 1000)
    taken.sort()
    return {
        "best": taken[0],
        "p50": statistics.median(taken),
        "p99": taken[min(int(len(taken) * 0.99), len(taken) - 1)],
        "cpu p50": statistics.median(used),
    }


def machine() -> dict[str, str]:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = {line.split(":")[1].strip() for line in lines if line.startswith("model name")}
    load = Path("/proc/loadavg")
    return {
        "cpu": ", ".join(sorted(names)) or platform.processor(),
        "cores": str(sum(line.startswith("processor") for line in lines)),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load": load.read_text(encoding="utf-8").split()[0] if load.exists() else "0",
    } | {name: metadata.version(name) for name in PACKAGES}
