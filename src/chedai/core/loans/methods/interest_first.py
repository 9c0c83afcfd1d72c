"""先息后本: interest alone for a while, then the principal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chedai.core.loans.annuity import amortise, instalment_of
from chedai.core.loans.schedules import Schedule, schedule_from_parts

if TYPE_CHECKING:
    from chedai.core.loans.terms import LoanTerms


def schedule(terms: LoanTerms) -> Schedule:
    """Lay out the interest-only months, then equal instalments over the rest of the term.

    With no amortising months left the whole principal falls due with the last instalment.
    """
    rate = terms.rate_monthly_ratio
    interest_only_months = terms.interest_only_months or terms.term_months
    principal, interest, _ = amortise(
        terms,
        principal_fen=terms.principal_fen,
        instalment_fen=0,
        months=interest_only_months,
        rate=rate,
    )
    rest_fen = terms.principal_fen
    months = terms.term_months - interest_only_months
    if months:
        instalment_fen = instalment_of(terms, principal_fen=rest_fen, months=months, rate=rate)
        repaid, charged, rest_fen = amortise(
            terms,
            principal_fen=rest_fen,
            instalment_fen=instalment_fen,
            months=months,
            rate=rate,
            months_before=interest_only_months,
        )
        principal += repaid
        interest += charged
    principal[-1] += rest_fen
    return schedule_from_parts(principal_fen=principal, interest_fen=interest)
