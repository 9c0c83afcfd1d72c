"""Instalments of one tile, month by month where rounding demands it (compiled).

Each function leaves in ``work`` the payment of every run but for the last month (``pay``), the last
payment, the total, and what is paid on day 0; lanes in which rounding clears the loan early, or
comes too near a tie, lose their ``GOOD``.
"""

import numpy as np

from chedai.core.plans.kernel.columns import Floats, Ints
from chedai.core.plans.kernel.compiling import compiled
from chedai.core.plans.kernel.shapes import Base
from chedai.core.plans.kernel.tiles import (
    AT_START,
    BALANCE,
    BALLOON,
    BAND,
    BIAS,
    FACTOR,
    FEE,
    GOOD,
    HALF,
    LANES,
    LAST_PAID,
    MONTHS,
    NET,
    PAY,
    PRINCIPAL,
    RATE,
    STEP,
    TOTAL,
    UNIT,
    Store,
    Work,
    line_of,
)

TIE_FEN = 1e-7
TIE_RATIO = 1e-13
INTEREST_ONLY = int(Base.INTEREST_ONLY)
ORIGINAL = int(Base.ORIGINAL)


@compiled
def fill_annuity(
    work: Work, months: Ints, base: Ints, run_count: int, store: Store, place: int
) -> None:
    """Run the balance down; each run's instalment is set on the balance at its start."""
    for lane in range(LANES):
        work[BALANCE + lane] = work[PRINCIPAL + lane]
        work[TOTAL + lane] = 0.0
        work[AT_START + lane] = 0.0
    done = 0
    for run in range(run_count):
        pay = line_of(work, PAY, run)
        is_final = run == run_count - 1
        count = months[run] - 1 if is_final else months[run]
        if base[run] == INTEREST_ONLY:
            _interest_only(work, run, count, store, place + done * LANES)
        else:
            _set_instalment(work, run, 0.0)
            _check_repays(work, run)
            _run_down(work, run, count, store, place + done * LANES)
        _check_not_cleared(work, is_final)
        for lane in range(LANES):
            work[TOTAL + lane] += count * pay[lane]
        done += count
    _close(work, run_count - 1, store, place + done * LANES)


@compiled
def _set_instalment(work: Work, run: int, months_ahead: float) -> None:
    """Set the instalment on the balance; ``months_ahead`` is 1.0 where it falls due in advance."""
    pay = line_of(work, PAY, run)
    rate = line_of(work, RATE, run)
    factor = line_of(work, FACTOR, run)
    half = line_of(work, HALF, run)
    band = line_of(work, BAND, run)
    unit = line_of(work, UNIT, run)
    for lane in range(LANES):
        balloon = work[BALLOON + lane]
        exact = (work[BALANCE + lane] - balloon) * factor[lane]
        exact += balloon * rate[lane]
        exact /= 1.0 + months_ahead * rate[lane]
        raised = exact / unit[lane] + half[lane]
        whole = np.floor(raised)
        pay[lane] = whole * unit[lane]
        over = raised - whole
        near_tie = band[lane] * (TIE_FEN + TIE_RATIO * exact) / unit[lane]
        near = over if over < 0.5 else 1.0 - over
        work[GOOD + lane] = work[GOOD + lane] if near >= near_tie else 0.0


@compiled
def _run_down(work: Work, run: int, count: int, store: Store, place: int) -> None:
    pay = line_of(work, PAY, run)
    rate, bias = line_of(work, RATE, run), line_of(work, BIAS, run)
    balance = line_of(work, BALANCE, 0)
    for month in range(count):
        if not store.is_kept:
            for lane in range(LANES):
                before = balance[lane]
                interest = np.floor(before * rate[lane] + bias[lane])
                balance[lane] = before + (interest - pay[lane])
        else:
            paid_line = line_of(store.instalment, place, month)
            repaid_line = line_of(store.principal, place, month)
            for lane in range(LANES):
                before = balance[lane]
                repaid = pay[lane] - np.floor(before * rate[lane] + bias[lane])
                balance[lane] = before - repaid
                paid_line[lane] = pay[lane]
                repaid_line[lane] = repaid


@compiled
def _check_repays(work: Work, run: int) -> None:
    """Below the interest of its first month an instalment repays nothing: that is the oracle's."""
    pay = line_of(work, PAY, run)
    rate, bias = line_of(work, RATE, run), line_of(work, BIAS, run)
    for lane in range(LANES):
        interest = np.floor(work[BALANCE + lane] * rate[lane] + bias[lane])
        work[GOOD + lane] = work[GOOD + lane] if pay[lane] >= interest else 0.0


