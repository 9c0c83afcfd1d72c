"""到期一次还本付息: nothing until the end, then principal and simple interest together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chedai.core.loans.schedules import Schedule, schedule_from_parts
from chedai.core.money import ROUNDINGS

if TYPE_CHECKING:
    from chedai.core.loans.terms import LoanTerms


def schedule(terms: LoanTerms) -> Schedule:
    """Lay out one payment: interest is ``principal × annual × months / 12``, not compounded."""
    part, whole = terms.rate_monthly_ratio
    interest_fen = ROUNDINGS[terms.interest_rounding](
        terms.principal_fen * part * terms.term_months, whole
    )
    waiting = [0] * (terms.term_months - 1)
    return schedule_from_parts(
        principal_fen=[*waiting, terms.principal_fen], interest_fen=[*waiting, interest_fen]
    )
