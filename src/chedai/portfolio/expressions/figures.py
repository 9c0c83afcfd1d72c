"""The tables of a close, each one expression over the state; see ``figures.FIGURES``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ibis

from chedai.portfolio.expressions.state import bucket
from chedai.portfolio.kernel.counting import BUCKETS_AT_LEAST, CLOSED, EARLY_DAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ibis.expr.types import Table

    from chedai.portfolio.terms import CloseTerms


def _sums(rows: Table, keys: list[str], **sums: str) -> Table:
    counted = rows.group_by(keys).aggregate(
        contracts=rows.count(), **{name: rows[column].sum() for name, column in sums.items()}
    )
    return counted.order_by(keys)


def _owing(state: Table) -> Table:
    return state.filter(state.outstanding_principal_fen > 0)


def by_bucket(state: Table, _terms: CloseTerms) -> Table:
    """Balances by bucket."""
    return _sums(
        _owing(state),
        ["bucket"],
        outstanding_fen="outstanding_principal_fen",
        overdue_principal_fen="overdue_principal_fen",
        overdue_interest_fen="overdue_interest_fen",
        overdue_charges_fen="overdue_charges_fen",
        expected_loss_fen="expected_loss_fen",
    )


def by_class(state: Table, terms: CloseTerms) -> Table:
    """Balances by scheme and category; schemes in the order of the terms."""
    rows = _owing(state)
    place = ibis.cases(
        *((rows.classification_scheme == s.id, n) for n, s in enumerate(terms.schemes)), else_=-1
    )
    counted = _sums(
        rows.mutate(scheme_place=place),
        ["scheme_place", "classification_scheme", "classification"],
        outstanding_fen="outstanding_principal_fen",
        overdue_principal_fen="overdue_principal_fen",
        expected_loss_fen="expected_loss_fen",
    )
    return counted.drop("scheme_place")


def moves(state: Table, _terms: CloseTerms) -> Table:
    """From bucket to bucket; 8 is paid off."""
    rows = state.filter(state.outstanding_before_fen > 0)
    now = ibis.ifelse(rows.outstanding_principal_fen > 0, rows.bucket.cast("int32"), CLOSED)
    return _sums(
        rows.mutate(bucket=now),
        ["bucket_before", "bucket"],
        outstanding_before_fen="outstanding_before_fen",
        outstanding_fen="outstanding_principal_fen",
    )


def vintages(state: Table, _terms: CloseTerms) -> Table:
    """Cohorts now and ever, for each bucket from M1 to M4."""
    rows = _with_cohort(state)
    parts = [_vintage(rows, at_least) for at_least in range(1, BUCKETS_AT_LEAST + 1)]
    return ibis.union(*parts).order_by(["cohort_on", "months_on_book", "bucket_at_least"])


def _vintage(rows: Table, at_least: int) -> Table:
    is_now = rows.bucket >= at_least
    was_ever = bucket(rows.worst_days_past_due) >= at_least

    def fen(column: Any, where: Any) -> Any:
        return ibis.coalesce(column.sum(where=where), 0).cast("int64")

    counted = rows.group_by(["cohort_on", "months_on_book"]).aggregate(
        contracts=rows.count(),
        disbursed_fen=rows.principal_fen.sum(),
        current_contracts=is_now.cast("int64").sum(),
        current_outstanding_fen=fen(rows.outstanding_principal_fen, is_now),
        ever_contracts=was_ever.cast("int64").sum(),
        ever_disbursed_fen=fen(rows.principal_fen, was_ever),
    )
    return counted.mutate(bucket_at_least=ibis.literal(at_least, "int32"))


def vintage_curve(state: Table, _terms: CloseTerms) -> Table:
    """When the contracts of a cohort were more than 30 days late for the first time."""
    rows = _with_cohort(state.filter(state.first_over_30_on.notnull()))
    reached, start = rows.first_over_30_on, rows.disbursed_on
    months = (reached.year() - start.year()) * 12 + reached.month() - start.month()
    return _sums(
        rows.mutate(months_on_book=months),
        ["cohort_on", "months_on_book"],
        disbursed_fen="principal_fen",
    )


def early_defaults(state: Table, terms: CloseTerms) -> Table:
    """First and second instalments that have had n days, and those that were so late."""
    parts = [
        _early(state, word, number, days, terms)
        for number, word in ((1, "first"), (2, "second"))
        for days in EARLY_DAYS
    ]
    keys = ["cohort_on", "instalment_number", "late_days_at_least"]
    return ibis.union(*parts).order_by(keys)


def _early(state: Table, word: str, number: int, days: int, terms: CloseTerms) -> Table:
    due_on = state[f"{word}_due_on"]
    had = ibis.date(terms.as_of).delta(due_on, unit="day") >= days
    rows = _with_cohort(state.filter(due_on.notnull() & had))
    counted = rows.group_by("cohort_on").aggregate(
        due_contracts=rows.count(),
        late_contracts=(rows[f"{word}_late_days"] >= days).cast("int64").sum(),
    )
    return counted.mutate(
        instalment_number=ibis.literal(number, "int32"),
        late_days_at_least=ibis.literal(days, "int32"),
    )


def prepayments(state: Table, _terms: CloseTerms) -> Table:
    """What was scheduled and what was prepaid since the earlier close, by cohort."""
    return _sums(
        _with_cohort(state.filter(state.outstanding_before_fen > 0)),
        ["cohort_on"],
        outstanding_before_fen="outstanding_before_fen",
        scheduled_fen="scheduled_principal_fen",
        prepaid_fen="prepaid_principal_fen",
    )


def _with_cohort(state: Table) -> Table:
    return state.mutate(cohort_on=state.disbursed_on.truncate("M"))


EXPRESSIONS: Final[Mapping[str, Callable[[Table, CloseTerms], Table]]] = {
    "by_bucket": by_bucket,
    "by_class": by_class,
    "moves": moves,
    "vintages": vintages,
    "vintage_curve": vintage_curve,
    "early_defaults": early_defaults,
    "prepayments": prepayments,
}
"""The expression of each table of ``FIGURES``."""