@compiled
def fill_advance(work: Work, term: int, store: Store, place: int) -> None:
    """The first rent on day 0; the last takes what rounding left, then the balloon alone.

    ``FEE`` is what the balloon costs in its last month, ``STEP`` what it is worth before that.
    """
    rate, bias = line_of(work, RATE, 0), line_of(work, BIAS, 0)
    rent, rest = line_of(work, PAY, 0), line_of(work, PAY, 1)
    for lane in range(LANES):
        balloon = work[BALLOON + lane]
        fee = np.floor(balloon * rate[lane] / (1.0 + rate[lane]) + bias[lane])
        work[FEE + lane] = fee
        work[STEP + lane] = balloon - fee
        work[BALANCE + lane] = work[PRINCIPAL + lane]
    _set_instalment(work, 0, 1.0)
    for lane in range(LANES):
        work[AT_START + lane] = rent[lane]
        work[NET + lane] -= rent[lane]
        work[BALANCE + lane] -= rent[lane]
    _check_repays(work, 0)
    _run_down(work, 0, term - 2, store, place)
    for lane in range(LANES):
        balance, leave = work[BALANCE + lane], work[STEP + lane]
        work[GOOD + lane] = work[GOOD + lane] if balance >= leave else 0.0
        rest[lane] = balance - leave + np.floor(balance * rate[lane] + bias[lane])
        work[TOTAL + lane] = (term - 2) * rent[lane] + rest[lane]
        work[BALANCE + lane] = balance - leave
        work[LAST_PAID + lane] = leave
    if store.is_kept:
        _store_month(work, rest, store, place + (term - 2) * LANES, 0)
    _close_with_fee(work, store, place + (term - 1) * LANES)


@compiled
def _interest_only(work: Work, run: int, count: int, store: Store, place: int) -> None:
    pay = line_of(work, PAY, run)
    rate = line_of(work, RATE, run)
    bias = line_of(work, BIAS, run)
    for lane in range(LANES):
        exact = work[BALANCE + lane] * rate[lane]
        pay[lane] = np.floor(exact + bias[lane])
    if store.is_kept:
        for month in range(count):
            paid_line = line_of(store.instalment, place, month)
            repaid_line = line_of(store.principal, place, month)
            for lane in range(LANES):
                paid_line[lane] = pay[lane]
                repaid_line[lane] = 0.0


@compiled
def _store_run(work: Work, run: int, count: int, store: Store, place: int) -> None:
    """Write a run of equal instalments; ``BALANCE`` is their principal part."""
    pay = line_of(work, PAY, run)
    for month in range(count):
        _store_month(work, pay, store, place, month)


@compiled
def _check_not_cleared(work: Work, is_final: bool) -> None:
    for lane in range(LANES):
        leave = work[BALLOON + lane] if is_final else 0.0
        work[GOOD + lane] = work[GOOD + lane] if work[BALANCE + lane] >= leave else 0.0


@compiled
def _close(work: Work, run: int, store: Store, place: int) -> None:
    rate = line_of(work, RATE, run)
    bias = line_of(work, BIAS, run)
    for lane in range(LANES):
        balance = work[BALANCE + lane]
        interest = np.floor(balance * rate[lane] + bias[lane])
        work[LAST_PAID + lane] = balance + interest
        work[TOTAL + lane] += balance + interest
    if store.is_kept:
        _store_month(work, line_of(work, LAST_PAID, 0), store, place, 0)


@compiled
def _set_part(work: Work, term: int) -> None:
    """Leave one equal part of principal in ``BALANCE``, what the last takes in ``LAST_PAID``."""
    for lane in range(LANES):
        principal = work[PRINCIPAL + lane]
        part = np.floor(principal / term + (0.5 + 0.25 / term))
        work[BALANCE + lane] = part
        work[LAST_PAID + lane] = principal - (term - 1) * part
        work[GOOD + lane] = work[GOOD + lane] if work[LAST_PAID + lane] >= 0.0 else 0.0
        work[AT_START + lane] = 0.0
        work[TOTAL + lane] = 0.0


@compiled
def fill_parts(
    work: Work,
    months: Ints,
    base: Ints,
    run_count: int,
    term: int,
    store: Store,
    place: int,
) -> None:
    """Equal parts of principal; each run's charge is on an amount fixed at its start."""
    _set_part(work, term)
    done = 0
    for run in range(run_count):
        pay = line_of(work, PAY, run)
        rate = line_of(work, RATE, run)
        bias = line_of(work, BIAS, run)
        count = months[run] - 1 if run == run_count - 1 else months[run]
        for lane in range(LANES):
            principal = work[PRINCIPAL + lane]
            repaid = 0.0 if base[run] == ORIGINAL else done * work[BALANCE + lane]
            charge = np.floor((principal - repaid) * rate[lane] + bias[lane])
            work[FEE + lane] = charge
            pay[lane] = work[BALANCE + lane] + charge
            work[TOTAL + lane] += count * pay[lane]
        if store.is_kept:
            _store_run(work, run, count, store, place + done * LANES)
        done += count
    _close_with_fee(work, store, place + done * LANES)


