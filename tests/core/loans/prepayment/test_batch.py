"""The table of all months is the scalar settlement of every month, to the fen."""

import time
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.core.loans.strategies import METHODS, loan_terms

from chedai.core.loans.cost import RateError
from chedai.core.loans.prepayment import (
    PrepaymentTerms,
    TooEarlyToPrepayError,
    break_even_month,
    early_settlement,
    rebate_truth,
)
from chedai.core.loans.prepayment.batch import (
    PayoffContract,
    PayoffTable,
    payoff_table,
    rebate_futures,
)
from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import Fee, ImpossibleTermsError, LoanTerms

TWELVE = Decimal("0.03")
FLAT = LoanTerms(
    method="flat_fee",
    principal_fen=10_000_000,
    term_months=60,
    flat_fee_rate_total=Decimal("0.25"),
)
LEVEL = LoanTerms(
    method="equal_instalment",
    principal_fen=10_000_000,
    term_months=60,
    nominal_rate_annual=Decimal("0.06"),
)


def contract_of(terms: LoanTerms, *, rebate_fen: int = 0) -> PayoffContract:
    return PayoffContract(
        schedule=build_schedule(terms),
        terms=terms,
        prepayment=PrepaymentTerms(amortisation="straight_line"),
        rebate_fen=rebate_fen,
    )


@st.composite
def prepayments(draw: st.DrawFn) -> PrepaymentTerms:
    return PrepaymentTerms(
        amortisation=draw(st.sampled_from(["actuarial", "straight_line"])),
        charge_base=draw(st.sampled_from(["outstanding", "original"])),
        charge_steps=draw(
            st.sampled_from([(), ((12, TWELVE),), ((6, TWELVE), (90, Decimal("0.01")))])
        ),
        free_after_months=draw(st.none() | st.integers(0, 40)),
        minimum_months=draw(st.integers(0, 8)),
        charge_min_fen=draw(st.sampled_from([0, 50_000])),
        refunds_upfront_fee=draw(st.booleans()),
    )


@st.composite
def fees(draw: st.DrawFn) -> tuple[Fee, ...]:
    timings = st.sampled_from(["upfront", "spread", "first_instalment", "last"])
    return tuple(
        Fee(
            code=f"fee_{number}",
            name="评估费",
            amount_fen=draw(st.integers(0, 40_000)),
            payee="样例服务公司",
            timing=draw(timings),
            is_condition_of_loan=draw(st.booleans()),
            is_refundable=draw(st.booleans()),
        )
        for number in range(draw(st.integers(0, 3)))
    )


def assert_cell_is_scalar(table: PayoffTable, contract: PayoffContract, month: int) -> None:
    row, column = month - 1, 0
    try:
        settled = early_settlement(
            contract.schedule,
            contract.terms,
            contract.prepayment,
            after_month=month,
            fees=contract.fees,
            rebate_fen=contract.rebate_fen,
        )
    except TooEarlyToPrepayError:
        assert not table.is_possible[row, column]
        assert table.payoff_fen[row, column] == table.total_paid_fen[row, column] == 0
        return
    except RateError:
        assert table.is_possible[row, column]
        assert np.isnan(table.apr_simple[row, column])
        return
    assert table.is_possible[row, column]
    assert table.principal_fen[row, column] == settled.payoff_principal_fen
    assert table.accrued_interest_fen[row, column] == settled.accrued_interest_fen
    assert table.charge_fen[row, column] == settled.charge_fen
    assert table.payoff_fen[row, column] == settled.payoff_fen
    assert table.paid_interest_fen[row, column] == settled.paid_interest_fen
    assert table.saved_interest_fen[row, column] == settled.saved_interest_fen
    assert table.total_paid_fen[row, column] == settled.total_paid_fen
    assert table.extra_over_cash_fen[row, column] == settled.cost.extra_over_cash_fen
    assert table.apr_simple[row, column] == settled.cost.apr_simple


