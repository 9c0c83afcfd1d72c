"""The plans a person would make: first come first served, and greedy.

Both keep every hard rule. They are what the search begins with and what it is compared with.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from chedai.core.scheduling.day import Day
from chedai.core.scheduling.plan import DayPlan
from chedai.core.scheduling.tables import NOT_ABLE, DayTables, Whole, plan_from, tables_of


def first_come_first_served(day: Day) -> DayPlan:
    """Serve in order of arrival, each by whoever is free soonest; tasks fill what is left.

    Nobody is called past a customer who came earlier: an advisor's time only moves forward.
    """
    tables = tables_of(day)
    order = sorted(
        range(len(tables.jobs)),
        key=lambda j: (not tables.jobs[j].kind.is_customer, tables.jobs[j].due_slot, j),
    )
    board = Board.empty(tables)
    board.fill(order, looks_at_gaps=False)
    return plan_of_board(board)


def greedy(day: Day) -> DayPlan:
    """Place the weightiest first, each where it starts soonest, gaps included."""
    return plan_of_board(greedy_board(tables_of(day)))


def greedy_board(tables: DayTables) -> Board:
    """Return the greedy plan as the search continues it."""
    jobs = tables.jobs
    order = sorted(
        range(len(jobs)),
        key=lambda j: (-jobs[j].drop_weight, jobs[j].due_slot, -jobs[j].wait_weight, j),
    )
    board = Board.empty(tables)
    board.fill(order)
    return board


@dataclass
class Board:
    """A plan in the making: who does what when, and what is used up."""

    tables: DayTables
    advisor: Whole
    start: Whole
    busy: list[list[tuple[int, int]]]
    """Of each advisor: start and end with the buffer, of the jobs placed here."""
    deals: list[int] = field(default_factory=list)
    task_slots: int = 0

    @classmethod
    def empty(cls, tables: DayTables) -> Board:
        """Return a board with only the fixed jobs, which are cut out of the free time."""
        count = len(tables.day.advisors)
        return cls(
            tables=tables,
            advisor=np.full(len(tables.jobs), -1, dtype=np.int64),
            start=np.full(len(tables.jobs), -1, dtype=np.int64),
            busy=[[] for _ in range(count)],
            deals=[0] * count,
        )

    def has_room(self, job: int, advisor: int) -> bool:
        """Whether caps and the share for walk-ins let the advisor take the job."""
        tables = self.tables
        within_cap = self.deals[advisor] + tables.adds_deal[job] <= tables.deal_room[advisor]
        within_share = self.task_slots + tables.task_slots[job] <= tables.task_slots_max
        needs_share = bool(tables.task_slots[job])
        return bool((within_cap or not tables.adds_deal[job]) and (within_share or not needs_share))

    def earliest_start(self, job: int, advisor: int, *, looks_at_gaps: bool) -> int | None:
        """Return the soonest start, or None when there is none in time."""
        tables = self.tables
        slots = int(tables.duration[job, advisor])
        if slots == NOT_ABLE or not self.has_room(job, advisor):
            return None
        begin = int(tables.earliest[job])
        if not looks_at_gaps:
            begin = max([begin, *(end for _, end in self.busy[advisor])])
        for span in range(int(tables.free_count[advisor])):
            start = max(begin, int(tables.free_start[advisor, span]))
            for busy_start, busy_end in self.busy[advisor]:
                if start + slots + tables.buffer > busy_start and start < busy_end:
                    start = busy_end
            if start + slots <= tables.free_end[advisor, span]:
                return start if start <= tables.latest[job] else None
        return None

    def place(self, job: int, advisor: int, start: int) -> None:
        """Give the job to the advisor."""
        tables = self.tables
        self.advisor[job], self.start[job] = advisor, start
        end = start + int(tables.duration[job, advisor]) + tables.buffer
        self.busy[advisor].append((start, end))
        self.busy[advisor].sort()
        self.deals[advisor] += int(tables.adds_deal[job])
        self.task_slots += int(tables.task_slots[job])

    def fill(self, order: Iterable[int], *, looks_at_gaps: bool = True) -> None:
        """Place jobs one after the other, each where it ends soonest, if anywhere."""
        tables = self.tables
        for job in order:
            may_fill_gaps = looks_at_gaps or not tables.jobs[job].kind.is_customer
            choices = [
                (start + int(tables.duration[job, advisor]), start, advisor)
                for advisor in range(len(tables.day.advisors))
                if (start := self.earliest_start(job, advisor, looks_at_gaps=may_fill_gaps))
                is not None
            ]
            if choices:
                _, start, advisor = min(choices)
                self.place(job, advisor, start)


def plan_of_board(board: Board) -> DayPlan:
    """Return what stands on the board."""
    return plan_from(board.tables, advisor=board.advisor, start=board.start, is_optimal=False)
