"""A rate set anew in the course of a contract (重定价): the rest of it, at another rate."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from chedai.core.loans.schedules import Schedule, build_schedule, schedule_from_parts
from chedai.core.money import ROUNDINGS

if TYPE_CHECKING:
    from decimal import Decimal

    from chedai.core.loans.terms import LoanTerms

LPR_METHODS: Final = frozenset({"balloon", "equal_instalment", "equal_principal", "interest_first"})
"""Methods with one rate on the balance, for which a new rate has one meaning."""


def repriced(
    schedule: Schedule, terms: LoanTerms, *, after_month: int, nominal_rate_annual: Decimal
) -> Schedule:
    """Lay the contract out with another rate after some instalments.

    The months until then stay as they are. An unchanged rate changes nothing; any other sets the
    instalment anew on what is owed over the months that remain. Equal principal keeps its parts.
    """
    assert terms.method in LPR_METHODS
    assert 0 <= after_month < terms.term_months
    if nominal_rate_annual == terms.nominal_rate_annual:
        return schedule
    rest = replace(terms, nominal_rate_annual=nominal_rate_annual, deposit_fen=0)
    if terms.method == "equal_principal":
        principal, interest = _same_parts(schedule, rest, after_month)
    else:
        later = build_schedule(_rest_of(schedule, rest, after_month))
        principal, interest = list(later.principal_fen), list(later.interest_fen)
    return schedule_from_parts(
        principal_fen=[*schedule.principal_fen[:after_month], *principal],
        interest_fen=[*schedule.interest_fen[:after_month], *interest],
        deposit_fen=terms.deposit_fen,
    )


def _same_parts(
    schedule: Schedule, terms: LoanTerms, after_month: int
) -> tuple[list[int], list[int]]:
    part, whole = terms.rate_monthly_ratio
    rounded = ROUNDINGS[terms.interest_rounding]
    interest = []
    for month in range(after_month + 1, terms.term_months + 1):
        days, regular = terms.month_factor(month)
        owed_fen = schedule.outstanding_after(month - 1)
        interest.append(rounded(owed_fen * part * days, whole * regular))
    return list(schedule.principal_fen[after_month:]), interest


def _rest_of(schedule: Schedule, terms: LoanTerms, after_month: int) -> LoanTerms:
    waiting = terms.interest_only_months
    is_done_waiting = terms.method == "interest_first" and 0 < waiting <= after_month
    owed_fen = schedule.outstanding_after(after_month)
    return replace(
        terms,
        method="equal_instalment" if is_done_waiting else terms.method,
        principal_fen=owed_fen,
        term_months=terms.term_months - after_month,
        balloon_fen=min(terms.balloon_fen, owed_fen),
        interest_only_months=max(waiting - after_month, 0),
        interest_days=terms.interest_days.after(after_month)
        if terms.interest_days and after_month
        else terms.interest_days,
    )
