"""尾款(气球贷): equal instalments on what the balloon leaves, the balloon with the last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chedai.core.loans.annuity import amortise, instalment_of
from chedai.core.loans.schedules import Schedule, schedule_from_parts

if TYPE_CHECKING:
    from chedai.core.loans.terms import LoanTerms


def schedule(terms: LoanTerms) -> Schedule:
    """Lay out instalments ``(P − B/(1+i)^n)·i/(1−(1+i)^−n)`` and B in the last month."""
    rate = terms.rate_monthly_ratio
    instalment_fen = instalment_of(
        terms,
        principal_fen=terms.principal_fen,
        months=terms.term_months,
        rate=rate,
        balloon_fen=terms.balloon_fen,
    )
    principal, interest, rest_fen = amortise(
        terms,
        principal_fen=terms.principal_fen,
        instalment_fen=instalment_fen,
        months=terms.term_months,
        rate=rate,
        leave_fen=terms.balloon_fen,
    )
    principal[-1] += rest_fen
    return schedule_from_parts(principal_fen=principal, interest_fen=interest)
