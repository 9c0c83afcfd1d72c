"""The planned day against what people do: ``python -m bench.day [--json FILE] [--days N]``.

Two questions. Known days: everybody who comes is known in the morning. Rolling days: who walks in,
stays away, takes longer or falls ill is learned as it happens, and every event asks for a new plan.
Seconds are processor time of one process, so that a busy neighbour does not count; the limits of
the exact model are deterministic. Ends with 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from bench.day.days import make_day  # noqa: E402
from bench.day.rolling import PLANNERS, optimised, roll  # noqa: E402
from chedai.core.scheduling.baselines import first_come_first_served, greedy  # noqa: E402
from chedai.core.scheduling.plan import PlanCost, cost_of, violations  # noqa: E402
from chedai.core.scheduling.planning import MORNING, plan_day  # noqa: E402

REPLAN_SECONDS_MAX = {30: 0.5, 60: 2.0}
PROVEN_SHARE_MIN = 0.95
KNOWN = {
    "first come first served": first_come_first_served,
    "greedy": greedy,
    "optimised": lambda day: plan_day(day, effort=MORNING),
}


def known_days(customers: int, count: int) -> dict[str, Any]:
    """Plan days on which everything is known in the morning."""
    costs: dict[str, list[PlanCost]] = {name: [] for name in KNOWN}
    seconds, proven = [], 0
    for seed in range(count):
        day = make_day(customers=customers, seed=seed)
        for name, planner in KNOWN.items():
            begun = time.process_time()
            plan = planner(day)
            assert not violations(plan, day)
            costs[name].append(cost_of(plan, day))
            if name == "optimised":
                seconds.append(time.process_time() - begun)
                proven += plan.is_optimal
    return {
        "customers": customers,
        "days": count,
        "proven_optimal_share": proven / count,
        "plan_seconds": _spread(seconds),
        "never_worse_than_greedy": all(
            ours.total <= theirs.total
            for ours, theirs in zip(costs["optimised"], costs["greedy"], strict=True)
        ),
        "planners": {name: _means(rows) for name, rows in costs.items()},
    }


def rolling_days(customers: int, count: int) -> dict[str, Any]:
    """Run days event by event."""
    costs: dict[str, list[PlanCost]] = {name: [] for name in PLANNERS}
    seconds: list[float] = []
    for seed in range(count):
        day = make_day(customers=customers, seed=1_000 + seed)
        for name, planner in PLANNERS.items():
            rolled = roll(day, planner, seed=seed)
            costs[name].append(rolled.cost)
            if name == "optimised":
                seconds += rolled.replan_seconds
    return {
        "customers": customers,
        "days": count,
        "replans": len(seconds),
        "replan_seconds": _spread(seconds),
        "planners": {name: _means(rows) for name, rows in costs.items()},
    }


def whole_day_replan(customers: int, count: int) -> dict[str, float]:
    """Time the hardest re-plan: one more customer before the whole day is begun."""
    seconds = []
    for seed in range(count):
        day = make_day(customers=customers, seed=2_000 + seed)
        before = optimised(day.with_changes(jobs=day.jobs[1:]), None)
        begun = time.process_time()
        optimised(day, before)
        seconds.append(time.process_time() - begun)
    return _spread(seconds)


def _spread(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "p50": round(statistics.median(ordered), 4),
        "p95": round(ordered[round(0.95 * (len(ordered) - 1))], 4),
        "max": round(ordered[-1], 4),
    }


def _means(rows: list[PlanCost]) -> dict[str, float]:
    def mean(name: str) -> float:
        return round(statistics.fmean(getattr(row, name) for row in rows), 1)

    return {
        "objective": mean("total"),
        "weighted_waiting": mean("waiting"),
        "waiting_minutes": mean("waiting_minutes"),
        "overtime_minutes": mean("overtime_minutes"),
        "left_undone": mean("unserved_count"),
    }


def _print(title: str, result: dict[str, Any]) -> None:
    print(f"\n{title}: {result['customers']} customers, {result['days']} days")
    heads = f"{'objective':>10}{'weighted':>10}{'waiting':>9}{'overtime':>10}{'undone':>8}"
    print(f"  {'a day':26}{heads}")
    for name, means in result["planners"].items():
        print(
            f"  {name:26}{means['objective']:>10}{means['weighted_waiting']:>10}"
            f"{means['waiting_minutes']:>9}{means['overtime_minutes']:>10}{means['left_undone']:>8}"
        )
    for key in ("proven_optimal_share", "plan_seconds", "replan_seconds"):
        if key in result:
            print(f"  {key}: {result[key]}")


def _targets(results: dict[str, Any]) -> dict[str, bool]:
    targets = {
        "30 customers proven optimal on 95 % of days": results["known"][0]["proven_optimal_share"]
        >= PROVEN_SHARE_MIN,
        "never worse than greedy": all(
            result["never_worse_than_greedy"] for result in results["known"]
        ),
    }
    for result in results["rolling"]:
        customers = result["customers"]
        means = result["planners"]
        limit = REPLAN_SECONDS_MAX[customers]
        slowest = max(
            result["replan_seconds"]["max"], results["whole_day_replan"][str(customers)]["max"]
        )
        targets[f"{customers} customers: every re-plan within {limit} s"] = slowest <= limit
        targets[f"{customers} customers: costs less than greedy and first come"] = all(
            means["optimised"]["objective"] <= means[name]["objective"] for name in PLANNERS
        )
    return targets


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--days", type=int, default=40)
    arguments = parser.parse_args()
    optimised(make_day(customers=3, seed=0), None)  # compile and load before anything is timed
    few = max(2, arguments.days // 4)
    results: dict[str, Any] = {
        "known": [known_days(30, arguments.days), known_days(60, few)],
        "rolling": [rolling_days(30, few), rolling_days(60, max(2, few // 2))],
        "whole_day_replan": {str(n): whole_day_replan(n, few) for n in (30, 60)},
    }
    for title in ("known", "rolling"):
        for result in results[title]:
            _print(f"{title} day", result)
    print(f"\nre-plan of a whole day, processor seconds: {results['whole_day_replan']}")
    results["targets"] = _targets(results)
    for name, is_met in results["targets"].items():
        print(f"  {'met   ' if is_met else 'MISSED'} {name}")
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n", "utf-8")
    return 0 if all(results["targets"].values()) else 1


if __name__ == "__main__":
    sys.exit(main())
