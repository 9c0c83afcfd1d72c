"""What a good project does today: a Decimal schedule per plan in a loop, and pyxirr.irr.

Written apart from the program, so that agreement to the fen means something.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

import pyxirr

from chedai.core.loans.terms import LoanTerms
from chedai.core.plans.kernel.columns import LoanColumns

CENT = Decimal("0.01")


def schedule(terms: LoanTerms) -> list[Decimal]:
    """Instalments in yuan."""
    principal = Decimal(terms.principal_fen) / 100
    months = terms.term_months
    rate = terms.nominal_rate_annual / 12
    if terms.method == "equal_principal":
        return _equal_principal(principal, months, rate)
    if terms.method == "flat_fee":
        total = principal + _cents(principal * (terms.flat_fee_rate_total or Decimal(0)))
        paid = [_cents(total / months)] * (months - 1)
        return [*paid, total - sum(paid)]
    if terms.method == "stepped":
        paid, rest, left = [], principal, months
        for segment in terms.segments:
            rate = segment.nominal_rate_annual / 12
            level = _level(rest, left, rate, Decimal(0))
            some, rest = _run(rest, segment.months, rate, level)
            paid += some
            left -= segment.months
        paid[-1] += rest
        return paid
    waiting = terms.interest_only_months
    paid, rest = _run(principal, waiting, rate, Decimal(0))
    balloon = Decimal(terms.balloon_fen) / 100
    some, rest = _run(rest, months - waiting, rate, _level(rest, months - waiting, rate, balloon))
    paid += some
    paid[-1] += rest
    return paid


def quote(terms: LoanTerms, fee_fen: int) -> tuple[list[Decimal], float]:
    paid = schedule(terms)
    received = (terms.principal_fen - fee_fen) / 100
    return paid, pyxirr.irr([-received, *map(float, paid)])


def run(loans: LoanColumns) -> list[tuple[list[Decimal], float]]:
    with localcontext() as context:
        context.prec = 28
        return [
            quote(loans.terms_of(row), int(loans.taken_at_start_fen[row]))
            for row in range(len(loans))
        ]


def _level(principal: Decimal, months: int, rate: Decimal, balloon: Decimal) -> Decimal:
    if not rate:
        return _cents((principal - balloon) / months)
    discount = (1 + rate) ** -months
    return _cents((principal - balloon * discount) * rate / (1 - discount))


def _run(
    rest: Decimal, months: int, rate: Decimal, level: Decimal
) -> tuple[list[Decimal], Decimal]:
    paid = []
    for _ in range(months):
        interest = _cents(rest * rate)
        instalment = max(level, interest)
        rest -= instalment - interest
        paid.append(instalment)
    return paid, rest


def _equal_principal(principal: Decimal, months: int, rate: Decimal) -> list[Decimal]:
    part, rest, paid = _cents(principal / months), principal, []
    for month in range(months):
        repaid = rest if month == months - 1 else part
        paid.append(repaid + _cents(rest * rate))
        rest -= repaid
    return paid


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
