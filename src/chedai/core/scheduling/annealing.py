"""Local search over the advisors' orders of work (compiled).

A plan is an order of jobs for each advisor; each job starts as soon as the order lets it, which for
a given order is best, because neither waiting nor overtime ever gains by starting later. A move
takes a job to another place in the orders, or exchanges two jobs; worse plans are accepted while
the temperature is high. The random numbers are our own, so that a seed means the same everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Function = TypeVar("Function", bound=Callable[..., Any])

HOT: Final = 4.0
COLD: Final = 0.075
"""Temperatures in slots of waiting at the highest weight."""
COOLING_EVERY: Final = 64
IMPOSSIBLE: Final = -1
NOBODY: Final = -1
NONE: Final = -1

# Columns of `Problem.job` …
DUE, EARLIEST, LATEST, WAIT_COST, DROP_COST, ADDS_DEAL, TASK_SLOTS = range(7)
# … of `Problem.advisor` …
SPANS, SHIFT_END, END_OF_FIXED, DEAL_ROOM = range(4)
# … and places of `Problem.limits`.
TASK_SLOTS_MAX, OVERTIME_COST, BUFFER = range(3)
# Places of `Board.move`: job and the job it is exchanged with, from whom to whom, and what follows.
JOB, OTHER, FROM, TO, TASKS_GAINED, DEALS_MOVED, COUNT_FROM, COUNT_TO, COST_FROM, COST_TO = range(
    10
)


class Problem(NamedTuple):
    """What does not change: columns of jobs and advisors, durations, free spans, limits."""

    job: Ints
    advisor: Ints
    duration: Ints
    free_start: Ints
    free_end: Ints
    limits: Ints


class Board(NamedTuple):
    """The plan in hand and room to work; everything is changed in place.

    ``order_from`` and ``order_to`` hold the two orders after the move that is being weighed.
    """

    orders: Ints
    counts: Ints
    place_of: Ints
    deals: Ints
    tasks: Ints
    costs: Ints
    starts: Ints
    order_from: Ints
    order_to: Ints
    move: Ints
    random: Ints


def _entry(function: Function) -> Function:
    """Compile and keep the machine code beside this file, where that can be written."""
    try:
        made: Any = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder for the cache
        made = numba.njit(nogil=True)(function)
    return cast(Function, made)


def _inner(function: Function) -> Function:
    made: Any = numba.njit(nogil=True)(function)
    return cast(Function, made)


@_inner
def _below(random: Ints, limit: int) -> int:
    """Draw a whole number from 0 up to, not including, ``limit`` (xorshift)."""
    x = np.uint64(random[0])
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    random[0] = np.int64(x & np.uint64(0x7FFFFFFFFFFFFFFF))
    return int((random[0] >> 10) % limit)


@_inner
def _cost_of_order(problem: Problem, advisor: int, order: Ints, count: int, starts: Ints) -> int:
    """Cost of one advisor's order, writing the starts; ``IMPOSSIBLE`` when a job comes too late."""
    job_columns, by_advisor = problem.job, problem.advisor
    time, span, cost = 0, 0, 0
    end = by_advisor[advisor, END_OF_FIXED]
    for place in range(count):
        job = order[place]
        slots = problem.duration[job, advisor]
        begin = max(time, job_columns[job, EARLIEST])
        while (
            span < by_advisor[advisor, SPANS]
            and max(begin, problem.free_start[advisor, span]) + slots
            > problem.free_end[advisor, span]
        ):
            span += 1
        if span == by_advisor[advisor, SPANS]:
            return IMPOSSIBLE
        begin = max(begin, problem.free_start[advisor, span])
        if begin > job_columns[job, LATEST]:
            return IMPOSSIBLE
        cost += job_columns[job, WAIT_COST] * (begin - job_columns[job, DUE])
        starts[place] = begin
        end = max(end, begin + slots)
        time = begin + slots + problem.limits[BUFFER]
    late = max(0, end - by_advisor[advisor, SHIFT_END])
    return int(cost + late * problem.limits[OVERTIME_COST])


@_inner
def _of_other(problem: Problem, board: Board, column: int) -> int:
    other = board.move[OTHER]
    return int(problem.job[other, column]) if other >= 0 else 0


@_inner
def _draw_move(problem: Problem, board: Board) -> bool:
    """Write a move; say whether the advisors may do the jobs."""
    jobs, advisors = problem.duration.shape
    move = board.move
    move[JOB] = _below(board.random, jobs)
    move[FROM] = board.place_of[move[JOB]]
    if _below(board.random, 3) == 0:
        move[OTHER] = _below(board.random, jobs)
        move[TO] = board.place_of[move[OTHER]]
        if move[OTHER] == move[JOB] or (move[FROM] < 0 and move[TO] < 0):
            return False
    else:
        move[OTHER] = NONE
        to = _below(board.random, advisors + (1 if move[FROM] >= 0 else 0))
        move[TO] = NOBODY if to == advisors else to
    if move[TO] >= 0 and problem.duration[move[JOB], move[TO]] == 0:
        return False
    return not (
        move[OTHER] >= 0 and move[FROM] >= 0 and problem.duration[move[OTHER], move[FROM]] == 0
    )


