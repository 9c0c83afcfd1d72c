"""Next actions over the whole pipeline: ``python -m bench.pipeline [--deals 100000]``.

Fills a database of its own with open deals, walks every page of the list and compares it with
one sort of everything, times first and deep pages under each filter, and prints the plan.
Ends with 1 when a page is wrong or when a limit is missed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ["DJANGO_SETTINGS_MODULE"] = "chedai.config.settings"
os.environ["CHEDAI_DEMO"] = "1"
URLS = ("DATABASE_URL", "CHEDAI_APP_DATABASE_URL")
P95_LIMIT_MS = 50.0
ROUNDS = 60
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=timezone(timedelta(hours=8)))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.pipeline")
    parser.add_argument("--deals", type=int, default=100_000)
    options = parser.parse_args()
    with database():
        import django

        django.setup()
        return measured(options.deals)


def measured(deals: int) -> int:
    from django.conf import settings
    from django.db import transaction
    from django.test import Client

    from bench.pipeline.filling import fill, later
    from chedai.deals.queries.pipeline import ActionFilter, escalated_tasks, lanes, next_actions
    from chedai.staff.isolation import acting_for

    started = perf_counter()
    with transaction.atomic():
        made = fill(deals=deals, now=NOW)
    analyse()
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    print(
        f"{deals:,} open deals written in {perf_counter() - started:.0f} s; load {load:.1f} a core"
    )
    now, manager, advisor = later(NOW), made.manager, made.advisor
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.CHEDAI_CLOCK_FIXED_AT = now.isoformat()
    with acting_for(made.organisation_id):
        wrong = walk(manager, now)
        deep = deep_cursor()
        client, own = Client(), Client()
        client.force_login(manager)
        own.force_login(advisor)

        def listed(user: object, cursor: str = "", **wanted: object) -> Callable[[], object]:
            return lambda: next_actions(
                user=user, wanted=ActionFilter(**wanted), now=now, cursor=cursor
            )

        cases: dict[str, Callable[[], object]] = {
            "all, first page": listed(manager),
            "all, page in the middle": listed(manager, deep),
            "one stage": listed(manager, stage_code=made.stages[6]),
            "one stage, in the middle": listed(manager, deep, stage_code=made.stages[6]),
            "waiting for the lender": listed(manager, move="lender"),
            "overdue": listed(manager, is_overdue=True),
            "to approve (none is)": listed(manager, is_to_approve=True),
            "an advisor's store": listed(advisor),
            "an advisor's store, in the middle": listed(advisor, deep),
            "an advisor's own": listed(advisor, owner_id=advisor.pk),
            "store and stage": listed(advisor, stage_code=made.stages[6]),
            "stage and overdue, deep": listed(
                manager, deep, stage_code=made.stages[6], is_overdue=True
            ),
            "board, four lanes": lambda: lanes(user=manager, wanted=ActionFilter(), now=now),
            "escalated": lambda: escalated_tasks(user=manager, now=now),
            "GET /pipeline/ (manager)": lambda: client.get("/pipeline/"),
            "GET /pipeline/ (advisor)": lambda: own.get("/pipeline/"),
            "GET /pipeline/board/": lambda: client.get("/pipeline/board/"),
        }
        missed = [name for name, act in cases.items() if timed(name, act) > P95_LIMIT_MS]
        explain(manager, now, deep, made.stages[6])
    print("every page is the right one" if not wrong else f"WRONG: {wrong}")
    print(
        f"p95 limit {P95_LIMIT_MS:.0f} ms: {'missed by ' + ', '.join(missed) if missed else 'kept'}"
    )
    return 1 if wrong or missed else 0


def walk(user: object, now: datetime) -> str:
    """Walk every page; say what differs from one sort of everything."""
    from chedai.deals.models import TaskOccurrence
    from chedai.deals.queries.pipeline import UNSETTLED, ActionFilter, next_actions

    rows = TaskOccurrence.objects.filter(state__in=UNSETTLED).values_list("act_at", "pk")
    wanted, found, cursor, pages = [pk for _, pk in sorted(rows)], [], "", 0
    while True:
        page = next_actions(user=user, wanted=ActionFilter(), now=now, cursor=cursor)
        found += [task.pk for task in page.actions]
        pages, cursor = pages + 1, page.next_cursor
        if not cursor:
            break
    print(f"{pages:,} pages walked, {len(found):,} actions")
    return "" if found == wanted else f"{len(found)} found, {len(wanted)} wanted"


def deep_cursor() -> str:
    from chedai.catalogue.queries.cursors import cursor_of
    from chedai.deals.models import TaskOccurrence
    from chedai.deals.queries.pipeline import UNSETTLED

    rows = TaskOccurrence.objects.filter(state__in=UNSETTLED).order_by("act_at", "pk")
    middle = rows[rows.count() // 2]
    return cursor_of(middle.act_at.isoformat(), middle.pk)


def timed(name: str, act: Callable[[], object]) -> float:
    """Time an act; the 95th percentile in milliseconds."""
    act()
    taken = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        act()
        taken.append((perf_counter() - begun) * 1000)
    p95 = statistics.quantiles(taken, n=20)[18]
    least, p50 = min(taken), statistics.median(taken)
    print(f"{name:<36} least {least:6.1f} ms   p50 {p50:6.1f} ms   p95 {p95:6.1f} ms")
    return p95


def explain(user: object, now: datetime, deep: str, stage: str) -> None:
    """Print how the database finds a page in the middle, of everything and of one stage."""
    from chedai.deals.queries.pipeline import ActionFilter, ordered_actions

    for wanted in (ActionFilter(), ActionFilter(stage_code=stage)):
        tasks = ordered_actions(user=user, wanted=wanted, now=now, cursor=deep)
        print(tasks[:31].explain(analyze=True))


def analyse() -> None:
    """Let the planner know what is in the tables, as the owner's autovacuum would."""
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE deals_taskoccurrence, deals_deal, deals_processrun")


@contextmanager
def database() -> Iterator[None]:
    """A database of its own, thrown away afterwards; never the one of an installation."""
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
            manage("migrate", "--verbosity", "0")
            yield
        finally:
            from django.db import connections

            connections.close_all()
            cluster.stop()


def manage(*words: str) -> None:
    environment = {**os.environ, "CHEDAI_AS_OWNER": "1"}
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    subprocess.run(command, check=True, cwd=ROOT, env=environment)


if __name__ == "__main__":
    sys.exit(main())
