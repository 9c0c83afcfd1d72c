"""阶梯(分段利率): rates in turn, months of 0 % among them, on one of three bases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chedai.core.loans.annuity import amortise, instalment_of
from chedai.core.loans.methods.equal_principal import equal_parts
from chedai.core.loans.schedules import Schedule, schedule_from_parts
from chedai.core.loans.terms import monthly_ratio
from chedai.core.money import ROUNDINGS

if TYPE_CHECKING:
    from chedai.core.loans.terms import LoanTerms


def schedule(terms: LoanTerms) -> Schedule:
    """Lay out the segments on the base the contract names."""
    if terms.segment_base == "outstanding":
        return _on_outstanding(terms)
    return _on_fixed_base(terms)


def _on_outstanding(terms: LoanTerms) -> Schedule:
    """Each segment sets the equal instalment anew over all months that remain."""
    outstanding_fen = terms.principal_fen
    remaining_months = terms.term_months
    principal: list[int] = []
    interest: list[int] = []
    for segment in terms.segments:
        rate = monthly_ratio(segment.nominal_rate_annual)
        instalment_fen = instalment_of(
            terms, principal_fen=outstanding_fen, months=remaining_months, rate=rate
        )
        repaid, charged, outstanding_fen = amortise(
            terms,
            principal_fen=outstanding_fen,
            instalment_fen=instalment_fen,
            months=segment.months,
            rate=rate,
            months_before=terms.term_months - remaining_months,
        )
        principal += repaid
        interest += charged
        remaining_months -= segment.months
    principal[-1] += outstanding_fen
    return schedule_from_parts(principal_fen=principal, interest_fen=interest)


def _on_fixed_base(terms: LoanTerms) -> Schedule:
    """Equal principal; each month of a segment is charged on the same amount."""
    principal = equal_parts(terms)
    rounded = ROUNDINGS[terms.interest_rounding]
    interest: list[int] = []
    for segment in terms.segments:
        start_fen = terms.principal_fen - sum(principal[: len(interest)])
        base_fen = terms.principal_fen if terms.segment_base == "original" else start_fen
        part, whole = monthly_ratio(segment.nominal_rate_annual)
        interest += [rounded(base_fen * part, whole)] * segment.months
    return schedule_from_parts(principal_fen=principal, interest_fen=interest)
