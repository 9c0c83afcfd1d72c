"""One comparison for all: every column, every instalment, every principal part."""

import numpy as np

from chedai.core.plans.kernel.columns import LoanColumns, LoanQuotes
from chedai.core.plans.kernel.pricing import price_by_kernel, price_by_oracle

AMOUNTS = (
    "first_fen",
    "lowest_fen",
    "highest_fen",
    "last_fen",
    "paid_at_start_fen",
    "total_charge_fen",
    "rate_state",
)


def assert_agrees(loans: LoanColumns, *, threads: int = 1) -> LoanQuotes:
    """Price by the kernel and by the oracle; no fen and no rate may differ."""
    quotes = price_by_kernel(loans, threads=threads, with_schedules=True)
    expected = price_by_oracle(loans, with_schedules=True)
    assert_same(quotes, expected)
    assert quotes.schedules is not None
    assert expected.schedules is not None
    for row in range(len(loans)):
        told = loans.terms_of(row)
        paid = quotes.schedules.instalments_of(row)
        repaid = quotes.schedules.principals_of(row)
        assert np.array_equal(paid, expected.schedules.instalments_of(row)), told
        assert np.array_equal(repaid, expected.schedules.principals_of(row)), told
    return quotes


def assert_same(quotes: LoanQuotes, expected: LoanQuotes) -> None:
    for name in AMOUNTS:
        same = getattr(quotes, name) == getattr(expected, name)
        assert same.all(), f"{name} differs in rows {np.flatnonzero(~same)[:5]}"
    np.testing.assert_allclose(quotes.irr_monthly, expected.irr_monthly, rtol=0, atol=1e-10)
