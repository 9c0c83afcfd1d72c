"""One pass over the open items of each contract (compiled).

The definitions are those of ``docs/domain/portfolio_definitions.md``; the plain loop they are
compared with is in the tests. Days are numbers; an item is seen by the closes from ``open_from`` to
the day before ``open_until``.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from chedai.core.plans.kernel.compiling import compiled, compiled_entry
from chedai.portfolio.kernel.shapes import (
    AMOUNT_FEN_MAX,
    BAD_AMOUNT,
    BAD_NUMBER,
    EMPTY_INTERVAL,
    FAR,
    NO_DAY,
    NO_ITEMS,
    OUT_OF_ORDER,
    UNKNOWN_CONTRACT,
    Contracts,
    Days,
    Facts,
    Int64s,
    Items,
)

Gather = Callable[[Contracts, Items, Days, Int64s, Facts], tuple[int, int]]

LATE_UNTIL: Final = 0
IS_NON_PERFORMING: Final = 1


@compiled
def civil(day: int) -> tuple[int, int]:
    """Return the months from year 0, and the day of the month."""
    shifted = day + 719468
    era = shifted // 146097
    of_era = shifted - era * 146097
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    of_month = of_year - (153 * month + 2) // 5 + 1
    return (year + era * 400) * 12 + month + 2, of_month


@compiled
def months_between(start: int, end: int) -> int:
    """Return the whole months; see ``days.whole_months``."""
    start_month, start_day = civil(start)
    end_month, end_day = civil(end)
    return end_month - start_month - (1 if end_day < start_day else 0)


@compiled
def fault_of(items: Items, row: int, is_same_contract: bool) -> int:
    """Return what is wrong with an item, or 0."""
    if items.open_from[row] >= items.open_until[row]:
        return EMPTY_INTERVAL
    principal, interest, charges = items.principal[row], items.interest[row], items.charges[row]
    if (principal | interest | charges) < 0 or principal + interest + charges == 0:
        return BAD_AMOUNT
    if max(principal, interest, charges) > AMOUNT_FEN_MAX:
        return BAD_AMOUNT
    if items.number[row] < 1 or items.paused_days[row] < 0:
        return BAD_NUMBER
    if is_same_contract and (
        items.due_on[row] < items.due_on[row - 1]
        or (
            items.due_on[row] == items.due_on[row - 1]
            and items.open_from[row] < items.open_from[row - 1]
        )
    ):
        return OUT_OF_ORDER
    return 0


@compiled
def past_due(items: Items, row: int, day: int) -> int:
    """Return the days past due of an item at a day, paused days left out."""
    end = day if items.is_counting[row] else items.open_from[row]
    counted: int = end - items.due_on[row] - items.paused_days[row]
    return counted


@compiled
def note_before(items: Items, row: int, days: Days, facts: Facts, at: int) -> None:
    """Add what the earlier close saw."""
    principal = items.principal[row]
    facts.outstanding_before[at] += principal
    if items.due_on[row] < days.before:
        late = past_due(items, row, days.before)
        facts.days_before[at] = max(facts.days_before[at], late)
    elif items.due_on[row] > days.month_end:
        facts.later_before[at] += principal
    elif items.due_on[row] > days.before:
        facts.scheduled[at] += principal


@compiled
def note_open(items: Items, row: int, days: Days, facts: Facts, at: int) -> None:
    """Add what the close itself sees, and when that will change."""
    principal, due_on = items.principal[row], items.due_on[row]
    facts.outstanding[at] += principal
    if due_on > days.month_end:
        facts.later_now[at] += principal
    event = items.open_until[row]
    if due_on >= days.now:
        event = min(event, due_on + 1)
    else:
        facts.overdue_principal[at] += principal
        facts.overdue_interest[at] += items.interest[row]
        facts.overdue_charges[at] += items.charges[row]
        event = min(event, note_overdue(items, row, days, facts, at))
    facts.next_event[at] = min(facts.next_event[at], event)


@compiled
def note_overdue(items: Items, row: int, days: Days, facts: Facts, at: int) -> int:
    """Add what is past due; return the day on which that will mean something else."""
    late = past_due(items, row, days.now)
    facts.days[at] = max(facts.days[at], late)
    counted_from = items.due_on[row] + items.paused_days[row]
    if facts.oldest_due[at] == NO_DAY:
        facts.oldest_due[at] = items.due_on[row]
        facts.counted_from[at] = counted_from
    # A paused item, or one of the two that first payments are judged by, is looked at every day.
    if not items.is_counting[row] or items.number[row] <= 2:
        return days.now + 1
    return counted_from + 31 if late <= 30 else FAR


@compiled
def note_late(
    items: Items, row: int, days: Days, facts: Facts, at: int, late: int, terms: Int64s, run: Int64s
) -> None:
    """Add an item that is or was late; ``run`` is the run of late days without observation."""
    due_on = items.due_on[row]
    if run[LATE_UNTIL] != NO_DAY and months_between(run[LATE_UNTIL], due_on) >= terms[0]:
        run[IS_NON_PERFORMING] = 0
    run[LATE_UNTIL] = max(run[LATE_UNTIL], min(days.now, items.open_until[row]))
    if late > terms[1]:
        run[IS_NON_PERFORMING] = 1
    facts.worst[at] = max(facts.worst[at], late)
    if late > 30:
        reached = max(due_on + items.paused_days[row] + 31, items.open_from[row])
        if facts.first_over_30[at] == NO_DAY or reached < facts.first_over_30[at]:
            facts.first_over_30[at] = reached
    if items.number[row] == 1:
        facts.first_late[at] = max(facts.first_late[at], late)
    elif items.number[row] == 2:
        facts.second_late[at] = max(facts.second_late[at], late)


@compiled
def note_number(items: Items, row: int, facts: Facts, at: int) -> None:
    """Note when the instalments by which first payments are judged fell due."""
    due_on = items.due_on[row]
    if items.number[row] == 1:
        if facts.first_due[at] == NO_DAY or due_on < facts.first_due[at]:
            facts.first_due[at] = due_on
    elif facts.second_due[at] == NO_DAY or due_on < facts.second_due[at]:
        facts.second_due[at] = due_on


@compiled
def note_item(
    items: Items, row: int, days: Days, facts: Facts, at: int, terms: Int64s, run: Int64s
) -> None:
    """Add one item."""
    if items.open_from[row] > days.now:
        facts.next_event[at] = min(facts.next_event[at], items.open_from[row])
        return
    if items.number[row] <= 2:
        note_number(items, row, facts, at)
    if items.open_until[row] > days.before and items.open_from[row] <= days.before:
        note_before(items, row, days, facts, at)
    if items.open_until[row] > days.now:
        note_open(items, row, days, facts, at)
    if items.due_on[row] < days.now:
        late = past_due(items, row, min(days.now, items.open_until[row]))
        if late > terms[2]:
            note_late(items, row, days, facts, at, late, terms, run)


@compiled
def hold(days: Days, facts: Facts, at: int, terms: Int64s, run: Int64s) -> None:
    """Keep a loan non-performing until it has been observed."""
    if run[IS_NON_PERFORMING] == 0:
        return
    oldest_due = facts.oldest_due[at]
    clean_until = days.now if oldest_due == NO_DAY else oldest_due
    if months_between(run[LATE_UNTIL], clean_until) < terms[0]:
        facts.is_held[at] = True
        if oldest_due == NO_DAY:
            facts.next_event[at] = min(facts.next_event[at], days.now + 1)


def _make_gather(fingerprint: str) -> Gather:
    def gather(
        contracts: Contracts, items: Items, days: Days, substandard_over: Int64s, facts: Facts
    ) -> tuple[int, int]:
        """Fill the facts of all contracts; a fault is returned with its row, else zeros."""
        _ = fingerprint
        row, rows = 0, len(items.contract_id)
        terms, run = np.zeros(3, dtype=np.int64), np.zeros(2, dtype=np.int64)
        for at in range(len(contracts.contract_id)):
            contract_id = contracts.contract_id[at]
            terms[0] = contracts.observation[at]
            terms[1] = substandard_over[contracts.scheme[at]]
            terms[2] = contracts.grace[at]
            run[LATE_UNTIL], run[IS_NON_PERFORMING] = NO_DAY, 0
            start = row
            while row < rows and items.contract_id[row] == contract_id:
                fault = fault_of(items, row, row > start)
                if fault != 0:
                    return fault, row
                note_item(items, row, days, facts, at, terms, run)
                row += 1
            if row == start:
                if row < rows and items.contract_id[row] < contract_id:
                    return UNKNOWN_CONTRACT, row
                return NO_ITEMS, at
            hold(days, facts, at, terms, run)
        return (UNKNOWN_CONTRACT, row) if row < rows else (0, 0)

    return gather


gather: Final = compiled_entry(_make_gather)
"""Fill the facts of contracts from their items: ``(contracts, items, days, substandard_over,
facts)``; facts start empty. Returns the fault and its row, or zeros."""
