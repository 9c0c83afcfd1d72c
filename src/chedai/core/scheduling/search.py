"""The local search as callers use it: from a plan to one that is at least as good."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from chedai.core.scheduling.baselines import Board as GreedyBoard
from chedai.core.scheduling.baselines import greedy_board
from chedai.core.scheduling.day import Advisor, Day, DayRules, Interval, Job, JobKind
from chedai.core.scheduling.plan import DayPlan
from chedai.core.scheduling.tables import DayTables, Whole, plan_from, tables_of

RANDOM_START = 88_172_645_463_325_252
SEED_STEP = 2_654_435_761
"""Spread neighbouring seeds over the range; zero is no state of the generator."""
ALL_BITS = 2**63 - 1


def improve(day: Day, *, moves: int, seed: int, begin: DayPlan | None = None) -> DayPlan:
    """Search from the greedy plan, or from ``begin``; never return a plan that costs more.

    Parameters
    ----------
    moves
        How many moves to try; about three million a second.
    begin
        A plan of this day. What of it no longer is possible is left out and searched for anew.
    """
    tables = tables_of(day)
    board = greedy_board(tables) if begin is None else _board_from(tables, begin)
    if not tables.jobs or not day.advisors:
        return plan_from(tables, advisor=board.advisor, start=board.start, is_optimal=False)
    return _search(tables, board, moves=moves, seed=seed)


def load_search() -> None:
    """Load the compiled search, compiling it where that has not been done: for a start-up.

    Without it the process that plans the first day waits for the compiler: some seconds, once in an
    installation.
    """
    advisor = Advisor(id="a", name="a", working=(Interval(0, 12),))
    job = Job(
        id="j",
        kind=JobKind.WALK_IN,
        label="j",
        due_slot=0,
        earliest_slot=0,
        latest_slot=6,
        service_minutes=5,
        wait_weight=1,
        drop_weight=1,
    )
    rules = DayRules(
        buffer_minutes=0,
        walk_in_share=Decimal(0),
        unserved_minutes=1,
        overtime_weight=1,
        overtime_minutes_max=0,
    )
    improve(Day(advisors=(advisor,), jobs=(job,), rules=rules), moves=1, seed=1)


def _board_from(tables: DayTables, plan: DayPlan) -> GreedyBoard:
    """Take over as much of the plan as is possible, then place the rest greedily."""
    board = GreedyBoard.empty(tables)
    index = {advisor.id: number for number, advisor in enumerate(tables.day.advisors)}
    numbers = {job.id: number for number, job in enumerate(tables.jobs)}
    for placement in sorted(plan.placements, key=lambda placed: placed.start_slot):
        job = numbers.get(placement.job_id)
        advisor = index.get(placement.advisor_id)
        if job is None or advisor is None:
            continue
        start = board.earliest_start(job, advisor, looks_at_gaps=False)
        if start is not None:
            board.place(job, advisor, start)
    board.fill([number for number in range(len(tables.jobs)) if board.advisor[number] < 0])
    return board


def _search(tables: DayTables, board: GreedyBoard, *, moves: int, seed: int) -> DayPlan:
    # Imported here: a process that never plans a day does not load the compiler.
    from chedai.core.scheduling import annealing  # noqa: PLC0415

    jobs, advisors = len(tables.jobs), len(tables.day.advisors)
    orders = np.full((advisors, jobs + 1), -1, dtype=np.int64)
    counts = np.zeros(advisors, dtype=np.int64)
    for job in sorted(range(jobs), key=lambda number: int(board.start[number])):
        advisor = int(board.advisor[job])
        if advisor >= 0:
            orders[advisor, counts[advisor]] = job
            counts[advisor] += 1
    problem = _problem(tables)
    state = (seed * SEED_STEP + RANDOM_START) & ALL_BITS or RANDOM_START
    room = annealing.Board(
        orders=orders,
        counts=counts,
        place_of=board.advisor.copy(),
        deals=np.zeros(advisors, dtype=np.int64),
        tasks=np.zeros(1, dtype=np.int64),
        costs=np.zeros(advisors, dtype=np.int64),
        starts=np.zeros(jobs + 1, dtype=np.int64),
        order_from=np.zeros(jobs + 1, dtype=np.int64),
        order_to=np.zeros(jobs + 1, dtype=np.int64),
        move=np.zeros(10, dtype=np.int64),
        random=np.array([state], dtype=np.int64),
    )
    _, best_orders, best_counts = annealing.anneal(problem, room, moves)
    return _plan_of_orders(tables, best_orders, best_counts)


def _problem(tables: DayTables):  # type: ignore[no-untyped-def] # the compiler's module is lazy
    from chedai.core.scheduling import annealing  # noqa: PLC0415

    return annealing.Problem(
        job=np.column_stack(
            (
                tables.due,
                tables.earliest,
                tables.latest,
                tables.wait_cost,
                tables.drop_cost,
                tables.adds_deal,
                tables.task_slots,
            )
        ),
        advisor=np.column_stack(
            (tables.free_count, tables.shift_end, tables.end_of_fixed, tables.deal_room)
        ),
        duration=tables.duration,
        free_start=tables.free_start,
        free_end=tables.free_end,
        limits=np.array(
            [tables.task_slots_max, tables.overtime_cost, tables.buffer], dtype=np.int64
        ),
    )


def _plan_of_orders(tables: DayTables, orders: Whole, counts: Whole) -> DayPlan:
    board = GreedyBoard.empty(tables)
    for advisor, count in enumerate(counts):
        for job in orders[advisor, :count]:
            start = board.earliest_start(int(job), advisor, looks_at_gaps=False)
            assert start is not None  # the search keeps only possible orders
            board.place(int(job), advisor, start)
    return plan_from(tables, advisor=board.advisor, start=board.start, is_optimal=False)
