"""等额本金: the same principal every month, interest on what is still owed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chedai.core.loans.schedules import Schedule, schedule_from_parts
from chedai.core.money import ROUNDINGS, round_to_unit

if TYPE_CHECKING:
    from chedai.core.loans.terms import LoanTerms


def schedule(terms: LoanTerms) -> Schedule:
    """Lay out equal principal parts."""
    principal = equal_parts(terms)
    part, whole = terms.rate_monthly_ratio
    rounded = ROUNDINGS[terms.interest_rounding]
    outstanding_fen = terms.principal_fen
    interest = []
    for month, repaid_fen in enumerate(principal, start=1):
        days, regular = terms.month_factor(month)
        interest.append(rounded(outstanding_fen * part * days, whole * regular))
        outstanding_fen -= repaid_fen
    return schedule_from_parts(principal_fen=principal, interest_fen=interest)


def equal_parts(terms: LoanTerms) -> list[int]:
    """Split the principal into equal rounded parts; the last takes the remainder."""
    months = terms.term_months
    part_fen = round_to_unit(
        terms.principal_fen, months, unit_fen=terms.rounding_unit_fen, rounding=terms.rounding
    )
    parts = []
    rest_fen = terms.principal_fen
    for _ in range(months - 1):
        parts.append(min(part_fen, rest_fen))
        rest_fen -= parts[-1]
    return [*parts, rest_fen]
