"""The day as a constraint model for OR-Tools CP-SAT, begun from a known plan.

The limit is deterministic work, not seconds: a busy machine gives the same answer as an idle one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from chedai.core.scheduling.day import SLOT_MINUTES
from chedai.core.scheduling.plan import DayPlan, cost_of
from chedai.core.scheduling.tables import NOT_ABLE, DayTables, Whole, plan_from, tables_of

if TYPE_CHECKING:
    from chedai.core.scheduling.day import Day

Spans = dict[tuple[int, int], list[tuple[int, int]]]
"""By job and advisor: when the job may start, both ends included."""

TREE_SEARCH_FROM_SECONDS: Final = 1.0
"""Deterministic; from here on the lower bound is raised by a tree of its own."""


@dataclass
class _Model:
    """The model with what is needed to read the answer."""

    tables: DayTables
    cp: Any
    unit: int
    """Of the cost: what all parts of it are multiples of."""
    cost: Any
    start: list[Any]
    does: dict[tuple[int, int], Any]
    left: list[Any]


def solve(day: Day, *, known: DayPlan, deterministic_seconds: float, seed: int) -> DayPlan:
    """Return a plan that costs less than ``known``, or ``known`` itself, proven optimal or not.

    Only plans that cost less are searched for, which leaves few moments to each job: whoever waits
    longer than the whole known plan costs is in no better plan.

    Parameters
    ----------
    known
        A plan of this day that keeps every rule.
    deterministic_seconds
        Work allowed, in the solver's own unit of about a second on an idle machine.
    """
    # Half a second to load; only who plans a day pays for it.
    from ortools.sat.python import cp_model  # noqa: PLC0415

    tables = tables_of(day)
    spans = _start_spans(tables)
    to_beat = cost_of(known, day).total - _cost_of_fixed(tables)
    slack = to_beat - _cost_at_least(tables, spans)
    if slack <= 0:
        return replace(known, is_optimal=True)
    _cut_late_starts(tables, spans, slack=slack)
    model = _build(tables, spans, cp_model)
    model.cp.add(model.cost <= to_beat // model.unit - 1)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    # Measured: the one answers sooner, the other proves more days when there is time.
    has_time = deterministic_seconds >= TREE_SEARCH_FROM_SECONDS
    solver.parameters.optimize_with_lb_tree_search = has_time
    solver.parameters.optimize_with_core = not has_time
    solver.parameters.max_deterministic_time = deterministic_seconds
    status = solver.solve(model.cp)
    if status == cp_model.INFEASIBLE:
        return replace(known, is_optimal=True)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return known
    advisor, start = _none(tables), _none(tables)
    for (job, who), does in model.does.items():
        if solver.boolean_value(does):
            advisor[job], start[job] = who, solver.value(model.start[job])
    return plan_from(tables, advisor=advisor, start=start, is_optimal=status == cp_model.OPTIMAL)


def _best_start(spans: Spans, job: int) -> int | None:
    return min(
        (pieces[0][0] for (number, _), pieces in spans.items() if number == job), default=None
    )


def _cost_of_fixed(tables: DayTables) -> int:
    """Return what the wait for work with a fixed time costs; the model does not know of it."""
    jobs = tables.day.job_by_id
    return sum(
        max(0, placed.start_slot - jobs[placed.job_id].due_slot)
        * SLOT_MINUTES
        * jobs[placed.job_id].wait_weight
        for placed in tables.fixed
    )


def _cost_at_least(tables: DayTables, spans: Spans) -> int:
    """Return what every plan costs: each job alone in the store, and overtime already fixed."""
    total = 0
    for job in range(len(tables.jobs)):
        drop, best = int(tables.drop_cost[job]), _best_start(spans, job)
        wait = drop if best is None else int(tables.wait_cost[job]) * (best - int(tables.due[job]))
        total += min(drop, wait)
    late = np.maximum(0, tables.end_of_fixed - tables.shift_end).sum()
    return total + int(late) * tables.overtime_cost


def _cut_late_starts(tables: DayTables, spans: Spans, *, slack: int) -> None:
    """Take out starts so late that their wait alone costs more than the known plan."""
    for (job, who), pieces in list(spans.items()):
        wait, best = int(tables.wait_cost[job]), _best_start(spans, job)
        drop = int(tables.drop_cost[job])
        if not wait or best is None:
            continue
        at_least = min(drop, wait * (best - int(tables.due[job])))
        latest = int(tables.due[job]) + (at_least + slack) // wait
        kept = [(begin, min(end, latest)) for begin, end in pieces if begin <= latest]
        if kept:
            spans[job, who] = kept
        else:
            del spans[job, who]


def _none(tables: DayTables) -> Whole:
    return np.full(len(tables.jobs), -1, dtype=np.int64)


def _build(tables: DayTables, spans: Spans, cp_model: Any) -> _Model:
    cp = cp_model.CpModel()
    model = _Model(tables=tables, cp=cp, unit=_unit(tables), cost=0, start=[], does={}, left=[])
    of_advisor: list[list[Any]] = [[] for _ in tables.day.advisors]
    for job in range(len(tables.jobs)):
        mine = {who: span for (number, who), span in spans.items() if number == job}
        everywhere = [list(piece) for span in mine.values() for piece in span]
        alone = [[int(tables.earliest[job])] * 2]
        domain = cp_model.Domain.from_intervals(everywhere or alone)
        start = cp.new_int_var_from_domain(domain, f"s{job}")
        model.start.append(start)
        for who, span in mine.items():
            does = cp.new_bool_var(f"x{job}_{who}")
            model.does[job, who] = does
            own = cp_model.Domain.from_intervals([list(piece) for piece in span])
            cp.add_linear_expression_in_domain(start, own).only_enforce_if(does)
            length = int(tables.duration[job, who]) + tables.buffer
            of_advisor[who].append(
                cp.new_optional_fixed_size_interval_var(start, length, does, f"i{job}_{who}")
            )
        left = cp.new_bool_var(f"u{job}")
        model.left.append(left)
        cp.add_exactly_one([*(model.does[job, who] for who in mine), left])
    for intervals in of_advisor:
        cp.add_no_overlap(intervals)
    _add_caps(model)
    _add_objective(model, spans)
    return model


def _unit(tables: DayTables) -> int:
    parts = (*tables.wait_cost.tolist(), *tables.drop_cost.tolist(), tables.overtime_cost)
    return math.gcd(*parts) or 1


def _start_spans(tables: DayTables) -> Spans:
    """Return when each job may start with each advisor who may do it; both ends are included."""
    found: Spans = {}
    for job in range(len(tables.jobs)):
        for who in range(len(tables.day.advisors)):
            slots = int(tables.duration[job, who])
            if slots == NOT_ABLE:
                continue
            spans = [
                (begin, end)
                for span in range(int(tables.free_count[who]))
                if (begin := max(int(tables.earliest[job]), int(tables.free_start[who, span])))
                <= (end := min(int(tables.latest[job]), int(tables.free_end[who, span]) - slots))
            ]
            if spans:
                found[job, who] = spans
    return found


def _add_caps(model: _Model) -> None:
    tables = model.tables
    for who in range(len(tables.day.advisors)):
        new = [
            does
            for (job, whose), does in model.does.items()
            if whose == who and tables.adds_deal[job]
        ]
        if len(new) > tables.deal_room[who]:
            model.cp.add(sum(new) <= int(tables.deal_room[who]))
    tasks = [
        int(tables.task_slots[job]) * does
        for (job, _), does in model.does.items()
        if tables.task_slots[job]
    ]
    if tasks:
        model.cp.add(sum(tasks) <= tables.task_slots_max)


def _add_objective(model: _Model, spans: Spans) -> None:
    tables, unit = model.tables, model.unit
    costs: list[Any] = []
    for job in range(len(tables.jobs)):
        wait, start = int(tables.wait_cost[job]) // unit, model.start[job]
        # A job left undone rests at its earliest start, where its wait would cost this much.
        best = _best_start(spans, job)
        rest = int(tables.earliest[job]) if best is None else best
        due = int(tables.due[job])
        costs.append(wait * (start - due))
        drop = int(tables.drop_cost[job]) // unit
        costs.append((drop - wait * (rest - due)) * model.left[job])
    for who in range(len(tables.day.advisors)):
        over = _overtime(model, who)
        if over is not None:
            costs.append(tables.overtime_cost // unit * over)
    model.cost = sum(costs)
    model.cp.minimize(model.cost)


def _overtime(model: _Model, who: int) -> Any:
    """Add the slots of overtime of one advisor, or None when there can be none."""
    tables = model.tables
    shift_end = int(tables.shift_end[who])
    at_least = max(0, int(tables.end_of_fixed[who]) - shift_end)
    longest = int(tables.free_end[who, : int(tables.free_count[who])].max(initial=0)) - shift_end
    if longest <= at_least:
        return at_least or None
    over = model.cp.new_int_var(at_least, longest, f"o{who}")
    for (job, whose), does in model.does.items():
        slots = int(tables.duration[job, who])
        if whose == who and tables.latest[job] + slots > shift_end:
            model.cp.add(over >= model.start[job] + slots - shift_end).only_enforce_if(does)
    return over
