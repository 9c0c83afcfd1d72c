from __future__ import annotations

import subprocess
import sys

from tests.core.scheduling.builders import NINE, SIX, make_advisor, make_day, make_job

from chedai.core.scheduling.baselines import first_come_first_served
from chedai.core.scheduling.day import Lock
from chedai.core.scheduling.exact import solve
from chedai.core.scheduling.plan import DayPlan, cost_of, violations


def test_the_model_improves_on_a_poor_plan_and_proves_it():
    jobs = [make_job(n, due_slot=NINE + n, weight=1 + n, service_minutes=60) for n in range(4)]
    day = make_day(jobs=jobs)
    poor = first_come_first_served(day)
    found = solve(day, known=poor, deterministic_seconds=2, seed=1)

    assert found.is_optimal
    assert violations(found, day) == []
    assert cost_of(found, day).total < cost_of(poor, day).total


def test_nothing_is_searched_for_when_nobody_waits():
    day = make_day()
    best = first_come_first_served(day)
    found = solve(day, known=best, deterministic_seconds=0, seed=1)

    assert found.is_optimal
    assert found.placements == best.placements


def test_without_work_allowed_the_known_plan_stays_unproven():
    jobs = [make_job(n, weight=1 + n, service_minutes=60) for n in range(6)]
    day = make_day(advisors=[make_advisor(0), make_advisor(1)], jobs=jobs)
    known = first_come_first_served(day)

    assert solve(day, known=known, deterministic_seconds=1e-9, seed=1) == known


def test_leaving_everything_undone_is_improved_upon():
    day = make_day(jobs=[make_job(1), make_job(2)])
    found = solve(day, known=DayPlan(()), deterministic_seconds=1, seed=1)

    assert set(found.by_job) == {"c1", "c2"}


def test_overtime_of_locked_work_is_not_a_reason_to_go_on_searching():
    day = make_day(locks={"c0": Lock("a0", SIX)})
    found = solve(day, known=first_come_first_served(day), deterministic_seconds=0, seed=1)

    assert found.is_optimal


def test_the_solver_is_not_loaded_by_those_who_do_not_plan():
    code = (
        "import sys, chedai.core.scheduling.planning;"
        "sys.exit(any(name in sys.modules for name in ('ortools', 'numba')))"
    )

    assert subprocess.run([sys.executable, "-c", code], cwd="src", check=False).returncode == 0
