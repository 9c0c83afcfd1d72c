"""Rows priced by the scalar oracle: small batches, and lanes the kernel does not answer for."""

from collections.abc import Iterable

import numpy as np

from chedai.core.loans.rates import NoRateError, SeveralRatesError, monthly_rate
from chedai.core.loans.schedules import Schedule, build_schedule
from chedai.core.plans.kernel.columns import (
    LoanColumns,
    LoanQuotes,
    RateState,
    ScheduleColumns,
)


def price_rows(loans: LoanColumns, rows: Iterable[int], quotes: LoanQuotes) -> None:
    """Fill some rows of ``quotes``, and of its schedules if it has them, from their schedules."""
    for row in rows:
        schedule = build_schedule(loans.terms_of(row))
        _write_instalments(schedule, row, quotes)
        rate, state = _rate_of(loans, row, schedule)
        quotes.irr_monthly[row] = rate
        quotes.rate_state[row] = state
        quotes.is_scalar[row] = True


def room_for_schedules(loans: LoanColumns) -> ScheduleColumns:
    """Make room for the schedules of all rows, one after the other, in int64."""
    terms = np.array([terms.term_months for terms in loans.conditions], dtype=np.int64)
    term_months = terms[loans.condition_index] if len(loans) else np.zeros(0, np.int64)
    places = int(term_months.sum())
    return ScheduleColumns(
        start=np.cumsum(term_months) - term_months,
        term_months=term_months,
        stride=1,
        instalment_fen=np.zeros(places, dtype=np.int64),
        principal_fen=np.zeros(places, dtype=np.int64),
    )


def _write_instalments(schedule: Schedule, row: int, quotes: LoanQuotes) -> None:
    paid = schedule.instalment_fen
    middle = paid[1:-1] or paid[:1]
    quotes.first_fen[row] = paid[0]
    quotes.lowest_fen[row] = min(middle)
    quotes.highest_fen[row] = max(middle)
    quotes.last_fen[row] = paid[-1]
    quotes.paid_at_start_fen[row] = schedule.paid_at_start_fen
    quotes.total_charge_fen[row] = schedule.total_paid_fen - schedule.total_principal_fen
    if quotes.schedules is not None:
        quotes.schedules.instalments_of(row)[:] = paid
        quotes.schedules.principals_of(row)[:] = schedule.principal_fen


def _rate_of(loans: LoanColumns, row: int, schedule: Schedule) -> tuple[float, RateState]:
    taken_fen = int(loans.taken_at_start_fen[row]) + schedule.paid_at_start_fen
    taken_fen += schedule.deposit_fen
    each_fen = int(loans.added_each_fen[row])
    paid = [fen + each_fen for fen in schedule.instalment_fen]
    paid[0] += int(loans.added_first_fen[row])
    paid[-1] += int(loans.added_last_fen[row]) - schedule.deposit_fen
    received_fen = schedule.total_principal_fen - taken_fen
    try:
        rate = monthly_rate(received_fen=received_fen, paid_fen=paid)
    except SeveralRatesError:
        return float("nan"), RateState.SEVERAL_RATES
    except NoRateError:
        return float("nan"), RateState.NO_RATE
    if sum(paid) == received_fen:
        return rate, RateState.SOLVED
    return rate, RateState.NEGATIVE if rate < 0 else RateState.SOLVED