@pytest.mark.parametrize("method", METHODS)
@given(drawn=st.data())
def test_every_month_is_the_scalar_settlement_to_the_fen(method: str, drawn: st.DataObject) -> None:
    terms = drawn.draw(
        loan_terms(methods=[method], principal_fen=(10**6, 10**10), term_months=(1, 60), plain=True)
    )
    schedule = build_schedule(terms)
    assume(schedule.outstanding_after(0) > schedule.fee_at_start_fen)
    contract = PayoffContract(
        schedule=schedule,
        terms=terms,
        prepayment=drawn.draw(prepayments()),
        fees=drawn.draw(fees()),
        rebate_fen=drawn.draw(st.integers(-100_000, 500_000)),
    )
    table = payoff_table([contract])

    assert table.months == terms.term_months
    for month in {1, 2, terms.term_months - 1, terms.term_months} & set(range(1, 361)):
        if month <= terms.term_months:
            assert_cell_is_scalar(table, contract, month)


@given(
    loan_terms(principal_fen=(10**6, 10**9), term_months=(1, 60), highest_rate="0.4", plain=True),
    prepayments(),
    st.integers(0, 2_000_000),
)
def test_the_break_even_month_is_the_scalar_one(
    terms: LoanTerms, prepayment: PrepaymentTerms, rebate_fen: int
) -> None:
    schedule = build_schedule(terms)
    assume(schedule.outstanding_after(0) > schedule.fee_at_start_fen)
    contract = PayoffContract(
        schedule=schedule, terms=terms, prepayment=prepayment, rebate_fen=rebate_fen
    )

    found = payoff_table([contract]).break_even_month[0]

    assert (found or None) == break_even_month(schedule, terms, prepayment, rebate_fen=rebate_fen)


@pytest.mark.parametrize(
    ("terms", "charge", "break_even"),
    # ux.md's rebate of 13,000 on 100,000: 5 % a year flat, and 6 % on the balance.
    [(FLAT, "0", 31), (FLAT, "0.03", 27), (LEVEL, "0", 35), (LEVEL, "0.03", 28)],
)
def test_a_published_rebate_is_worth_it_until_the_published_month(
    terms: LoanTerms, charge: str, break_even: int
) -> None:
    contract = PayoffContract(
        schedule=build_schedule(terms),
        terms=terms,
        prepayment=PrepaymentTerms(
            amortisation="straight_line" if terms is FLAT else "actuarial",
            charge_steps=((60, Decimal(charge)),),
        ),
        rebate_fen=1_300_000,
    )

    assert payoff_table([contract]).break_even_month.tolist() == [break_even]


def test_a_fee_of_the_loan_ends_the_winning_window_sooner() -> None:
    fee = Fee(code="fee", name="手续费", amount_fen=500_000, payee="样例银行")
    plain = contract_of(FLAT, rebate_fen=1_300_000)
    charged = PayoffContract(
        schedule=plain.schedule,
        terms=FLAT,
        prepayment=plain.prepayment,
        fees=(fee,),
        rebate_fen=1_300_000,
    )

    months = payoff_table([plain, charged]).break_even_month.tolist()

    # 13,000 / (25,000 / 60) = 31.2; (13,000 - 5,000) / (25,000 / 60) = 19.2.
    assert months == [31, 19]


def test_a_shorter_contract_has_no_month_beyond_its_term() -> None:
    short = LoanTerms(method="equal_principal", principal_fen=6_000_000, term_months=12)

    table = payoff_table([contract_of(FLAT), contract_of(short)])

    assert table.is_possible.shape == (60, 2)
    assert table.is_possible.sum(axis=0).tolist() == [60, 12]
    assert not table.payoff_fen[12:, 1].any()
    assert np.isnan(table.apr_simple[12:, 1]).all()


