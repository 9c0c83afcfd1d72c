"""Contracts of every registered method, drawn for properties."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from chedai.core.dates import DAY_COUNTS
from chedai.core.loans.interest_days import InterestDays
from chedai.core.loans.methods import REPAYMENT_METHODS
from chedai.core.loans.terms import FIELDS_OF_METHOD, METHODS_BY_DAYS, LoanTerms, RateSegment
from chedai.core.money import ROUNDINGS

METHODS = sorted(REPAYMENT_METHODS)


def rates(highest: str = "5") -> st.SearchStrategy[Decimal]:
    return st.decimals(min_value=0, max_value=Decimal(highest), places=6)


@st.composite
def loan_terms(
    draw: st.DrawFn,
    *,
    methods: list[str] = METHODS,
    principal_fen: tuple[int, int] = (1, 10**11),
    term_months: tuple[int, int] = (1, 120),
    highest_rate: str = "5",
    plain: bool = False,
) -> LoanTerms:
    """Draw terms; ``plain`` keeps to rounding half up to the fen."""
    method = draw(st.sampled_from(methods))
    principal = draw(st.integers(*principal_fen))
    months = draw(st.integers(*term_months))
    fields: dict[str, Any] = {
        "nominal_rate_annual": rates(highest_rate),
        "balloon_fen": st.integers(0, principal),
        "flat_fee_rate_total": st.decimals(min_value=0, max_value=Decimal("0.9"), places=4),
        "interest_only_months": st.integers(0, months),
        "segments": segments_of(months, highest_rate),
        # Month 1 of the contract year is never slack: every term has a usual month.
        "slack_months": st.sets(st.integers(2, 12), min_size=1).map(lambda m: tuple(sorted(m))),
        "slack_principal_ratio": st.decimals(min_value=0, max_value=1, places=2),
    }
    read = FIELDS_OF_METHOD.get(method, frozenset(fields))
    conventions: dict[str, Any] = {
        "segment_base": st.sampled_from(["outstanding", "segment_start", "original"]),
        "flat_fee_timing": st.sampled_from(["spread", "upfront"]),
        "rent_timing": st.sampled_from(["arrears", "advance"]),
    }
    if not plain:
        conventions["rounding"] = st.sampled_from(sorted(ROUNDINGS))
        conventions["interest_rounding"] = st.sampled_from(sorted(ROUNDINGS))
        conventions["rounding_unit_fen"] = st.sampled_from([1, 10, 100])
    drawn = {name: draw(value) for name, value in fields.items() if name in read}
    drawn |= {name: draw(value) for name, value in conventions.items()}
    if not plain and _may_count_days(method, drawn):
        drawn["interest_days"] = draw(st.none() | interest_days())
    return LoanTerms(method=method, principal_fen=principal, term_months=months, **drawn)


def _may_count_days(method: str, drawn: dict[str, Any]) -> bool:
    is_in_advance = method == "lease_rent" and drawn["rent_timing"] == "advance"
    is_on_fixed_base = method == "stepped" and drawn["segment_base"] != "outstanding"
    return method in METHODS_BY_DAYS and not is_in_advance and not is_on_fixed_base


@st.composite
def interest_days(draw: st.DrawFn) -> InterestDays:
    disbursed_on = draw(st.dates(date(2019, 1, 1), date(2031, 12, 31)))
    return InterestDays(
        disbursed_on=disbursed_on,
        first_due_on=disbursed_on + timedelta(days=draw(st.integers(1, 61))),
        day_count=draw(st.sampled_from(sorted(DAY_COUNTS))),
        is_every_period=draw(st.booleans()),
    )


@st.composite
def segments_of(draw: st.DrawFn, months: int, highest_rate: str = "5") -> tuple[RateSegment, ...]:
    cuts = sorted(draw(st.sets(st.integers(1, months - 1), max_size=3))) if months > 1 else []
    edges = [0, *cuts, months]
    return tuple(
        RateSegment(months=end - start, nominal_rate_annual=draw(rates(highest_rate)))
        for start, end in itertools.pairwise(edges)
    )
