"""Early settlement under both amortisations."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.core.loans.strategies import loan_terms
from tests.core.loans.vectors import read

from chedai.core.loans.cost import cost_of_plan
from chedai.core.loans.prepayment import (
    PrepaymentTerms,
    TooEarlyToPrepayError,
    early_settlement,
    payoff_after,
)
from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import Fee, ImpossibleTermsError, LoanTerms, RateSegment

GOLDEN = read("golden_tables.json")["early_settlement"]
FIVE_YEARS = LoanTerms(
    method="flat_fee",
    principal_fen=14_000_000,
    term_months=60,
    flat_fee_rate_total=Decimal("0.15"),
)
ACTUARIAL = PrepaymentTerms(amortisation="actuarial")
STRAIGHT = PrepaymentTerms(amortisation="straight_line")


@pytest.mark.parametrize(GOLDEN["columns"], GOLDEN["rows"])
def test_the_same_contract_pays_off_differently_under_each_amortisation(
    amortisation: Any,
    interest_yuan: int,
    payoff_yuan: int,
    apr_percent_by_charge: dict[str, float],
) -> None:
    schedule = build_schedule(FIVE_YEARS)
    for charge, apr_percent in apr_percent_by_charge.items():
        prepayment = PrepaymentTerms(
            amortisation=amortisation, charge_steps=((60, Decimal(charge)),)
        )

        settled = early_settlement(schedule, FIVE_YEARS, prepayment, after_month=24)

        assert round(settled.paid_interest_fen / 100) == interest_yuan
        assert round(settled.payoff_principal_fen / 100) == payoff_yuan
        assert round(settled.cost.apr_simple * 100, 2) == apr_percent


@given(loan_terms(plain=True), st.data())
def test_what_is_paid_is_principal_interest_and_charge(
    terms: LoanTerms, drawn: st.DataObject
) -> None:
    schedule = build_schedule(terms)
    month = drawn.draw(st.integers(1, terms.term_months))
    prepayment = PrepaymentTerms(
        amortisation=drawn.draw(st.sampled_from(["actuarial", "straight_line"])),
        charge_steps=((36, Decimal("0.03")),),
        charge_base=drawn.draw(st.sampled_from(["outstanding", "original"])),
    )
    assume(schedule.outstanding_after(0) > schedule.fee_at_start_fen)

    settled = early_settlement(schedule, terms, prepayment, after_month=month)

    paid_fen = schedule.paid_at_start_fen + sum(schedule.instalment_fen[:month])
    assert settled.total_paid_fen == paid_fen + settled.payoff_fen
    assert settled.total_paid_fen == (
        terms.principal_fen + settled.paid_interest_fen + settled.charge_fen
    )
    assert min(settled.payoff_principal_fen, settled.accrued_interest_fen) >= 0
    assert settled.charge_fen >= 0


@given(loan_terms(plain=True), st.sampled_from([ACTUARIAL, STRAIGHT]))
def test_settling_with_the_last_instalment_is_the_full_contract(
    terms: LoanTerms, prepayment: PrepaymentTerms
) -> None:
    schedule = build_schedule(terms)
    assume(schedule.outstanding_after(0) > schedule.fee_at_start_fen)

    settled = early_settlement(schedule, terms, prepayment, after_month=terms.term_months)

    assert settled.payoff_fen == 0
    assert settled.saved_interest_fen == 0
    assert settled.cost == cost_of_plan(schedule)


@given(
    loan_terms(
        methods=["balloon", "equal_instalment", "equal_principal", "interest_first"],
        principal_fen=(10**7, 10**9),
        term_months=(2, 84),
        highest_rate="0.36",
        plain=True,
    ),
    st.data(),
)
def test_settled_actuarially_without_charge_the_contract_keeps_its_rate(
    terms: LoanTerms, drawn: st.DataObject
) -> None:
    month = drawn.draw(st.integers(1, terms.term_months))

    settled = early_settlement(build_schedule(terms), terms, ACTUARIAL, after_month=month)

    assert settled.cost.apr_simple == pytest.approx(float(terms.nominal_rate_annual), abs=2e-4)


def test_a_flat_contract_settled_actuarially_keeps_its_true_rate() -> None:
    schedule = build_schedule(FIVE_YEARS)

    settled = early_settlement(schedule, FIVE_YEARS, ACTUARIAL, after_month=24)

    assert settled.cost.apr_simple == pytest.approx(cost_of_plan(schedule).apr_simple, abs=1e-7)


def test_a_flat_segment_is_settled_at_the_whole_contracts_rate() -> None:
    terms = LoanTerms(
        method="stepped",
        principal_fen=20_000_000,
        term_months=84,
        segments=(
            RateSegment(months=36, nominal_rate_annual=Decimal(0)),
            RateSegment(months=48, nominal_rate_annual=Decimal("0.025")),
        ),
        segment_base="original",
    )
    schedule = build_schedule(terms)

    settled = early_settlement(schedule, terms, ACTUARIAL, after_month=36)

    assert settled.payoff_principal_fen > schedule.outstanding_after(36)
    assert settled.cost.apr_simple == pytest.approx(cost_of_plan(schedule).apr_simple, abs=1e-7)


def test_a_bullet_loan_pays_the_interest_earned_so_far() -> None:
    terms = LoanTerms(
        method="bullet",
        principal_fen=10_000_000,
        term_months=12,
        nominal_rate_annual=Decimal("0.06"),
    )

    settled = early_settlement(build_schedule(terms), terms, ACTUARIAL, after_month=4)

    # 100 000 x 6 % x 4 / 12 = 2 000
    assert settled.payoff_principal_fen == 10_000_000
    assert settled.accrued_interest_fen == settled.paid_interest_fen == 200_000
    assert settled.payoff_fen == 10_200_000


@pytest.mark.parametrize("amortisation", ["actuarial", "straight_line"])
def test_a_fee_taken_at_once_is_lost_unless_the_contract_refunds_it(amortisation: Any) -> None:
    terms = LoanTerms(
        method="flat_fee",
        principal_fen=12_000_000,
        term_months=24,
        flat_fee_rate_total=Decimal("0.06"),
        flat_fee_timing="upfront",
    )
    schedule = build_schedule(terms)

    kept, refunded = (
        payoff_after(
            schedule,
            terms,
            PrepaymentTerms(amortisation=amortisation, refunds_upfront_fee=refunds),
            after_month=12,
        )
        for refunds in (False, True)
    )

    # Half of the principal is left; of the 7 200 fee at most half is unearned.
    assert kept.principal_fen == 6_000_000
    assert kept.paid_interest_fen == 720_000
    assert 0 < kept.principal_fen - refunded.principal_fen <= 360_000
    if amortisation == "straight_line":
        assert refunded.principal_fen == 5_640_000


def test_spread_fees_stop_and_refunds_fall_due_with_the_settlement() -> None:
    fees = [
        Fee(code="m", name="管理费", amount_fen=60_000, payee="示例机构", timing="spread"),
        Fee(code="g", name="续保押金", amount_fen=200_000, payee="示例机构", is_refundable=True),
    ]
    schedule = build_schedule(FIVE_YEARS)

    settled = early_settlement(schedule, FIVE_YEARS, STRAIGHT, after_month=24, fees=fees)
    plain = early_settlement(schedule, FIVE_YEARS, STRAIGHT, after_month=24)

    # 600 yuan over 60 months: 10 a month, 24 months lived.
    assert settled.total_paid_fen - plain.total_paid_fen == 24_000
    assert settled.cost.extra_over_cash_fen - plain.cost.extra_over_cash_fen == 24_000


def test_a_rebate_can_make_the_realised_cost_negative() -> None:
    settled = early_settlement(
        build_schedule(FIVE_YEARS), FIVE_YEARS, STRAIGHT, after_month=24, rebate_fen=1_300_000
    )

    assert settled.cost.apr_simple < 0
    assert settled.cost.extra_over_cash_fen == settled.paid_interest_fen - 1_300_000


@pytest.mark.parametrize("month", [0, 61])
def test_settling_outside_the_term_is_refused(month: int) -> None:
    with pytest.raises(ImpossibleTermsError, match="结清时点"):
        payoff_after(build_schedule(FIVE_YEARS), FIVE_YEARS, STRAIGHT, after_month=month)


def test_settling_before_the_contract_allows_it_is_refused_with_the_first_month() -> None:
    prepayment = PrepaymentTerms(amortisation="straight_line", minimum_months=6)
    schedule = build_schedule(FIVE_YEARS)

    assert payoff_after(schedule, FIVE_YEARS, prepayment, after_month=6).payoff_fen > 0
    with pytest.raises(TooEarlyToPrepayError, match="满 6 期") as refusal:
        payoff_after(schedule, FIVE_YEARS, prepayment, after_month=5)
    assert refusal.value.earliest_month == 6
