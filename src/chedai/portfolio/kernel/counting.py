"""All figures of the book counted in one pass over its contracts (compiled)."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from chedai.core.plans.kernel.compiling import compiled, compiled_entry
from chedai.portfolio.kernel.deriving import bucket_at
from chedai.portfolio.kernel.facts import civil
from chedai.portfolio.kernel.shapes import NO_DAY, Contracts, Days, Facts, Int64s, State

Count = Callable[[Contracts, Facts, State, Days, Int64s, "Sums"], int]

BASE_MONTH: Final = 1980 * 12
"""No contract of the book is older than 1980."""

CLOSED: Final = 8
"""The bucket of a contract with nothing outstanding, in ``moves`` only."""

BUCKETS_AT_LEAST: Final = 4
EARLY_DAYS: Final = (1, 7, 30)


class Sums(NamedTuple):
    """Counts and sums of fen by group; the last axis is what is counted."""

    by_bucket: Int64s
    by_class: Int64s
    moves: Int64s
    vintages: Int64s
    vintage_curve: Int64s
    early_defaults: Int64s
    prepayments: Int64s


def empty_sums(*, schemes: int, months: int) -> Sums:
    """Return zeros for cohorts of that many months from ``BASE_MONTH`` on."""
    shapes = (
        (8, 6),
        (schemes, 5, 4),
        (8, CLOSED + 1, 3),
        (months, BUCKETS_AT_LEAST, 6),
        (months, months, 2),
        (months, 2, len(EARLY_DAYS), 2),
        (months, 4),
    )
    return Sums(*(np.zeros(shape, dtype=np.int64) for shape in shapes))


@compiled
def count_balances(contracts: Contracts, facts: Facts, state: State, at: int, sums: Sums) -> None:
    """Count a contract by bucket and by category."""
    line = sums.by_bucket[state.bucket[at]]
    line[0] += 1
    line[1] += facts.outstanding[at]
    line[2] += facts.overdue_principal[at]
    line[3] += facts.overdue_interest[at]
    line[4] += facts.overdue_charges[at]
    line[5] += state.expected_loss[at]
    line = sums.by_class[contracts.scheme[at], state.classification[at]]
    line[0] += 1
    line[1] += facts.outstanding[at]
    line[2] += facts.overdue_principal[at]
    line[3] += state.expected_loss[at]


@compiled
def count_move(facts: Facts, state: State, at: int, month: int, sums: Sums) -> None:
    """Count a contract that had a balance at the earlier close."""
    bucket = state.bucket[at] if facts.outstanding[at] > 0 else CLOSED
    line = sums.moves[state.bucket_before[at], bucket]
    line[0] += 1
    line[1] += facts.outstanding_before[at]
    line[2] += facts.outstanding[at]
    line = sums.prepayments[month]
    line[0] += 1
    line[1] += facts.outstanding_before[at]
    line[2] += facts.scheduled[at]
    line[3] += state.prepaid[at]


@compiled
def count_vintage(
    contracts: Contracts, facts: Facts, state: State, at: int, month: int, sums: Sums
) -> None:
    """Count a contract in the cohort of its month."""
    principal, worst = contracts.principal[at], bucket_at(facts.worst[at])
    for step in range(BUCKETS_AT_LEAST):
        line = sums.vintages[month, step]
        line[0] += 1
        line[1] += principal
        if state.bucket[at] > step:
            line[2] += 1
            line[3] += facts.outstanding[at]
        if worst > step:
            line[4] += 1
            line[5] += principal
    if facts.first_over_30[at] != NO_DAY:
        reached = civil(facts.first_over_30[at])[0] - BASE_MONTH - month
        sums.vintage_curve[month, reached, 0] += 1
        sums.vintage_curve[month, reached, 1] += principal


@compiled
def count_early(
    due_on: int, late: int, month: int, place: int, now: int, early_days: Int64s, sums: Sums
) -> None:
    """Count one of the two first instalments, where it has had its days."""
    if due_on == NO_DAY:
        return
    for step in range(len(early_days)):
        if due_on + early_days[step] <= now:
            sums.early_defaults[month, place, step, 0] += 1
            if late >= early_days[step]:
                sums.early_defaults[month, place, step, 1] += 1


def _make_count(fingerprint: str) -> Count:
    def count(
        contracts: Contracts,
        facts: Facts,
        state: State,
        days: Days,
        early_days: Int64s,
        sums: Sums,
    ) -> int:
        """Add all contracts; return 1 plus the place of one older than the book may be, or 0."""
        _ = fingerprint
        for at in range(len(contracts.contract_id)):
            if contracts.disbursed_on[at] > days.now:
                continue
            month = civil(contracts.disbursed_on[at])[0] - BASE_MONTH
            if month < 0:
                return at + 1
            if facts.outstanding[at] > 0:
                count_balances(contracts, facts, state, at, sums)
            if facts.outstanding_before[at] > 0:
                count_move(facts, state, at, month, sums)
            count_vintage(contracts, facts, state, at, month, sums)
            late, second = facts.first_late[at], facts.second_late[at]
            count_early(facts.first_due[at], late, month, 0, days.now, early_days, sums)
            count_early(facts.second_due[at], second, month, 1, days.now, early_days, sums)
        return 0

    return count


count: Final = compiled_entry(_make_count)
"""Add the figures of all contracts to sums: ``(contracts, facts, state, days, early_days,
sums)``."""
