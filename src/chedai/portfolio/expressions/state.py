"""The state of every contract as one expression over contracts and open items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from chedai.portfolio.columns import STATE
from chedai.portfolio.expressions.facts import facts, held, whole_months
from chedai.portfolio.terms import BUCKET_DAYS, BUCKET_MAX, PPM

if TYPE_CHECKING:
    from ibis.expr.types import IntegerValue, Table

    from chedai.portfolio.terms import CloseTerms


def state(contracts: Table, items: Table, *, terms: CloseTerms) -> Table:
    """Return the state, ordered by ``contract_id``; see ``columns.STATE``."""
    on_book = contracts.filter(contracts.disbursed_on <= ibis.date(terms.as_of))
    bad = held(items, contracts, terms=terms).rename(
        bad_until="late_until", bad_observation="observation"
    )
    joined = on_book.inner_join(facts(items, terms=terms), "contract_id")
    joined = joined.left_join(bad.drop("is_bad"), "contract_id").drop("contract_id_right")
    return _derived(_graced(joined, terms=terms), terms=terms).order_by("contract_id")


def _graced(rows: Table, *, terms: CloseTerms) -> Table:
    """Apply grace, and see whether a non-performing loan was observed long enough."""
    clean_until = ibis.coalesce(rows.oldest_due, ibis.date(terms.as_of))
    was_observed = whole_months(rows.bad_until, clean_until) >= rows.bad_observation

    def beyond_grace(days: Any) -> Any:
        return ibis.ifelse(days > rows.grace_days, days, 0).cast("int32")

    return rows.mutate(
        days_past_due=beyond_grace(rows.days),
        late_before=beyond_grace(rows.days_before),
        worst_days_past_due=beyond_grace(rows.worst),
        first_late_days=beyond_grace(rows.first_late),
        second_late_days=beyond_grace(rows.second_late),
        is_upgrade_held=rows.bad_until.notnull() & ~ibis.coalesce(was_observed, ibis.literal(True)),
        was_there=rows.disbursed_on <= ibis.date(terms.compared_on),
    )


def _derived(rows: Table, *, terms: CloseTerms) -> Table:
    disbursed = rows.disbursed_on
    months = terms.as_of.year * 12 + terms.as_of.month - disbursed.year() * 12 - disbursed.month()
    rows = rows.mutate(bucket=bucket(rows.days_past_due), months_on_book=months)
    prepaid = ibis.greatest(rows.later_before - rows.later_now, ibis.literal(0, "int64"))
    columns = {
        "classification": _category(rows, terms=terms),
        "outstanding_principal_fen": rows.outstanding,
        "overdue_principal_fen": rows.overdue_principal,
        "overdue_interest_fen": rows.overdue_interest,
        "overdue_charges_fen": rows.overdue_charges,
        "expected_loss_fen": _expected_loss(rows, terms=terms),
        "bucket_before": ibis.ifelse(rows.was_there, bucket(rows.late_before), ibis.null("int64")),
        "outstanding_before_fen": rows.outstanding_before,
        "scheduled_principal_fen": rows.scheduled,
        "prepaid_principal_fen": ibis.ifelse(rows.was_there, prepaid, 0),
        "oldest_unpaid_due_on": rows.oldest_due,
        "first_over_30_on": rows.first_over_30,
        "first_due_on": rows.first_due,
        "second_due_on": rows.second_due,
    }
    return rows.mutate(**columns).select(*STATE.names)


def bucket(days: Any) -> IntegerValue:
    """Return the bucket of days past due; see ``terms.bucket_of``."""
    steps = (days.cast("int64") + (BUCKET_DAYS - 1)) // BUCKET_DAYS
    return ibis.least(steps, ibis.literal(BUCKET_MAX, "int64")).cast("int64")


def _category(rows: Table, *, terms: CloseTerms) -> Any:
    restructured_on = rows.restructured_on
    is_observed = ibis.coalesce(
        (restructured_on <= ibis.date(terms.as_of))
        & (restructured_on > ibis.date(terms.restructured_after)),
        ibis.literal(False),
    )
    by_days = ibis.cases(
        *(
            ((rows.classification_scheme == scheme.id) & (rows.days_past_due > over), category)
            for scheme in terms.schemes
            for category, over in reversed(list(enumerate(scheme.over_days, start=1)))
        ),
        else_=0,
    )
    return ibis.greatest(
        by_days.cast("int64"),
        ibis.ifelse(rows.is_upgrade_held, 2, 0).cast("int64"),
        ibis.ifelse(is_observed, 1, 0).cast("int64"),
    )


def _expected_loss(rows: Table, *, terms: CloseTerms) -> Any:
    rate_ppm = ibis.cases(
        *((rows.bucket == number, rate) for number, rate in enumerate(terms.loss_rates_ppm)),
        else_=0,
    ).cast("int64")
    if terms.loss_method == "bucket":
        return _half_up(rows.outstanding * rate_ppm)
    exposure = rows.outstanding + rows.overdue_interest + rows.overdue_charges
    return _half_up(exposure * _half_up(rows.loss_given_default_ppm.cast("int64") * rate_ppm))


def _half_up(product_ppm: Any) -> Any:
    return ((product_ppm + PPM // 2) // PPM).cast("int64")
