"""The rebate's truth: 100 000 over 60 months with 13 000 back."""

from decimal import Decimal

import pytest

from chedai.core.loans.prepayment import (
    PrepaymentTerms,
    break_even_month,
    gain_over_cash_fen,
    rebate_truth,
    winning_months,
)
from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import Fee, LoanTerms

FLAT = LoanTerms(
    method="flat_fee",
    principal_fen=10_000_000,
    term_months=60,
    flat_fee_rate_total=Decimal("0.25"),
)
ANNUITY = LoanTerms(
    method="equal_instalment",
    principal_fen=10_000_000,
    term_months=60,
    nominal_rate_annual=Decimal("0.06"),
)
STEPS = ((60, Decimal("0.03")),)


@pytest.mark.parametrize(
    ("terms", "amortisation", "yuan", "months"),
    [
        (FLAT, "straight_line", (3_000, 1_200, -12_000), (31, 27)),
        (ANNUITY, "actuarial", (3_052, 1_146, -2_997), (35, 28)),
    ],
)
def test_three_futures_of_a_rebate(
    terms: LoanTerms, amortisation: str, yuan: tuple[int, ...], months: tuple[int, ...]
) -> None:
    prepayment = PrepaymentTerms(
        amortisation=amortisation, charge_steps=STEPS, free_after_months=24
    )

    truth = rebate_truth(
        build_schedule(terms), terms, prepayment, rebate_fen=1_300_000, settle_after_month=24
    )

    futures = (truth.settled_free_fen, truth.settled_charged_fen, truth.full_term_fen)
    assert tuple(round(fen / 100) for fen in futures) == yuan
    assert (truth.break_even_month_free, truth.break_even_month_charged) == months


def test_without_a_rebate_no_month_beats_cash() -> None:
    prepayment = PrepaymentTerms(amortisation="straight_line")

    assert break_even_month(build_schedule(FLAT), FLAT, prepayment, rebate_fen=0) is None


def test_a_charge_that_ends_opens_a_late_window() -> None:
    prepayment = PrepaymentTerms(
        amortisation="straight_line",
        charge_steps=((60, Decimal("0.15")),),
        free_after_months=24,
        minimum_months=3,
    )

    months = winning_months(build_schedule(FLAT), FLAT, prepayment, rebate_fen=1_300_000)

    assert months == tuple(range(24, 32))


def test_the_month_after_break_even_loses() -> None:
    prepayment = PrepaymentTerms(amortisation="straight_line")
    schedule = build_schedule(FLAT)

    gains = [
        gain_over_cash_fen(schedule, FLAT, prepayment, after_month=month, rebate_fen=1_300_000)
        for month in (31, 32)
    ]

    # 416.67 a month: 12 916.66 after 31 months, 13 333.33 after 32.
    assert gains[0] > 0 > gains[1]


@pytest.mark.parametrize(
    ("timing", "borne_fen"),
    [("upfront", 600_000), ("first_instalment", 600_000), ("spread", 240_000), ("last", 600_000)],
)
def test_a_fee_of_the_loan_eats_the_rebate(timing: str, borne_fen: int) -> None:
    prepayment = PrepaymentTerms(amortisation="straight_line")
    schedule = build_schedule(FLAT)
    fee = Fee(code="fee", name="手续费", amount_fen=600_000, payee="样例银行", timing=timing)
    chosen = Fee(
        code="care",
        name="延保",
        amount_fen=100_000,
        payee="样例公司",
        is_condition_of_loan=False,
    )
    deposit = Fee(
        code="bond", name="保证金", amount_fen=100_000, payee="样例公司", is_refundable=True
    )

    gain = gain_over_cash_fen(
        schedule,
        FLAT,
        prepayment,
        after_month=24,
        rebate_fen=1_300_000,
        fees=(fee, chosen, deposit),
    )

    # 13,000 back less 10,000 of the flat fee in 24 of 60 months leaves 3,000
    assert gain == 300_000 - borne_fen


def test_a_fee_on_day_one_brings_break_even_forward() -> None:
    prepayment = PrepaymentTerms(amortisation="straight_line")
    fee = Fee(code="fee", name="手续费", amount_fen=500_000, payee="样例银行")

    month = break_even_month(
        build_schedule(FLAT), FLAT, prepayment, rebate_fen=1_300_000, fees=(fee,)
    )

    # 8,000 left over 416.67 a month: 19 months
    assert month == 19
