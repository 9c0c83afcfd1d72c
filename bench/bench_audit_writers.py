"""Audit events a second from concurrent writers: 32 lanes against one lane, in one run.

One lane is what a single hash chain means: every writer of the organisation waits for
the commit of the one before. Each event is a transaction of its own, made durable
(fsync on); the chain is verified at the end.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

WRITERS = 16
SECONDS = 4.0
ROUNDS = 3
TARGET_PER_SECOND = 2_000
APPEND = (
    "SELECT audit_append(1, now(), 7, 'gu.qing', 'deal.open', 'deal', %s, NULL, "
    "sha256('after'), '{\"store\": \"linjiang-east\"}')"
)


def write(url: str, lanes: int, seconds: float, barrier: Any) -> int:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT set_config('chedai.organisation_id', '1', false)")
        connection.execute("SELECT set_config('chedai.audit_lanes', %s, false)", [str(lanes)])
        connection.execute(APPEND, ["warm"])
        barrier.wait()
        count, end = 0, time.perf_counter() + seconds
        while time.perf_counter() < end:
            connection.execute(APPEND, [f"D{count:06d}"], prepare=True)
            count += 1
    return count


def measure(url: str, lanes: int, *, writers: int) -> float:
    context = get_context("fork")
    barrier = context.Barrier(writers)
    counts = context.Queue()

    def run() -> None:
        counts.put(write(url, lanes, SECONDS, barrier))

    processes = [context.Process(target=run) for _ in range(writers)]
    for process in processes:
        process.start()
    total = sum(counts.get() for _ in processes)
    for process in processes:
        process.join()
    return total / SECONDS


def main() -> None:
    from chedai.config.launch.cluster import APPLICATION, OWNER, Cluster, random_passwords

    with tempfile.TemporaryDirectory(prefix="chedai-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        cluster = Cluster(home=home, is_durable=True)
        passwords = random_passwords()
        cluster.start(passwords)
        try:
            os.environ["DATABASE_URL"] = cluster.url(OWNER, passwords.owner)
            os.environ["CHEDAI_APP_DATABASE_URL"] = cluster.url(APPLICATION, passwords.application)
            compare(os.environ["CHEDAI_APP_DATABASE_URL"])
        finally:
            cluster.stop()


def compare(url: str) -> None:
    migrate()
    rates: dict[int, list[float]] = {32: [], 1: []}
    for _ in range(ROUNDS):  # in turn, so that a slow minute of the machine hits both
        for lanes, found in rates.items():
            found.append(measure(url, lanes, writers=WRITERS))
    alone = measure(url, 32, writers=1)
    many, one = (statistics.median(rates[lanes]) for lanes in (32, 1))
    print(f"{WRITERS} writers, 32 lanes: {many:8,.0f} events/s  {[round(r) for r in rates[32]]}")
    print(f"{WRITERS} writers,  1 lane:  {one:8,.0f} events/s  {[round(r) for r in rates[1]]}")
    print(f" 1 writer:             {alone:8,.0f} events/s")
    print(f"lanes against one chain: {many / one:.1f} times")
    verify()
    if many < TARGET_PER_SECOND:
        sys.exit(f"below the target of {TARGET_PER_SECOND:,} events/s")


def migrate() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "chedai.config.settings"
    import subprocess

    manage = Path(__file__).resolve().parents[1] / "manage.py"
    subprocess.run(
        [sys.executable, str(manage), "migrate", "--verbosity", "0"],
        check=True,
        env={**os.environ, "CHEDAI_AS_OWNER": "1", "CHEDAI_DEMO": "1"},
    )


def verify() -> None:
    os.environ["CHEDAI_DEMO"] = "1"
    import django

    django.setup()
    from chedai.audit.queries.verification import verify_chain
    from chedai.staff.isolation import acting_for

    start = time.perf_counter()
    with acting_for(1):
        result = verify_chain(1)
    seconds = time.perf_counter() - start
    assert result.is_intact, result.faults
    rate = result.event_count / seconds
    print(f"verified {result.event_count:,} events in {seconds:.1f} s: {rate:,.0f} events/s")


if __name__ == "__main__":
    main()
