"""The whole book closed by us and by peers: ``python -m bench.portfolio [--contracts N]``.

Every engine reads the same two Parquet files in a process of its own, in the same run. Ratios are
of the best round. Absolute seconds hold for this machine and hour only; on a
busy machine targets are reported and not judged. Ends with 1 when digests differ or, on a quiet
machine, a target is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LOAD_MAX = 1.0
OURS, IBIS, FLOOR = (
    "chedai, Parquet row groups",
    "chedai, Ibis on DuckDB",
    "DuckDB touching all columns",
)
NAMES = (
    *(OURS, IBIS, "pandas", "Polars, streaming", "DuckDB SQL", "PySpark local[2]", FLOOR),
    *("in memory", "incremental"),
)
LARGE = 3_000_000
TOO_LARGE = {"pandas", "PySpark local[2]", "in memory", "incremental"}


def environment() -> dict[str, str]:
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    cache = os.environ.get("NUMBA_CACHE_DIR", str(ROOT / ".cache" / "kernel"))
    return {**os.environ, "PYTHONPATH": path, "NUMBA_CACHE_DIR": cache}


def made(contracts: int, seed: int) -> Path:
    folder = ROOT / ".cache" / "books" / f"{contracts}-{seed}"
    if not (folder / "whole").exists():
        print(f"making a book of {contracts:,} contracts in {folder.relative_to(ROOT)}")
        command = [sys.executable, "-m", "bench.portfolio.book", str(folder)]
        words = ["--contracts", str(contracts), "--seed", str(seed)]
        subprocess.run([*command, *words], env=environment(), check=True, cwd=ROOT)
        (folder / "whole").touch()
    return folder


def measured(name: str, folder: Path, rounds: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.portfolio.engines", name, str(folder)]
    told = []
    for _ in range(rounds):
        ran = subprocess.run(
            command, env=environment(), capture_output=True, text=True, check=False, cwd=ROOT
        )
        if ran.returncode:
            sys.exit(f"{name}: {ran.stderr[-2000:]}")
        told.append(json.loads(ran.stdout.splitlines()[-1]))
    return min(told, key=lambda one: one["cpu_seconds"])


def verdicts(results: dict[str, dict[str, Any]]) -> list[tuple[str, float, float, bool]]:
    """Return what is measured against which target; ratios of processor seconds."""
    ours, found = results[OURS], []

    def cpu(name: str) -> float:
        return float(results[name]["cpu_seconds"])

    if "pandas" in results:
        found.append(("× pandas, at least 10", cpu("pandas") / cpu(OURS), 10, True))
        memory = ours["peak_gb"] / results["pandas"]["peak_gb"]
        found.append(("memory of pandas, at most 25 %", memory, 0.25, False))
    found.append(("× touching all columns, at most 2", cpu(OURS) / cpu(FLOOR), 2, False))
    found.append(("Ibis × touching all columns, at most 3.5", cpu(IBIS) / cpu(FLOOR), 3.5, False))
    found.append(("Ibis × DuckDB SQL, at most 1.25", cpu(IBIS) / cpu("DuckDB SQL"), 1.25, False))
    if "in memory" in results:
        ram = results["in memory"]
        found.append(
            ("kernel × six columns read, at most 3", ram["kernel"] / ram["stream"], 3, False)
        )
    if "incremental" in results:
        gain = ours["seconds"] / results["incremental"]["seconds"]
        found.append(("incremental × full close, at least 10", gain, 10, True))
    return found


def show(results: dict[str, dict[str, Any]], contracts: int) -> None:
    print(f"\n{'':<30}{'wall s':>9}{'CPU s':>9}{'peak GB':>9}{'contracts/s':>14}  digest")
    for name, one in results.items():
        if "digest" not in one and name != FLOOR:
            continue
        speed = contracts / one["seconds"]
        print(
            f"{name:<30}{one['seconds']:>9.2f}{one['cpu_seconds']:>9.2f}{one['peak_gb']:>9.2f}"
            f"{speed:>14,.0f}  {one.get('digest', '–')}"
        )
    if "in memory" in results:
        ram = results["in memory"]
        print(
            f"in memory, 2 threads: kernel {ram['kernel']:.3f} s, six columns {ram['stream']:.3f} s"
        )
    if "incremental" in results:
        step = results["incremental"]
        share = step["read"] / step["contracts"]
        print(f"incremental: {step['seconds']:.3f} s, {share:.1%} of the contracts read again")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contracts", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", type=Path)
    told = parser.parse_args()
    folder = made(told.contracts, told.seed)
    names = [n for n in NAMES if told.contracts <= LARGE or n not in TOO_LARGE]
    results: dict[str, dict[str, Any]] = {}
    busy = os.getloadavg()[0] > LOAD_MAX
    for name in names:
        print(f"· {name}", flush=True)
        results[name] = measured(name, folder, told.rounds)
    show(results, told.contracts)
    digests = {one["digest"] for one in results.values() if "digest" in one}
    missed = len(digests) > 1
    print(f"digests: {'all equal' if not missed else 'DIFFERENT'}")
    for target, value, bound, is_least in verdicts(results):
        is_met = value >= bound if is_least else value <= bound
        verdict = "met" if is_met else "busy" if busy else "MISSED"
        missed |= verdict == "MISSED"
        print(f"{target:<45}{value:>9.2f}  {verdict}")
    if told.json:
        told.json.write_text(json.dumps(results, indent=1), encoding="utf-8")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
