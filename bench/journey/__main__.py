"""Server time of every page from walk-in to the customer's page: ``python -m bench.journey``.

Django's test client, in this process: middleware, view, database and template, without network
and browser. Wall time is what a customer waits for; processor time is of this process alone and
says what a busy neighbour added. Needs a database with the demo world in ``DATABASE_URL`` and
``CHEDAI_APP_DATABASE_URL``; without them a database is started, filled and thrown away. It opens
visits of its own, as the advisor of the demo.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / ".cache" / "kernel"))
os.environ["DJANGO_SETTINGS_MODULE"] = "chedai.config.settings"
os.environ["CHEDAI_DEMO"] = "1"
URLS = ("DATABASE_URL", "CHEDAI_APP_DATABASE_URL")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.journey")
    parser.add_argument("--rounds", type=int, default=24, help="visits, warm")
    parser.add_argument("--cold-rounds", type=int, default=6, help="visits, nothing kept parsed")
    parser.add_argument("--json", type=Path, help="also write the numbers to this file")
    options = parser.parse_args()
    with database():
        import django

        django.setup()
        from bench.journey import measuring, report
        from chedai.core.plans.kernel.pricing import load_kernel

        load_kernel()  # as a web process has soon after its start
        result = measuring.measure(rounds=options.rounds, cold_rounds=options.cold_rounds)
        print(report.table(result))
        plain = report.as_json(result)
    if options.json:
        options.json.write_text(plain + "\n", encoding="utf-8")
    else:
        print(json.dumps(json.loads(plain), ensure_ascii=False))


@contextmanager
def database() -> Iterator[None]:
    """Use the database given, or start one with the demo world in it."""
    if all(os.environ.get(name) for name in URLS):
        yield
        return
    from chedai.config.launch.cluster import APPLICATION, OWNER, Cluster, random_passwords

    with tempfile.TemporaryDirectory(prefix="chedai-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        cluster = Cluster(home=home, is_durable=True)
        passwords = random_passwords()
        cluster.start(passwords)
        try:
            urls = (
                cluster.url(OWNER, passwords.owner),
                cluster.url(APPLICATION, passwords.application),
            )
            os.environ.update(zip(URLS, urls, strict=True))
            manage("migrate", "--verbosity", "0", CHEDAI_AS_OWNER="1")
            manage("load_demo")
            yield
        finally:
            cluster.stop()


def manage(*arguments: str, **environment: str) -> None:
    subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        check=True,
        env=os.environ | environment,
        stdout=sys.stderr,
    )


if __name__ == "__main__":
    main()
