"""Properties of every registered method, and the odd first period."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.loans.strategies import loan_terms

from chedai.core.dates import DAY_COUNTS, DueDateRule
from chedai.core.loans.cost import cost_of_plan
from chedai.core.loans.schedules import build_schedule, with_odd_first_period
from chedai.core.loans.terms import ImpossibleTermsError, LoanTerms

ON_BALANCE = [
    "balloon",
    "equal_instalment",
    "equal_principal",
    "interest_first",
    "lease_rent",
    "seasonal",
]


@given(loan_terms())
def test_principal_repaid_is_exactly_the_principal_lent(terms: LoanTerms) -> None:
    schedule = build_schedule(terms)

    assert schedule.total_principal_fen == terms.principal_fen
    assert schedule.outstanding_principal_fen[-1] == 0


@given(loan_terms())
def test_every_tuple_has_one_entry_a_month_and_no_part_is_negative(terms: LoanTerms) -> None:
    schedule = build_schedule(terms)

    for parts in (
        schedule.instalment_fen,
        schedule.principal_fen,
        schedule.interest_fen,
        schedule.fee_fen,
        schedule.outstanding_principal_fen,
    ):
        assert len(parts) == terms.term_months == schedule.term_months
        assert min(parts) >= 0
    assert min(schedule.principal_at_start_fen, schedule.fee_at_start_fen) >= 0


@given(loan_terms())
def test_every_instalment_is_the_sum_of_its_parts_and_every_balance_what_is_left(
    terms: LoanTerms,
) -> None:
    schedule = build_schedule(terms)

    assert schedule.instalment_fen == tuple(
        map(sum, zip(schedule.principal_fen, schedule.interest_fen, schedule.fee_fen, strict=True))
    )
    for month, balance_fen in enumerate(schedule.outstanding_principal_fen, start=1):
        repaid_fen = schedule.principal_at_start_fen + sum(schedule.principal_fen[:month])
        assert balance_fen == terms.principal_fen - repaid_fen == schedule.outstanding_after(month)


@given(loan_terms())
def test_everything_paid_is_principal_interest_and_fee(terms: LoanTerms) -> None:
    schedule = build_schedule(terms)

    assert schedule.total_paid_fen == (
        schedule.total_principal_fen + schedule.total_interest_fen + schedule.total_fee_fen
    )


@given(
    loan_terms(methods=ON_BALANCE, principal_fen=(10**6, 10**9), highest_rate="0.24", plain=True),
    st.decimals(min_value=Decimal("0.001"), max_value=Decimal("0.1"), places=3),
)
def test_interest_does_not_fall_when_the_rate_rises(terms: LoanTerms, more: Decimal) -> None:
    from dataclasses import replace

    dearer = replace(terms, nominal_rate_annual=terms.nominal_rate_annual + more)

    # Each month's interest may be rounded half a fen either way.
    interest_fen = build_schedule(terms).total_interest_fen
    assert build_schedule(dearer).total_interest_fen >= interest_fen - terms.term_months


@given(
    loan_terms(methods=ON_BALANCE, principal_fen=(10**8, 10**10), highest_rate="0.36", plain=True)
)
def test_without_fees_the_simple_annual_rate_is_the_contract_rate(terms: LoanTerms) -> None:
    schedule = build_schedule(terms)

    # A lease whose first rent leaves a few fen has no rate worth naming.
    if schedule.outstanding_after(0) >= 10**6:
        cost = cost_of_plan(schedule)
        assert cost.apr_simple == pytest.approx(float(terms.nominal_rate_annual), abs=2e-5)


@given(loan_terms())
def test_building_twice_gives_the_same_schedule(terms: LoanTerms) -> None:
    assert build_schedule(terms) == build_schedule(terms)


def test_an_unknown_method_is_refused_by_name() -> None:
    terms = LoanTerms(method="whenever", principal_fen=100, term_months=3)

    with pytest.raises(ImpossibleTermsError, match="没有还款方式“whenever”"):
        build_schedule(terms)


def test_a_deposit_is_carried_but_is_in_no_total() -> None:
    terms = LoanTerms(method="lease_rent", principal_fen=1_200, term_months=12, deposit_fen=300)

    schedule = build_schedule(terms)

    assert schedule.deposit_fen == 300
    assert schedule.total_paid_fen == 1_200


THREE_YEARS = LoanTerms(
    method="equal_instalment",
    principal_fen=10_000_000,
    term_months=36,
    nominal_rate_annual=Decimal("0.06"),
)


@pytest.mark.parametrize(
    ("odd", "odd_days", "odd_fen"),
    [
        # 23 Nov to 10 Jan; regular from 10 Dec: 17 days x 100 000 x 0.06 / 360 = 283.33
        ("long", 17, 28_333),
        # 23 Nov to 10 Dec; regular from 10 Nov: 13 days less: 216.67
        ("short", 13, -21_667),
    ],
)
def test_odd_days_bear_interest_with_the_first_instalment(
    odd: str, odd_days: int, odd_fen: int
) -> None:
    rule = DueDateRule(due_day="fixed_day", day_of_month=10, odd_first_period=odd)
    disbursed_on = date(2026, 11, 23)
    regular_from = rule.regular_from(disbursed_on)
    regular = build_schedule(THREE_YEARS)

    schedule = with_odd_first_period(
        regular,
        nominal_rate_annual=Decimal("0.06"),
        regular_from=regular_from,
        disbursed_on=disbursed_on,
        day_count=DAY_COUNTS["ACT/360"],
    )

    assert abs((regular_from - disbursed_on).days) == odd_days
    assert schedule.interest_fen[0] - regular.interest_fen[0] == odd_fen
    assert schedule.instalment_fen[0] - regular.instalment_fen[0] == odd_fen
    assert schedule.instalment_fen[1:] == regular.instalment_fen[1:]
    assert schedule.principal_fen == regular.principal_fen


def test_a_short_first_period_never_makes_interest_negative() -> None:
    schedule = with_odd_first_period(
        build_schedule(THREE_YEARS),
        nominal_rate_annual=Decimal("5"),
        regular_from=date(2026, 11, 1),
        disbursed_on=date(2026, 11, 30),
        day_count=DAY_COUNTS["ACT/365"],
    )

    assert schedule.interest_fen[0] == 0
