"""The plans compared: six methods, eight terms, twenty rates, many principals, a 2 % fee."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from chedai.core.loans.terms import LoanTerms, RateSegment
from chedai.core.plans.kernel.columns import LoanColumns

METHODS = (
    "equal_instalment",
    "equal_principal",
    "balloon",
    "flat_fee",
    "stepped",
    "interest_first",
)
TERMS_MONTHS = (12, 18, 24, 36, 48, 60, 72, 84)
RATES = tuple(Decimal(300 + 37 * number) / 10_000 for number in range(20))
FREE_MONTHS = 6
BALLOON_TENTHS = 3
FEE_PER_MILLE = 20


def conditions() -> tuple[LoanTerms, ...]:
    return tuple(
        _terms(method, months, rate)
        for method in METHODS
        for months in TERMS_MONTHS
        for rate in RATES
    )


def loans_of(told: tuple[LoanTerms, ...], *, principals: int, seed: int = 20261120) -> LoanColumns:
    """Give every condition the same number of principals, 30,000 to 500,000 yuan to the fen."""
    chance = np.random.default_rng(seed)
    rows = len(told) * principals
    principal = chance.integers(30_000_00, 500_000_00, size=rows)
    index = np.repeat(np.arange(len(told)), principals)
    has_balloon = np.array([terms.method == "balloon" for terms in told])[index]
    return LoanColumns.of(
        conditions=told,
        condition_index=index,
        principal_fen=principal,
        balloon_fen=np.where(has_balloon, (principal * BALLOON_TENTHS * 2 + 10) // 20, 0),
        taken_at_start_fen=(principal * FEE_PER_MILLE * 2 + 1000) // 2000,
    )


def sample_of(loans: LoanColumns, rows: int) -> LoanColumns:
    """Take rows evenly, so that all methods and terms are in."""
    step = max(len(loans) // rows, 1)
    chosen = slice(step // 2, None, step)
    return LoanColumns.of(
        conditions=loans.conditions,
        condition_index=loans.condition_index[chosen].copy(),
        principal_fen=loans.principal_fen[chosen].copy(),
        balloon_fen=loans.balloon_fen[chosen].copy(),
        taken_at_start_fen=loans.taken_at_start_fen[chosen].copy(),
    )


def _terms(method: str, months: int, rate: Decimal) -> LoanTerms:
    told = {
        "flat_fee": {"flat_fee_rate_total": rate * months / 24},
        "stepped": {
            "segments": (
                RateSegment(months=FREE_MONTHS, nominal_rate_annual=Decimal(0)),
                RateSegment(months=months - FREE_MONTHS, nominal_rate_annual=rate),
            )
        },
        "interest_first": {"nominal_rate_annual": rate, "interest_only_months": FREE_MONTHS},
    }.get(method, {"nominal_rate_annual": rate})
    return LoanTerms(method=method, principal_fen=1, term_months=months, **told)
