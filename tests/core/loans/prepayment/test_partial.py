"""Partial prepayment: less to pay, or fewer months."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.loans.strategies import loan_terms

from chedai.core.loans.prepayment import (
    PrepaymentTerms,
    TooEarlyToPrepayError,
    partial_prepayment,
)
from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import ImpossibleTermsError, LoanTerms, RateSegment

FREE = PrepaymentTerms(amortisation="actuarial")
ANNUITY = LoanTerms(
    method="equal_instalment",
    principal_fen=10_000_000,
    term_months=60,
    nominal_rate_annual=Decimal("0.06"),
)


def test_the_instalment_shrinks_with_the_principal() -> None:
    schedule = build_schedule(ANNUITY)

    after = partial_prepayment(
        schedule, ANNUITY, FREE, after_month=12, amount_fen=2_000_000, mode="smaller_instalment"
    )

    # Balance after 12 is 82 319.03 (1 933.28 x (1 - 1.005^-48) / 0.005); 62 319 over 48 months.
    assert after.terms_after.term_months == 48
    assert after.instalment_fen == 146_358
    assert after.schedule_after.total_principal_fen == schedule.outstanding_after(12) - 2_000_000


def test_the_term_shrinks_and_the_instalment_does_not_rise() -> None:
    schedule = build_schedule(ANNUITY)

    after = partial_prepayment(
        schedule, ANNUITY, FREE, after_month=12, amount_fen=2_000_000, mode="shorter_term"
    )

    # ln(1 - 62 319 x 0.005 / 1 933.28) / -ln(1.005) = 35.2 months, so 36.
    assert after.terms_after.term_months == 36
    assert after.instalment_fen <= schedule.instalment_fen[12]
    smaller = partial_prepayment(
        schedule, ANNUITY, FREE, after_month=12, amount_fen=2_000_000, mode="smaller_instalment"
    )
    assert after.saved_interest_fen > smaller.saved_interest_fen > 0


@given(
    loan_terms(
        methods=["equal_instalment", "equal_principal", "flat_fee"],
        principal_fen=(10**6, 10**9),
        term_months=(2, 84),
        highest_rate="0.36",
        plain=True,
    ),
    st.data(),
)
def test_paying_early_never_costs_more_interest_and_closes_to_zero(
    terms: LoanTerms, drawn: st.DataObject
) -> None:
    schedule = build_schedule(terms)
    month = drawn.draw(st.integers(1, terms.term_months - 1))
    amount_fen = drawn.draw(st.integers(1, schedule.outstanding_after(month) - 1))
    mode = drawn.draw(st.sampled_from(["shorter_term", "smaller_instalment"]))

    after = partial_prepayment(
        schedule, terms, FREE, after_month=month, amount_fen=amount_fen, mode=mode
    )

    assert after.schedule_after.total_principal_fen == (
        schedule.outstanding_after(month) - amount_fen
    )
    # Rounding of the new instalments may move interest by a fen or two a month.
    assert after.saved_interest_fen >= -2 * terms.term_months
    assert after.terms_after.term_months <= terms.term_months - month
    if mode == "shorter_term" and after.terms_after.term_months < terms.term_months - month:
        assert after.instalment_fen <= schedule.instalment_fen[month]


def stepped(base: str = "outstanding") -> LoanTerms:
    return LoanTerms(
        method="stepped",
        principal_fen=10_000_000,
        term_months=36,
        segments=(
            RateSegment(months=12, nominal_rate_annual=Decimal(0)),
            RateSegment(months=24, nominal_rate_annual=Decimal("0.06")),
        ),
        segment_base=base,
    )


@pytest.mark.parametrize(("month", "months_left"), [(6, (6, 24)), (12, (24,)), (13, (23,))])
def test_the_segments_that_remain_keep_their_rates(
    month: int, months_left: tuple[int, ...]
) -> None:
    terms = stepped()

    after = partial_prepayment(
        build_schedule(terms),
        terms,
        FREE,
        after_month=month,
        amount_fen=1_000_000,
        mode="smaller_instalment",
    )

    assert tuple(segment.months for segment in after.terms_after.segments) == months_left


@pytest.mark.parametrize(
    ("interest_only_months", "month", "method", "waiting"),
    [
        (0, 6, "interest_first", 0),
        (12, 6, "interest_first", 6),
        (12, 12, "equal_instalment", 0),
        (12, 20, "equal_instalment", 0),
    ],
)
def test_interest_only_months_run_on(
    interest_only_months: int, month: int, method: str, waiting: int
) -> None:
    terms = LoanTerms(
        method="interest_first",
        principal_fen=10_000_000,
        term_months=36,
        nominal_rate_annual=Decimal("0.06"),
        interest_only_months=interest_only_months,
    )

    after = partial_prepayment(
        build_schedule(terms),
        terms,
        FREE,
        after_month=month,
        amount_fen=1_000_000,
        mode="smaller_instalment",
    )

    assert (after.terms_after.method, after.terms_after.interest_only_months) == (method, waiting)


def test_a_fee_already_taken_is_not_charged_again() -> None:
    terms = LoanTerms(
        method="flat_fee",
        principal_fen=12_000_000,
        term_months=24,
        flat_fee_rate_total=Decimal("0.06"),
        flat_fee_timing="upfront",
    )

    after = partial_prepayment(
        build_schedule(terms),
        terms,
        FREE,
        after_month=12,
        amount_fen=1_000_000,
        mode="smaller_instalment",
    )

    assert after.schedule_after.total_paid_fen == 5_000_000
    assert after.saved_interest_fen == 0


def test_a_prepayment_into_the_balloon_leaves_a_smaller_balloon() -> None:
    terms = LoanTerms(
        method="balloon",
        principal_fen=10_000_000,
        term_months=36,
        nominal_rate_annual=Decimal("0.06"),
        balloon_fen=9_000_000,
    )
    schedule = build_schedule(terms)

    after = partial_prepayment(
        schedule, terms, FREE, after_month=12, amount_fen=5_000_000, mode="smaller_instalment"
    )

    assert after.terms_after.balloon_fen == schedule.outstanding_after(12) - 5_000_000


def test_the_charge_is_on_the_amount_prepaid() -> None:
    prepayment = PrepaymentTerms(amortisation="actuarial", charge_steps=((24, Decimal("0.03")),))

    after = partial_prepayment(
        build_schedule(ANNUITY),
        ANNUITY,
        prepayment,
        after_month=12,
        amount_fen=2_000_000,
        mode="shorter_term",
    )

    assert after.charge_fen == 60_000


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"mode": "skip"}, "mode"),
        ({"after_month": 0}, "after_month"),
        ({"after_month": 60}, "after_month"),
        ({"amount_fen": 0}, "amount_fen"),
        ({"amount_fen": 10_000_000}, "amount_fen"),
    ],
)
def test_an_impossible_prepayment_is_refused(change: dict[str, object], field: str) -> None:
    asked = {"after_month": 12, "amount_fen": 2_000_000, "mode": "shorter_term", **change}

    with pytest.raises(ImpossibleTermsError) as refusal:
        partial_prepayment(build_schedule(ANNUITY), ANNUITY, FREE, **asked)

    assert refusal.value.field == field


def test_prepaying_before_the_contract_allows_it_is_refused() -> None:
    prepayment = PrepaymentTerms(amortisation="actuarial", minimum_months=6)

    with pytest.raises(TooEarlyToPrepayError):
        partial_prepayment(
            build_schedule(ANNUITY),
            ANNUITY,
            prepayment,
            after_month=5,
            amount_fen=1,
            mode="shorter_term",
        )


@pytest.mark.parametrize("method", ["bullet", "lease_rent"])
def test_bullet_loans_and_leases_have_no_partial_prepayment(method: str) -> None:
    terms = LoanTerms(method=method, principal_fen=10_000_000, term_months=12)

    with pytest.raises(ImpossibleTermsError, match="不支持部分提前还款"):
        partial_prepayment(
            build_schedule(terms),
            terms,
            FREE,
            after_month=6,
            amount_fen=100,
            mode="smaller_instalment",
        )


def test_a_stepped_loan_can_only_pay_less() -> None:
    terms = stepped()

    with pytest.raises(ImpossibleTermsError, match="不能缩短期限"):
        partial_prepayment(
            build_schedule(terms), terms, FREE, after_month=6, amount_fen=100, mode="shorter_term"
        )
