"""手续费分期(等本等息): equal principal and a fee on the original principal, spread or at once."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from chedai.core.loans.methods.equal_principal import equal_parts
from chedai.core.loans.schedules import Schedule, schedule_from_parts
from chedai.core.money import round_ratio, round_to_unit

if TYPE_CHECKING:
    from chedai.core.loans.terms import LoanTerms


def schedule(terms: LoanTerms) -> Schedule:
    """Lay out instalments of ``P(1+f)/n``; the fee is what they hold above ``P/n``."""
    principal = equal_parts(terms)
    months = terms.term_months
    total_fee_fen = round_ratio(
        terms.principal_fen, terms.flat_fee_rate_total or Decimal(0), terms.interest_rounding
    )
    nothing = [0] * months
    if terms.flat_fee_timing == "upfront":
        return schedule_from_parts(
            principal_fen=principal, interest_fen=nothing, fee_at_start_fen=total_fee_fen
        )
    instalment_fen = round_to_unit(
        terms.principal_fen + total_fee_fen,
        months,
        unit_fen=terms.rounding_unit_fen,
        rounding=terms.rounding,
    )
    fees = []
    rest_fen = total_fee_fen
    for principal_fen in principal[:-1]:
        fees.append(min(instalment_fen - principal_fen, rest_fen))
        rest_fen -= fees[-1]
    return schedule_from_parts(
        principal_fen=principal, interest_fen=nothing, fee_fen=[*fees, rest_fen]
    )