@compiled
def fill_flat_fee(work: Work, term: int, store: Store, place: int) -> None:
    """Instalments of (principal + fee) / term; the last takes what is left of both."""
    _set_part(work, term)
    for lane in range(LANES):
        principal = work[PRINCIPAL + lane]
        fee = np.floor(principal * work[RATE + lane] + work[BIAS + lane])
        pay = np.floor((principal + fee) / term + (0.5 + 0.25 / term))
        rest = fee - (term - 1) * (pay - work[BALANCE + lane])
        work[GOOD + lane] = work[GOOD + lane] if rest >= 0.0 else 0.0
        work[PAY + lane] = pay
        work[FEE + lane] = rest
        work[TOTAL + lane] = (term - 1) * pay
    if store.is_kept:
        _store_run(work, 0, term - 1, store, place)
    _close_with_fee(work, store, place + (term - 1) * LANES)


@compiled
def fill_at_once(work: Work, term: int, store: Store, place: int) -> None:
    """Equal parts of principal, the fee on day 0."""
    _set_part(work, term)
    for lane in range(LANES):
        exact = work[PRINCIPAL + lane] * work[RATE + lane]
        fee = np.floor(exact + work[BIAS + lane])
        work[AT_START + lane] = fee
        work[NET + lane] -= fee
        work[FEE + lane] = 0.0
        work[PAY + lane] = work[BALANCE + lane]
        work[TOTAL + lane] = (term - 1) * work[BALANCE + lane]
    if store.is_kept:
        _store_run(work, 0, term - 1, store, place)
    _close_with_fee(work, store, place + (term - 1) * LANES)


@compiled
def fill_bullet(work: Work, term: int, store: Store, place: int) -> None:
    """Nothing, then principal and simple interest together."""
    for lane in range(LANES):
        exact = work[PRINCIPAL + lane] * work[RATE + lane]
        work[FEE + lane] = np.floor(exact + work[BIAS + lane])
        work[LAST_PAID + lane] = work[PRINCIPAL + lane]
        work[BALANCE + lane] = 0.0
        work[PAY + lane] = 0.0
        work[AT_START + lane] = 0.0
        work[TOTAL + lane] = 0.0
    if store.is_kept:
        _store_run(work, 0, term - 1, store, place)
    _close_with_fee(work, store, place + (term - 1) * LANES)


@compiled
def _close_with_fee(work: Work, store: Store, place: int) -> None:
    """Add the last charge to the last part of principal."""
    for lane in range(LANES):
        principal = work[LAST_PAID + lane]
        work[LAST_PAID + lane] = principal + work[FEE + lane]
        work[TOTAL + lane] += work[LAST_PAID + lane]
        work[BALANCE + lane] = principal
    if store.is_kept:
        _store_month(work, line_of(work, LAST_PAID, 0), store, place, 0)


@compiled
def fill_equal_principal(work: Work, term: int, store: Store, place: int) -> None:
    """Equal parts of principal, interest on the balance; each month has a line of its own."""
    _set_part(work, term)
    for lane in range(LANES):
        work[STEP + lane] = work[PRINCIPAL + lane]
    for month in range(term - 1):
        line = line_of(work, MONTHS, month)
        for lane in range(LANES):
            before = work[STEP + lane]
            part = work[BALANCE + lane]
            paid = part + np.floor(before * work[RATE + lane] + work[BIAS + lane])
            work[STEP + lane] = before - part
            work[TOTAL + lane] += paid
            line[lane] = paid
        if store.is_kept:
            _store_month(work, line, store, place, month)
    line = line_of(work, MONTHS, term - 1)
    for lane in range(LANES):
        rest = work[STEP + lane]
        work[LAST_PAID + lane] = rest
        work[FEE + lane] = np.floor(rest * work[RATE + lane] + work[BIAS + lane])
        work[PAY + lane] = work[MONTHS + lane]
        line[lane] = rest + work[FEE + lane]
    _close_with_fee(work, store, place + (term - 1) * LANES)


@compiled
def _store_month(work: Work, line: Floats, store: Store, place: int, month: int) -> None:
    paid_line = line_of(store.instalment, place, month)
    repaid_line = line_of(store.principal, place, month)
    for lane in range(LANES):
        paid_line[lane] = line[lane]
        repaid_line[lane] = work[BALANCE + lane]
