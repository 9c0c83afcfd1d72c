"""Timing in rounds: every engine once a round, so that a busy neighbour meets all alike."""

from __future__ import annotations

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


@dataclass(frozen=True)
class Engine:
    name: str
    plans: int
    run: Callable[[], Any]


def plans_per_second(engines: list[Engine], *, rounds: int) -> dict[str, list[float]]:
    """Return the speed of each engine in each round."""
    speeds: dict[str, list[float]] = {engine.name: [] for engine in engines}
    for _ in range(rounds):
        for engine in engines:
            gc.collect()
            begun = time.perf_counter()
            engine.run()
            speeds[engine.name].append(engine.plans / (time.perf_counter() - begun))
    return speeds


def best(speeds: list[float]) -> float:
    """The round least disturbed."""
    return max(speeds)


def latencies_ms(run: Callable[[], Any], *, calls: int) -> dict[str, float]:
    run()
    taken = []
    for _ in range(calls):
        begun = time.perf_counter()
        run()
        taken.append((time.perf_counter() - begun) * 1000)
    taken.sort()
    return {
        "p50": statistics.median(taken),
        "p99": taken[min(int(len(taken) * 0.99), len(taken) - 1)],
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
        "load": load.read_text(encoding="utf-8").split()[0] if load.exists() else "unknown",
    } | {name: metadata.version(name) for name in PACKAGES}
