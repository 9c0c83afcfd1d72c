"""The numbers as a table for people and as JSON for keeping."""

from __future__ import annotations

import json
import platform
import statistics
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from bench.journey.measuring import Result

PACKAGES = ("Django", "Jinja2", "psycopg", "numpy", "numba", "typst")
PAGE_MAX_MS, MATRIX_MAX_MS = 100, 50
MATRIX = "matrix alone"


def rows(result: Result) -> list[dict[str, Any]]:
    found = []
    for name, wall in result.warm.wall.items():
        cold = result.cold.wall.get(name)
        p50 = statistics.median(wall)
        found.append(
            {
                "page": name,
                "count": len(wall),
                "p50_ms": round(p50, 1),
                "p95_ms": round(_p95(wall), 1),
                "cpu_p50_ms": round(statistics.median(result.warm.cpu[name]), 1),
                "cold_over_warm": round(statistics.median(cold) / p50, 2) if cold else None,
                "limit_ms": MATRIX_MAX_MS if name == MATRIX else PAGE_MAX_MS,
            }
        )
    return found


def table(result: Result) -> str:
    lines = [f"{'page':<20}{'p50':>8}{'p95':>8}{'cpu p50':>9}{'cold/warm':>11}{'limit':>7}  (ms)"]
    for row in rows(result):
        ratio = "" if row["cold_over_warm"] is None else f"{row['cold_over_warm']:.2f}"
        over = " over" if row["p50_ms"] > row["limit_ms"] else ""
        lines.append(
            f"{row['page']:<20}{row['p50_ms']:>8.1f}{row['p95_ms']:>8.1f}{row['cpu_p50_ms']:>9.1f}"
            f"{ratio:>11}{row['limit_ms']:>7}{over}"
        )
    facts = machine()
    lines.append(
        f"{result.counts}; {facts['cpu']}, {facts['cores']} cores, load {facts['load']}, "
        f"Python {facts['python']}, PostgreSQL {facts['postgresql']}"
    )
    return "\n".join(lines)


def as_json(result: Result) -> str:
    plain = {"pages": rows(result), "counts": result.counts, "machine": machine()}
    return json.dumps(plain, ensure_ascii=False, indent=2)


def machine() -> dict[str, str]:
    info, load = Path("/proc/cpuinfo"), Path("/proc/loadavg")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = {line.split(":")[1].strip() for line in lines if line.startswith("model name")}
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        [server] = cursor.fetchone()
    return {
        "cpu": ", ".join(sorted(names)) or platform.processor(),
        "cores": str(sum(line.startswith("processor") for line in lines)),
        "load": load.read_text(encoding="utf-8").split()[0] if load.exists() else "",
        "system": platform.platform(),
        "python": platform.python_version(),
        "postgresql": server,
    } | {name.lower(): metadata.version(name) for name in PACKAGES}


def _p95(taken: list[float]) -> float:
    return sorted(taken)[min(int(len(taken) * 0.95), len(taken) - 1)]
