"""Compile the kernel ahead: ``NUMBA_CACHE_DIR=<folder> python -m chedai.core.plans.kernel``.

To be run at set-up, once per version, with the same folder in the environment of every process that
quotes; a folder given as argument does the same for this command alone. Whatever is compiled is
also run and compared with the oracle.
"""

import os
import sys
from decimal import Decimal

import numpy as np

from chedai.core.loans.terms import LoanTerms
from chedai.core.plans.kernel.columns import LoanColumns, LoanQuotes
from chedai.core.plans.kernel.pricing import price_by_kernel, price_by_oracle

SMALL_FEN, LARGE_FEN = 100_000_00, 10**10
"""Schedules of the first are kept in int32, of the second in int64."""
FRONT_ROWS, FRONT_COLUMNS, FRONT_VALUES = 300, 3, 12


class KernelDisagreesError(Exception):
    """The compiled kernel does not agree with the oracle on this machine; it must not be used."""


def warm_up(*, with_schedules: tuple[bool, ...] = (False, True)) -> None:
    """Compile every variant and compare each with the oracle; searches keep no schedules.

    Refused with ``KernelDisagreesError`` when any amount differs, or a rate by more than 1e-10.
    """
    for principal_fen in (SMALL_FEN, LARGE_FEN):
        loans = _loans(principal_fen)
        expected = price_by_oracle(loans)
        for are_kept in with_schedules:
            _compare(price_by_kernel(loans, with_schedules=are_kept), expected)
    _compare_fronts()


def _loans(principal_fen: int) -> LoanColumns:
    terms = [
        LoanTerms(
            method=method,
            principal_fen=principal_fen,
            term_months=36,
            nominal_rate_annual=Decimal("0.0588"),
        )
        for method in ("equal_instalment", "equal_principal", "balloon", "bullet")
    ]
    return LoanColumns.of_terms(terms)


def _compare(quotes: LoanQuotes, expected: LoanQuotes) -> None:
    same = all(
        np.array_equal(getattr(quotes, name), getattr(expected, name))
        for name in ("first_fen", "last_fen", "total_charge_fen", "rate_state")
    )
    if not same or np.abs(quotes.irr_monthly - expected.irr_monthly).max() > 1e-10:
        raise KernelDisagreesError("编译后的报价内核与逐笔计算不一致，请停用批量报价并报告此问题")


def _compare_fronts() -> None:
    # Rows sorted by their sums, as if all had the same cash; every pair of them is the oracle.
    from chedai.core.plans.kernel.sweeping import sweep  # noqa: PLC0415

    rows = np.random.default_rng(1).integers(0, FRONT_VALUES, (FRONT_ROWS, FRONT_COLUMNS))
    order, kept = np.arange(FRONT_ROWS), np.empty(FRONT_ROWS, dtype=np.int64)
    rows = rows[np.argsort(rows.sum(axis=1), kind="stable")]
    count = sweep(rows, order, kept)
    beats = (rows[:, None, :] <= rows[None, :, :]).all(axis=2)
    if kept[:count].tolist() != np.flatnonzero(~np.triu(beats, 1).any(axis=0)).tolist():
        raise KernelDisagreesError("编译后的方案比较与逐个比较不一致，请停用编译的内核并报告此问题")


if __name__ == "__main__":
    if sys.argv[1:]:
        os.environ["NUMBA_CACHE_DIR"] = sys.argv[1]
    warm_up()
