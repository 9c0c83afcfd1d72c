"""One pass over the open items of each contract (compiled).

The definitions are those of ``docs/domain/portfolio_definitions.md``; the plain loop they are
compared with is in the tests. Days are numbers; an item is seen by the closes from ``open_from`` to
the day before ``open_until``.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

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

# The places of a contract's facts while its items are read; the order is that of ``Facts``.
OUTSTANDING, OVERDUE_PRINCIPAL, OVERDUE_INTEREST, OVERDUE_CHARGES, OUTSTANDING_BEFORE = range(5)
SCHEDULED, LATER_BEFORE, LATER_NOW, OLDEST_DUE, COUNTED_FROM, DAYS_NOW, DAYS_BEFORE = range(5, 12)
WORST, FIRST_OVER_30, FIRST_DUE, SECOND_DUE, FIRST_LATE, SECOND_LATE = range(12, 18)
NEXT_EVENT, IS_HELD, LATE_UNTIL, IS_NON_PERFORMING = range(18, 22)
PLACES: Final = 22


class Item(NamedTuple):
    """One open item. Numbers travel cheaply between compiled functions; tables would not."""

    number: int
    due_on: int
    open_from: int
    open_until: int
    paused_days: int
    is_counting: bool
    principal: int
    interest: int
    charges: int


class Rules(NamedTuple):
    """What holds for the contract at hand."""

    observation: int
    substandard_over: int
    grace: int


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
def fault_of(item: Item, due_before: int, opened_before: int) -> int:
    """Return what is wrong with an item, or 0; the item before it is given by its days."""
    if item.open_from >= item.open_until:
        return EMPTY_INTERVAL
    principal, interest, charges = item.principal, item.interest, item.charges
    if (principal | interest | charges) < 0 or principal + interest + charges == 0:
        return BAD_AMOUNT
    if max(principal, interest, charges) > AMOUNT_FEN_MAX:
        return BAD_AMOUNT
    if item.number < 1 or item.paused_days < 0:
        return BAD_NUMBER
    if item.due_on < due_before or (item.due_on == due_before and item.open_from < opened_before):
        return OUT_OF_ORDER
    return 0


@compiled
def past_due(item: Item, day: int) -> int:
    """Return the days past due of an item at a day, paused days left out."""
    end = day if item.is_counting else item.open_from
    return end - item.due_on - item.paused_days


@compiled
def note_before(item: Item, days: Days, facts: Int64s) -> None:
    """Add what the earlier close saw."""
    facts[OUTSTANDING_BEFORE] += item.principal
    if item.due_on < days.before:
        facts[DAYS_BEFORE] = max(facts[DAYS_BEFORE], past_due(item, days.before))
    elif item.due_on > days.month_end:
        facts[LATER_BEFORE] += item.principal
    elif item.due_on > days.before:
        facts[SCHEDULED] += item.principal


@compiled
def note_open(item: Item, days: Days, facts: Int64s) -> None:
    """Add what the close itself sees, and when that will change."""
    facts[OUTSTANDING] += item.principal
    if item.due_on > days.month_end:
        facts[LATER_NOW] += item.principal
    event = item.open_until
    if item.due_on >= days.now:
        event = min(event, item.due_on + 1)
    else:
        facts[OVERDUE_PRINCIPAL] += item.principal
        facts[OVERDUE_INTEREST] += item.interest
        facts[OVERDUE_CHARGES] += item.charges
        event = min(event, note_overdue(item, days, facts))
    facts[NEXT_EVENT] = min(facts[NEXT_EVENT], event)


@compiled
def note_overdue(item: Item, days: Days, facts: Int64s) -> int:
    """Add what is past due; return the day on which that will mean something else."""
    late = past_due(item, days.now)
    facts[DAYS_NOW] = max(facts[DAYS_NOW], late)
    counted_from = item.due_on + item.paused_days
    if facts[OLDEST_DUE] == NO_DAY:
        facts[OLDEST_DUE] = item.due_on
        facts[COUNTED_FROM] = counted_from
    # A paused item, or one of the two that first payments are judged by, is looked at every day.
    if not item.is_counting or item.number <= 2:
        return days.now + 1
    return counted_from + 31 if late <= 30 else FAR


@compiled
def note_late(item: Item, late: int, days: Days, rules: Rules, facts: Int64s) -> None:
    """Add an item that is or was late, to its run of late days without observation."""
    until = facts[LATE_UNTIL]
    if until != NO_DAY and months_between(until, item.due_on) >= rules.observation:
        facts[IS_NON_PERFORMING] = 0
    facts[LATE_UNTIL] = max(until, min(days.now, item.open_until))
    if late > rules.substandard_over:
        facts[IS_NON_PERFORMING] = 1
    facts[WORST] = max(facts[WORST], late)
    if late > 30:
        reached = max(item.due_on + item.paused_days + 31, item.open_from)
        if facts[FIRST_OVER_30] == NO_DAY or reached < facts[FIRST_OVER_30]:
            facts[FIRST_OVER_30] = reached
    if item.number <= 2:
        place = FIRST_LATE if item.number == 1 else SECOND_LATE
        facts[place] = max(facts[place], late)


@compiled
def note_number(item: Item, facts: Int64s) -> None:
    """Note when the instalments by which first payments are judged fell due."""
    place = FIRST_DUE if item.number == 1 else SECOND_DUE
    if facts[place] == NO_DAY or item.due_on < facts[place]:
        facts[place] = item.due_on


@compiled
def note_item(item: Item, days: Days, rules: Rules, facts: Int64s) -> None:
    """Add one item."""
    if item.open_from > days.now:
        facts[NEXT_EVENT] = min(facts[NEXT_EVENT], item.open_from)
        return
    if item.number <= 2:
        note_number(item, facts)
    if item.open_until > days.before and item.open_from <= days.before:
        note_before(item, days, facts)
    if item.open_until > days.now:
        note_open(item, days, facts)
    if item.due_on < days.now:
        late = past_due(item, min(days.now, item.open_until))
        if late > rules.grace:
            note_late(item, late, days, rules, facts)


@compiled
def hold(days: Days, rules: Rules, facts: Int64s) -> None:
    """Keep a loan non-performing until it has been observed."""
    if facts[IS_NON_PERFORMING] == 0:
        return
    oldest_due = facts[OLDEST_DUE]
    clean_until = days.now if oldest_due == NO_DAY else oldest_due
    if months_between(facts[LATE_UNTIL], clean_until) < rules.observation:
        facts[IS_HELD] = 1
        if oldest_due == NO_DAY:
            facts[NEXT_EVENT] = min(facts[NEXT_EVENT], days.now + 1)


@compiled
def begin(facts: Int64s) -> None:
    """Know nothing of the next contract."""
    facts[:] = 0
    for place in (OLDEST_DUE, COUNTED_FROM, FIRST_OVER_30, FIRST_DUE, SECOND_DUE, LATE_UNTIL):
        facts[place] = NO_DAY
    facts[NEXT_EVENT] = FAR


@compiled
def keep(own: Int64s, facts: Facts, at: int) -> None:
    """Write the facts of a contract to their columns."""
    facts.outstanding[at] = own[OUTSTANDING]
    facts.overdue_principal[at] = own[OVERDUE_PRINCIPAL]
    facts.overdue_interest[at] = own[OVERDUE_INTEREST]
    facts.overdue_charges[at] = own[OVERDUE_CHARGES]
    facts.outstanding_before[at] = own[OUTSTANDING_BEFORE]
    facts.scheduled[at] = own[SCHEDULED]
    facts.later_before[at] = own[LATER_BEFORE]
    facts.later_now[at] = own[LATER_NOW]
    facts.oldest_due[at] = own[OLDEST_DUE]
    facts.counted_from[at] = own[COUNTED_FROM]
    facts.days[at] = own[DAYS_NOW]
    facts.days_before[at] = own[DAYS_BEFORE]
    facts.worst[at] = own[WORST]
    facts.first_over_30[at] = own[FIRST_OVER_30]
    facts.first_due[at] = own[FIRST_DUE]
    facts.second_due[at] = own[SECOND_DUE]
    facts.first_late[at] = own[FIRST_LATE]
    facts.second_late[at] = own[SECOND_LATE]
    facts.next_event[at] = own[NEXT_EVENT]
    facts.is_held[at] = own[IS_HELD] == 1


def _make_gather(fingerprint: str) -> Gather:
    def gather(
        contracts: Contracts, items: Items, days: Days, substandard_over: Int64s, facts: Facts
    ) -> tuple[int, int]:
        """Fill the facts of all contracts; a fault is returned with its row, else zeros."""
        _ = fingerprint
        row, rows = 0, len(items.contract_id)
        own = np.zeros(PLACES, dtype=np.int64)
        for at in range(len(contracts.contract_id)):
            contract_id = contracts.contract_id[at]
            over = substandard_over[contracts.scheme[at]]
            rules = Rules(contracts.observation[at], over, contracts.grace[at])
            begin(own)
            start, due_before, opened_before = row, NO_DAY, NO_DAY
            while row < rows and items.contract_id[row] == contract_id:
                item = Item(
                    items.number[row],
                    items.due_on[row],
                    items.open_from[row],
                    items.open_until[row],
                    items.paused_days[row],
                    items.is_counting[row],
                    items.principal[row],
                    items.interest[row],
                    items.charges[row],
                )
                fault = fault_of(item, due_before, opened_before)
                if fault != 0:
                    return fault, row
                note_item(item, days, rules, own)
                due_before, opened_before = item.due_on, item.open_from
                row += 1
            if row == start:
                if row < rows and items.contract_id[row] < contract_id:
                    return UNKNOWN_CONTRACT, row
                return NO_ITEMS, at
            hold(days, rules, own)
            keep(own, facts, at)
        return (UNKNOWN_CONTRACT, row) if row < rows else (0, 0)

    return gather


gather: Final = compiled_entry(_make_gather)
"""Fill the facts of contracts from their items: ``(contracts, items, days, substandard_over,
facts)``; facts start empty. Returns the fault and its row, or zeros."""
