"""Equal instalments in exact arithmetic, and the monthly recurrence that all annuities share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chedai.core.money import ROUNDINGS, round_to_unit

if TYPE_CHECKING:
    from chedai.core.loans.terms import LoanTerms


def instalment_of(
    terms: LoanTerms,
    *,
    principal_fen: int,
    months: int,
    rate: tuple[int, int],
    balloon_fen: int = 0,
) -> int:
    """Return the equal instalment, rounded by the lender's convention.

    ``(P − B/(1+i)^n)·i/(1−(1+i)^−n)`` as one exact fraction: with i = a/b and q = (a+b)^n it is
    ``(P·q − B·b^n)·a / (b·(q − b^n))``, so that even a tie is rounded as the contract says.
    """
    numerator, denominator = annuity_fraction(
        principal_fen=principal_fen, months=months, rate=rate, balloon_fen=balloon_fen
    )
    return round_to_unit(
        numerator, denominator, unit_fen=terms.rounding_unit_fen, rounding=terms.rounding
    )


def annuity_fraction(
    *, principal_fen: int, months: int, rate: tuple[int, int], balloon_fen: int = 0
) -> tuple[int, int]:
    """Return the unrounded equal instalment as an exact fraction of fen."""
    part, whole = rate
    if part == 0:
        return principal_fen - balloon_fen, months
    base = whole**months
    grown = (whole + part) ** months
    return (principal_fen * grown - balloon_fen * base) * part, whole * (grown - base)


def amortise(
    terms: LoanTerms,
    *,
    principal_fen: int,
    instalment_fen: int,
    months: int,
    rate: tuple[int, int],
    leave_fen: int = 0,
    months_before: int = 0,
) -> tuple[list[int], list[int], int]:
    """Run the balance down by a fixed instalment, beginning after ``months_before`` others.

    Interest is rounded each month; an instalment never repays more than stands above
    ``leave_fen`` (rounding may clear a tiny loan early) and never less than the interest.

    Returns
    -------
    tuple
        Principal parts, interest parts, and the balance after ``months``.
    """
    rounded = ROUNDINGS[terms.interest_rounding]
    part, whole = rate
    outstanding_fen = principal_fen
    principal_parts, interest_parts = [], []
    days = regular = 1
    for month in range(months_before + 1, months_before + months + 1):
        if terms.interest_days is not None:
            days, regular = terms.interest_days.factor(month)
        interest_fen = rounded(outstanding_fen * part * days, whole * regular)
        repaid_fen = min(max(instalment_fen - interest_fen, 0), outstanding_fen - leave_fen)
        outstanding_fen -= repaid_fen
        principal_parts.append(repaid_fen)
        interest_parts.append(interest_fen)
    return principal_parts, interest_parts, outstanding_fen
