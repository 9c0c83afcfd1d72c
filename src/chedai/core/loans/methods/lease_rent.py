"""融资租赁租金: rent in arrears or in advance, a residual price at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chedai.core.loans.annuity import amortise, annuity_fraction, instalment_of
from chedai.core.loans.schedules import Schedule, schedule_from_parts
from chedai.core.money import ROUNDINGS, round_to_unit

if TYPE_CHECKING:
    from chedai.core.loans.terms import LoanTerms


def schedule(terms: LoanTerms) -> Schedule:
    """Lay out n rents; the residual (``balloon_fen``) falls due in month n.

    In advance the first rent is paid on day 0 and is all principal, the last one month before the
    end; month n then holds the residual alone, or nothing.
    """
    if terms.rent_timing == "arrears":
        return _in_arrears(terms)
    return _in_advance(terms)


def _in_arrears(terms: LoanTerms) -> Schedule:
    rate = terms.rate_monthly_ratio
    rent_fen = instalment_of(
        terms,
        principal_fen=terms.principal_fen,
        months=terms.term_months,
        rate=rate,
        balloon_fen=terms.balloon_fen,
    )
    principal, interest, rest_fen = amortise(
        terms,
        principal_fen=terms.principal_fen,
        instalment_fen=rent_fen,
        months=terms.term_months,
        rate=rate,
        leave_fen=terms.balloon_fen,
    )
    principal[-1] += rest_fen
    return schedule_from_parts(principal_fen=principal, interest_fen=interest)


def _in_advance(terms: LoanTerms) -> Schedule:
    part, whole = rate = terms.rate_monthly_ratio
    numerator, denominator = annuity_fraction(
        principal_fen=terms.principal_fen,
        months=terms.term_months,
        rate=rate,
        balloon_fen=terms.balloon_fen,
    )
    # Each rent comes a month earlier than in arrears: divide by 1 + i.
    rent_fen = round_to_unit(
        numerator * whole,
        denominator * (whole + part),
        unit_fen=terms.rounding_unit_fen,
        rounding=terms.rounding,
    )
    # What the residual is worth a month before it falls due, so that it is paid to the fen.
    residual_interest_fen = ROUNDINGS[terms.interest_rounding](
        terms.balloon_fen * part, whole + part
    )
    leave_fen = terms.balloon_fen - residual_interest_fen
    is_only_rent = terms.term_months == 1
    financed_fen = terms.principal_fen - leave_fen
    first_fen = financed_fen if is_only_rent else min(rent_fen, financed_fen)
    principal, interest, balance_fen = amortise(
        terms,
        principal_fen=terms.principal_fen - first_fen,
        instalment_fen=rent_fen,
        months=terms.term_months - 1,
        rate=rate,
        leave_fen=leave_fen,
    )
    if principal:
        principal[-1] += balance_fen - leave_fen
    return schedule_from_parts(
        principal_fen=[*principal, leave_fen],
        interest_fen=[*interest, residual_interest_fen],
        principal_at_start_fen=first_fen,
    )