def test_the_last_month_is_the_full_contract() -> None:
    table = payoff_table([contract_of(FLAT)])

    assert table.payoff_fen[-1, 0] == table.saved_interest_fen[-1, 0] == 0
    assert table.total_paid_fen[-1, 0] == 12_500_000


def test_one_month_and_no_contract_are_tables_too() -> None:
    once = LoanTerms(
        method="flat_fee", principal_fen=100, term_months=1, flat_fee_rate_total=TWELVE
    )

    assert payoff_table([contract_of(once)]).total_paid_fen.tolist() == [[103]]
    assert payoff_table([]).is_possible.shape == (0, 0)


def test_fees_that_eat_the_principal_are_refused() -> None:
    fee = Fee(code="fee", name="手续费", amount_fen=10_000_000, payee="样例银行")
    contract = PayoffContract(
        schedule=build_schedule(FLAT),
        terms=FLAT,
        prepayment=PrepaymentTerms(amortisation="actuarial"),
        fees=(fee,),
    )

    with pytest.raises(ImpossibleTermsError) as refusal:
        payoff_table([contract])

    assert refusal.value.field == "fees"


def test_a_slider_of_sixty_months_and_three_plans_answers_in_twenty_milliseconds() -> None:
    actuarial = PrepaymentTerms(amortisation="actuarial", charge_steps=((24, TWELVE),))
    contracts = [
        PayoffContract(schedule=build_schedule(terms), terms=terms, prepayment=actuarial)
        for terms in (FLAT, LEVEL, FLAT)
    ]
    spent = []
    for _ in range(5):
        start = time.process_time()
        payoff_table(contracts)
        spent.append(time.process_time() - start)

    assert min(spent) <= 0.020


@given(
    loan_terms(principal_fen=(10**6, 10**9), term_months=(1, 60), highest_rate="0.4", plain=True),
    prepayments(),
    st.integers(0, 2_000_000),
    st.integers(1, 60),
    fees(),
)
def test_the_three_futures_are_the_scalar_ones_fees_and_all(
    terms: LoanTerms,
    prepayment: PrepaymentTerms,
    rebate_fen: int,
    month: int,
    charged: tuple[Fee, ...],
) -> None:
    schedule = build_schedule(terms)
    assume(schedule.outstanding_after(0) > schedule.fee_at_start_fen)
    assume(min(prepayment.minimum_months, terms.term_months) <= month <= terms.term_months)
    contract = PayoffContract(
        schedule=schedule, terms=terms, prepayment=prepayment, rebate_fen=rebate_fen, fees=charged
    )

    assert rebate_futures(contract, settle_after_month=month) == rebate_truth(
        schedule, terms, prepayment, rebate_fen=rebate_fen, settle_after_month=month, fees=charged
    )


def test_a_fee_of_the_loan_is_in_all_three_futures() -> None:
    plain = contract_of(FLAT, rebate_fen=1_300_000)
    fee = Fee(code="fee", name="手续费", amount_fen=500_000, payee="样例银行")

    truth = rebate_futures(replace(plain, fees=(fee,)), settle_after_month=24)

    # 13,000 - 5,000 - 25,000 x 24 / 60 = -2,000; - 25,000 over the whole term = -17,000.
    assert (truth.settled_free_fen, truth.full_term_fen) == (-200_000, -1_700_000)
    assert truth.break_even_month_free == 19


@pytest.mark.parametrize("month", [0, 61])
def test_a_future_outside_the_term_is_refused(month: int) -> None:
    with pytest.raises(ImpossibleTermsError) as refusal:
        rebate_futures(contract_of(FLAT), settle_after_month=month)

    assert refusal.value.field == "settle_after_month"


def test_a_future_before_the_contract_allows_it_is_refused() -> None:
    waiting = PrepaymentTerms(amortisation="actuarial", minimum_months=12)

    with pytest.raises(TooEarlyToPrepayError) as refusal:
        rebate_futures(replace(contract_of(FLAT), prepayment=waiting), settle_after_month=11)

    assert refusal.value.earliest_month == 12