@_inner
def _keeps_caps(problem: Problem, board: Board) -> bool:
    """Write what the move uses up; say whether the caps allow it."""
    move = board.move
    source, target = move[FROM], move[TO]
    more = problem.job[move[JOB], TASK_SLOTS] - _of_other(problem, board, TASK_SLOTS)
    move[TASKS_GAINED] = (more if target >= 0 else 0) - (more if source >= 0 else 0)
    moved = problem.job[move[JOB], ADDS_DEAL] - _of_other(problem, board, ADDS_DEAL)
    move[DEALS_MOVED] = moved if source != target else 0
    room = problem.advisor[:, DEAL_ROOM]
    if (
        move[TASKS_GAINED] > 0
        and board.tasks[0] + move[TASKS_GAINED] > problem.limits[TASK_SLOTS_MAX]
    ):
        return False
    if move[DEALS_MOVED] > 0 and target >= 0:
        return bool(board.deals[target] + moved <= room[target])
    if move[DEALS_MOVED] < 0 and source >= 0:
        return bool(board.deals[source] - moved <= room[source])
    return True


@_inner
def _write_order_from(board: Board) -> None:
    """Write the order of whom the job leaves: gone, or the other job in its place."""
    move = board.move
    count = 0
    for place in range(board.counts[move[FROM]]):
        job = board.orders[move[FROM], place]
        if job == move[JOB]:
            job = move[OTHER]
        elif job == move[OTHER]:
            job = move[JOB]
        if job >= 0:
            board.order_from[count] = job
            count += 1
    move[COUNT_FROM] = count


@_inner
def _insert(board: Board, order: Ints, count: int) -> None:
    """Put the job at any place of an order."""
    into = _below(board.random, count + 1)
    for place in range(count, into, -1):
        order[place] = order[place - 1]
    order[into] = board.move[JOB]


@_inner
def _write_order_to(board: Board) -> None:
    """Write the order of whom the job goes to."""
    move = board.move
    count = board.counts[move[TO]]
    for place in range(count):
        job = board.orders[move[TO], place]
        board.order_to[place] = move[JOB] if job == move[OTHER] else job
    if move[OTHER] < 0:
        _insert(board, board.order_to, count)
        count += 1
    move[COUNT_TO] = count


@_inner
def _weigh(problem: Problem, board: Board) -> tuple[bool, int]:
    """Write both orders after the move; return whether they are possible and what it changes."""
    move = board.move
    source, target = move[FROM], move[TO]
    change = 0
    if source >= 0:
        _write_order_from(board)
        if source == target and move[OTHER] < 0:
            _insert(board, board.order_from, move[COUNT_FROM])
            move[COUNT_FROM] += 1
        move[COST_FROM] = _cost_of_order(
            problem, source, board.order_from, move[COUNT_FROM], board.starts
        )
        change += move[COST_FROM] - board.costs[source]
    if target >= 0 and target != source and (source < 0 or move[COST_FROM] >= 0):
        _write_order_to(board)
        move[COST_TO] = _cost_of_order(
            problem, target, board.order_to, move[COUNT_TO], board.starts
        )
        change += move[COST_TO] - board.costs[target]
    left = problem.job[move[JOB], DROP_COST] - _of_other(problem, board, DROP_COST)
    change += (left if target < 0 else 0) - (left if source < 0 else 0)
    is_possible = (source < 0 or move[COST_FROM] >= 0) and (
        target < 0 or target == source or move[COST_TO] >= 0
    )
    return is_possible, int(change)


@_inner
def _do(board: Board) -> None:
    """Make the move that was weighed."""
    move = board.move
    source, target = move[FROM], move[TO]
    if source >= 0:
        board.counts[source] = move[COUNT_FROM]
        board.orders[source, : move[COUNT_FROM]] = board.order_from[: move[COUNT_FROM]]
        board.costs[source] = move[COST_FROM]
        board.deals[source] -= move[DEALS_MOVED]
    if target >= 0 and target != source:
        board.counts[target] = move[COUNT_TO]
        board.orders[target, : move[COUNT_TO]] = board.order_to[: move[COUNT_TO]]
        board.costs[target] = move[COST_TO]
    if target >= 0:
        board.deals[target] += move[DEALS_MOVED]
    board.tasks[0] += move[TASKS_GAINED]
    board.place_of[move[JOB]] = target
    if move[OTHER] >= 0:
        board.place_of[move[OTHER]] = source


@_inner
def _weigh_all(problem: Problem, board: Board) -> int:
    """Fill in what the plan in hand costs and uses; return the cost."""
    total = 0
    for advisor in range(len(board.counts)):
        board.costs[advisor] = _cost_of_order(
            problem, advisor, board.orders[advisor], board.counts[advisor], board.starts
        )
        total += board.costs[advisor]
    for job in range(len(board.place_of)):
        advisor = board.place_of[job]
        if advisor < 0:
            total += problem.job[job, DROP_COST]
        else:
            board.deals[advisor] += problem.job[job, ADDS_DEAL]
            board.tasks[0] += problem.job[job, TASK_SLOTS]
    return int(total)


@_entry
def anneal(problem: Problem, board: Board, moves: int) -> tuple[int, Ints, Ints]:
    """Search from a possible plan; return the least cost, the orders and their lengths.

    Orders in ``board`` must be possible; ``deals`` and ``tasks`` begin at zero.
    """
    total = _weigh_all(problem, board)
    best, best_orders, best_counts = total, board.orders.copy(), board.counts.copy()
    temperature = HOT * max(1, problem.job[:, WAIT_COST].max())
    cooling = (COLD / HOT) ** (COOLING_EVERY / max(1, moves))
    for step in range(moves):
        if step % COOLING_EVERY == 0:
            temperature *= cooling
        if not _draw_move(problem, board) or not _keeps_caps(problem, board):
            continue
        is_possible, change = _weigh(problem, board)
        if not is_possible:
            continue
        if change > 0:
            chance = (_below(board.random, 2**50) + 1) / 2**50
            if change > -temperature * math.log(chance):
                continue
        _do(board)
        total += change
        if total < best:
            best = total
            best_orders[:], best_counts[:] = board.orders, board.counts
    return best, best_orders, best_counts
