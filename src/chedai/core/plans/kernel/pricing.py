"""Price many loans at once, every fen as the scalar oracle has it."""

from dataclasses import replace
from functools import cache
from typing import Final

import numpy as np

from chedai.core.loans.terms import LoanTerms
from chedai.core.plans.kernel.columns import LoanColumns, LoanColumnsError, LoanQuotes
from chedai.core.plans.kernel.scalar import price_rows, room_for_schedules

ROWS_MAX_BEFORE_LOADING: Final = 2_000
"""Up to here the oracle answers sooner than the compiler's library loads (about half a second)."""
ROWS_MAX_OF_ORACLE: Final = 10
"""Up to here the oracle answers as soon as the loaded kernel."""
THREADS_MAX: Final = 64


def price_columns(
    loans: LoanColumns, *, threads: int = 1, with_schedules: bool = False
) -> LoanQuotes:
    """Price every row.

    Small batches go to the scalar oracle, larger ones to the compiled kernel, which leaves to the
    oracle the rows it cannot answer for (``LoanQuotes.is_scalar``). The amounts are the same. What
    is small depends on whether the kernel is loaded: nobody waits for it without need.

    Parameters
    ----------
    threads
        1 to 64; the kernel's threads hold no interpreter lock.
    with_schedules
        Keep every instalment and its principal part (``LoanQuotes.schedules``).

    Raises
    ------
    LoanColumnsError
        ``threads`` is out of bounds.
    """
    if not 1 <= threads <= THREADS_MAX:
        raise LoanColumnsError(f"threads 须在 1 与 {THREADS_MAX} 之间")
    limit = ROWS_MAX_OF_ORACLE if is_kernel_loaded() else ROWS_MAX_BEFORE_LOADING
    if len(loans) <= limit:
        return price_by_oracle(loans, with_schedules=with_schedules)
    return price_by_kernel(loans, threads=threads, with_schedules=with_schedules)


@cache
def load_kernel() -> None:
    """Load the kernel, so that no quote waits for it: for a thread at the start of a process."""
    from chedai.core.plans.kernel.sweeping import sweep  # noqa: PLC0415

    row = np.zeros((1, 1), dtype=np.int64)
    sweep(row, row[0], row[0].copy())
    terms = LoanTerms(method="equal_instalment", principal_fen=1_000_000, term_months=12)
    price_by_kernel(LoanColumns.of_terms([terms]))


def is_kernel_loaded() -> bool:
    """Say whether ``load_kernel`` has finished."""
    return bool(load_kernel.cache_info().currsize)


def price_by_oracle(loans: LoanColumns, *, with_schedules: bool = False) -> LoanQuotes:
    """Price every row by the scalar oracle."""
    quotes = LoanQuotes.empty(len(loans))
    if with_schedules:
        quotes = replace(quotes, schedules=room_for_schedules(loans))
    price_rows(loans, range(len(loans)), quotes)
    return quotes


def price_by_kernel(
    loans: LoanColumns, *, threads: int = 1, with_schedules: bool = False
) -> LoanQuotes:
    """Price every row by the compiled kernel, whatever their number."""
    # Loaded when first needed: the compiler's library takes longer than a few plans.
    from chedai.core.plans.kernel.batch import price_batch  # noqa: PLC0415

    return price_batch(loans, threads=threads, with_schedules=with_schedules)
