"""What a day makes of the facts: days past due, bucket, category, expected loss (compiled)."""

from collections.abc import Callable
from typing import Final

from chedai.core.plans.kernel.compiling import compiled, compiled_entry
from chedai.portfolio.kernel.facts import civil
from chedai.portfolio.kernel.shapes import NO_DAY, Contracts, Days, Facts, Int64s, State

Derive = Callable[[Contracts, Facts, Days, Int64s, Int64s, bool, State], None]

PPM: Final = 1_000_000


@compiled
def bucket_at(days_past_due: int) -> int:
    """Return the bucket; see ``terms.bucket_of``."""
    return min(7, (days_past_due + 29) // 30)


@compiled
def category(days_past_due: int, over: Int64s, scheme: int) -> int:
    """Return the category a scheme gives to a number of days past due."""
    found = 0
    for step in range(4):
        if days_past_due > over[4 * scheme + step]:
            found = step + 1
    return found


@compiled
def half_up_ppm(amount: int, ppm: int) -> int:
    """Return the share of an amount, half a fen up."""
    return (amount * ppm + PPM // 2) // PPM


@compiled
def expected_loss(
    contracts: Contracts, facts: Facts, at: int, ppm: int, is_by_default: bool
) -> int:
    """Return the expected loss of one contract."""
    if not is_by_default:
        return half_up_ppm(facts.outstanding[at], ppm)
    exposure = facts.outstanding[at] + facts.overdue_interest[at] + facts.overdue_charges[at]
    return half_up_ppm(exposure, half_up_ppm(contracts.loss_given_default[at], ppm))


@compiled
def derive_one(
    contracts: Contracts,
    facts: Facts,
    at: int,
    days: Days,
    over: Int64s,
    rates: Int64s,
    is_by_default: bool,
    state: State,
) -> None:
    """Fill the state of one contract."""
    grace = contracts.grace[at]
    late = facts.days[at] if facts.days[at] > grace else 0
    late_before = facts.days_before[at] if facts.days_before[at] > grace else 0
    found = category(late, over, contracts.scheme[at])
    if facts.is_held[at]:
        found = max(found, 2)
    restructured_on = contracts.restructured_on[at]
    if days.restructured_after < restructured_on <= days.now:
        found = max(found, 1)
    state.days_past_due[at] = late
    state.bucket[at] = bucket_at(late)
    state.classification[at] = found
    state.expected_loss[at] = expected_loss(
        contracts, facts, at, rates[state.bucket[at]], is_by_default
    )
    was_there = contracts.disbursed_on[at] <= days.before
    state.bucket_before[at] = bucket_at(late_before) if was_there else -1
    state.prepaid[at] = max(0, facts.later_before[at] - facts.later_now[at]) if was_there else 0


def _make_derive(fingerprint: str) -> Derive:
    def derive(
        contracts: Contracts,
        facts: Facts,
        days: Days,
        over: Int64s,
        rates: Int64s,
        is_by_default: bool,
        state: State,
    ) -> None:
        """Fill the state of all contracts."""
        _ = fingerprint
        month_now = civil(days.now)[0]
        for at in range(len(contracts.contract_id)):
            derive_one(contracts, facts, at, days, over, rates, is_by_default, state)
            state.months_on_book[at] = month_now - civil(contracts.disbursed_on[at])[0]

    return derive


derive: Final = compiled_entry(_make_derive)
"""Fill a state from facts: ``(contracts, facts, days, over, rates, is_by_default, state)``."""


def _make_advance(fingerprint: str) -> Callable[[Contracts, Facts, int, Int64s], None]:
    def advance(contracts: Contracts, facts: Facts, now: int, substandard_over: Int64s) -> None:
        """Bring the facts of contracts without an event to a later day, in place."""
        _ = fingerprint
        for at in range(len(contracts.contract_id)):
            if facts.oldest_due[at] == NO_DAY:
                continue
            late = now - facts.counted_from[at]
            facts.days[at] = max(facts.days[at], late)
            if late > contracts.grace[at]:
                facts.worst[at] = max(facts.worst[at], late)
                if late > substandard_over[contracts.scheme[at]]:
                    facts.is_held[at] = True

    return advance


advance: Final = compiled_entry(_make_advance)
"""Let days past due grow to a later day where nothing else happened: ``(contracts, facts, now,
substandard_over)``."""
