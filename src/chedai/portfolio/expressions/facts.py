"""What the open items say of each contract: one pass with one group for each contract.

Only expressions that every engine has are used: no windows, no division of dates, whole numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

if TYPE_CHECKING:
    from datetime import date

    from ibis.expr.types import IntegerValue, Table

    from chedai.portfolio.terms import CloseTerms


def facts(items: Table, *, terms: CloseTerms) -> Table:
    """Return the sums, days and dates of each contract; grace is not looked at yet."""
    now, before = ibis.date(terms.as_of), ibis.date(terms.compared_on)
    month_end = ibis.date(terms.month_ends_on)
    seen = with_days(items.filter(items.open_from <= now), terms=terms)
    is_open = seen.open_until > now
    is_overdue = is_open & (seen.due_on < now)
    was_open = (seen.open_until > before) & (seen.open_from <= before)
    is_over_30 = seen.late > 30

    def fen(column: Any, where: Any) -> Any:
        return ibis.coalesce(column.sum(where=where), 0).cast("int64")

    return seen.group_by("contract_id").aggregate(
        outstanding=fen(seen.principal_fen, is_open),
        overdue_principal=fen(seen.principal_fen, is_overdue),
        overdue_interest=fen(seen.interest_fen, is_overdue),
        overdue_charges=fen(seen.charges_fen, is_overdue),
        outstanding_before=fen(seen.principal_fen, was_open),
        scheduled=fen(
            seen.principal_fen, was_open & (seen.due_on > before) & (seen.due_on <= month_end)
        ),
        later_before=fen(seen.principal_fen, was_open & (seen.due_on > month_end)),
        later_now=fen(seen.principal_fen, is_open & (seen.due_on > month_end)),
        oldest_due=seen.due_on.min(where=is_overdue),
        days=ibis.coalesce(seen.days_now.max(where=is_overdue), 0),
        days_before=ibis.coalesce(seen.days_before.max(where=was_open & (seen.due_on < before)), 0),
        worst=ibis.coalesce(seen.late.max(), 0),
        first_over_30=seen.over_30_on.min(where=is_over_30),
        first_due=seen.due_on.min(where=seen.number == 1),
        second_due=seen.due_on.min(where=seen.number == 2),
        first_late=ibis.coalesce(seen.late.max(where=seen.number == 1), 0),
        second_late=ibis.coalesce(seen.late.max(where=seen.number == 2), 0),
    )


def with_days(items: Table, *, terms: CloseTerms) -> Table:
    """Add days past due at the two closes, how late each item is or was, and when beyond 30."""

    def past_due(day: date, until: Any = None) -> IntegerValue:
        end = ibis.date(day) if until is None else ibis.least(ibis.date(day), until)
        counted = ibis.ifelse(items.is_counting, end, items.open_from)
        return counted.delta(items.due_on, unit="day").cast("int32") - items.paused_days

    is_due = items.due_on < ibis.date(terms.as_of)
    late = ibis.ifelse(is_due, past_due(terms.as_of, items.open_until), 0)
    reached = items.due_on + (items.paused_days + 31).as_interval("D")
    return items.mutate(
        days_now=past_due(terms.as_of),
        days_before=past_due(terms.compared_on),
        late=ibis.greatest(late, ibis.literal(0, "int32")).cast("int32"),
        over_30_on=ibis.greatest(reached, items.open_from),
    )


def held(items: Table, contracts: Table, *, terms: CloseTerms) -> Table:
    """Return the contracts that stay non-performing, with ``late_until`` of their run of lateness.

    Late items are joined with the earlier ones of their contract: a run begins anew where the
    stretch before it was long enough.
    """
    now = ibis.date(terms.as_of)
    seen = with_days(items.filter((items.open_from <= now) & (items.due_on < now)), terms=terms)
    late = _late(seen, contracts, terms=terms)
    runs = late.left_join(_breaks(late), "contract_id")
    is_in_run = runs.began_on.isnull() | (runs.due_on >= runs.began_on)
    return (
        runs.group_by("contract_id")
        .aggregate(
            late_until=runs.until.max(),
            observation=runs.observation.max(),
            is_bad=runs.is_bad.max(where=is_in_run),
        )
        .filter(lambda run: run.is_bad == 1)
    )


def _late(seen: Table, contracts: Table, *, terms: CloseTerms) -> Table:
    """Return late items of contracts that were ever non-performing, with their terms."""
    asked = contracts.select(
        "contract_id",
        grace=contracts.grace_days,
        substandard_over=ibis.cases(
            *(
                (contracts.classification_scheme == s.id, s.substandard_over_days)
                for s in terms.schemes
            ),
            else_=terms.schemes[0].substandard_over_days,
        ),
        observation=ibis.greatest(
            ibis.literal(terms.observation_months, "int32"),
            contracts.instalment_months * terms.observation_instalments,
        ),
    )
    late = seen.filter(seen.late > 0).inner_join(asked, "contract_id")
    late = late.filter(late.late > late.grace)
    late = late.select(
        "contract_id",
        "due_on",
        "open_from",
        "number",
        "observation",
        until=ibis.least(late.open_until, ibis.date(terms.as_of)),
        is_bad=ibis.ifelse(late.late > late.substandard_over, 1, 0),
    )
    ever = late.filter(late.is_bad == 1).select("contract_id").distinct()
    return late.semi_join(ever, "contract_id")


def _breaks(late: Table) -> Table:
    """Return the latest due day before which a contract had been observed long enough."""
    other = late.select(
        other_id="contract_id",
        other_due="due_on",
        other_from="open_from",
        other_number="number",
        other_until="until",
    )
    pairs = late.inner_join(other, late.contract_id == other.other_id)
    is_earlier = (pairs.other_due < pairs.due_on) | (
        (pairs.other_due == pairs.due_on)
        & (
            (pairs.other_from < pairs.open_from)
            | ((pairs.other_from == pairs.open_from) & (pairs.other_number < pairs.number))
        )
    )
    earlier = pairs.filter(is_earlier)
    before = earlier.group_by(
        ["contract_id", "due_on", "open_from", "number", "observation"]
    ).aggregate(clean_from=earlier.other_until.max())
    breaks = before.filter(whole_months(before.clean_from, before.due_on) >= before.observation)
    return breaks.group_by("contract_id").aggregate(began_on=breaks.due_on.max())


def whole_months(start: Any, end: Any) -> IntegerValue:
    """Return the months completed; see ``days.whole_months``."""
    months = (end.year() - start.year()) * 12 + end.month() - start.month()
    return months - ibis.ifelse(end.day() < start.day(), 1, 0)
