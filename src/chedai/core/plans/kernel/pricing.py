"""Price many loans at once, every fen as the scalar oracle has it."""

from dataclasses import replace
from typing import Final

from chedai.core.plans.kernel.columns import LoanColumns, LoanColumnsError, LoanQuotes
from chedai.core.plans.kernel.scalar import price_rows, room_for_schedules

SCALAR_ROWS_MAX: Final = 200
"""Up to here the oracle answers sooner than the compiler's library loads."""
THREADS_MAX: Final = 64


def price_columns(
    loans: LoanColumns, *, threads: int = 1, with_schedules: bool = False
) -> LoanQuotes:
    """Price every row.

    Up to ``SCALAR_ROWS_MAX`` rows the scalar oracle does it; above, the compiled kernel, which
    leaves to the oracle the rows it cannot answer for (``LoanQuotes.is_scalar``).

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
    if len(loans) <= SCALAR_ROWS_MAX:
        return price_by_oracle(loans, with_schedules=with_schedules)
    return price_by_kernel(loans, threads=threads, with_schedules=with_schedules)


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
