"""按淡旺季还款: equal instalments, less or no principal in the slack months of every year."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from chedai.core.loans.schedules import Schedule, schedule_from_parts
from chedai.core.money import ROUNDINGS, round_to_unit

if TYPE_CHECKING:
    from chedai.core.loans.terms import LoanTerms


def schedule(terms: LoanTerms) -> Schedule:
    """Lay out ``M = P·i + P/S`` in usual months; a slack month repays its share of the principal.

    With w = 1 in a usual month and the slack share in a slack one, the balance of a month is
    ``B(1 + w·i) − w·M``; it closes for ``S = Σ w_k Π_{j>k} (1 + w_j·i)``.
    """
    part, whole = terms.rate_monthly_ratio
    ratio = Fraction(terms.slack_principal_ratio)
    is_slack = tuple(terms.is_slack(month) for month in range(1, terms.term_months + 1))
    factor = _annuity_factor(is_slack, ratio, Fraction(part, whole))
    usual = terms.principal_fen * (Fraction(part, whole) + 1 / factor)
    usual_fen = round_to_unit(
        usual.numerator,
        usual.denominator,
        unit_fen=terms.rounding_unit_fen,
        rounding=terms.rounding,
    )
    rounded = ROUNDINGS[terms.interest_rounding]
    outstanding_fen = terms.principal_fen
    principal, interest = [], []
    for month, is_less in enumerate(is_slack, start=1):
        days, regular = terms.month_factor(month)
        interest_fen = rounded(outstanding_fen * part * days, whole * regular)
        repaid_fen = max(usual_fen - interest_fen, 0)
        if is_less:
            repaid_fen = rounded(repaid_fen * ratio.numerator, ratio.denominator)
        principal.append(min(repaid_fen, outstanding_fen))
        interest.append(interest_fen)
        outstanding_fen -= principal[-1]
    principal[-1] += outstanding_fen
    return schedule_from_parts(principal_fen=principal, interest_fen=interest)


@lru_cache(maxsize=256)
def _annuity_factor(is_slack: tuple[bool, ...], ratio: Fraction, rate: Fraction) -> Fraction:
    """Return S; it does not depend on the principal, and a search asks for it many times."""
    factor, growth = Fraction(0), Fraction(1)
    for is_less in reversed(is_slack):
        weight = ratio if is_less else Fraction(1)
        factor += weight * growth
        growth *= 1 + weight * rate
    return factor
