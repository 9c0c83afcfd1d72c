"""Whole-contract cost: golden tables, flows, dates, refusals."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.loans.strategies import loan_terms
from tests.core.loans.vectors import read

from chedai.core.dates import due_dates
from chedai.core.loans.cost import (
    NoRateError,
    Subsidy,
    cash_flows,
    cost_of_credit,
    cost_of_plan,
    cost_on_dates,
    flows_on_dates,
    monthly_flows,
)
from chedai.core.loans.schedules import Schedule, build_schedule
from chedai.core.loans.terms import Fee, ImpossibleTermsError, LoanTerms

TABLES = read("golden_tables.json")


def rows(name: str) -> Any:
    table = TABLES[name]
    return pytest.mark.parametrize(table["columns"], table["rows"])


def flat(
    term_months: int, ratio: str, *, principal_fen: int = 10_000_000, timing: Any = "spread"
) -> Schedule:
    return build_schedule(
        LoanTerms(
            method="flat_fee",
            principal_fen=principal_fen,
            term_months=term_months,
            flat_fee_rate_total=Decimal(ratio),
            flat_fee_timing=timing,
        )
    )


def annuity(term_months: int, rate: str, principal_fen: int = 10_000_000) -> Schedule:
    return build_schedule(
        LoanTerms(
            method="equal_instalment",
            principal_fen=principal_fen,
            term_months=term_months,
            nominal_rate_annual=Decimal(rate),
        )
    )


def fee(amount_fen: int, **change: Any) -> Fee:
    return Fee(code="f", name="手续费", amount_fen=amount_fen, payee="示例机构", **change)


def percent(ratio: float) -> float:
    return round(ratio * 100, 2)


@rows("published_offers")
def test_a_published_annual_rate_is_twelve_times_the_monthly_root(
    offer: str,
    term_months: int,
    fee_ratio_total: str,
    printed_percent: float,
    tolerance_percent: float,
) -> None:
    cost = cost_of_plan(flat(term_months, fee_ratio_total))

    assert cost.apr_simple * 100 == pytest.approx(printed_percent, abs=tolerance_percent), offer


@rows("fee_grid")
def test_the_fee_grid_is_printed_again(
    term_months: int,
    fee_ratio_total: str,
    apr_simple_percent: float,
    apr_compound_percent: float,
    apr_simple_upfront_percent: float,
) -> None:
    spread = cost_of_plan(flat(term_months, fee_ratio_total))
    upfront = cost_of_plan(flat(term_months, fee_ratio_total, timing="upfront"))

    assert percent(spread.apr_simple) == apr_simple_percent
    assert percent(spread.apr_compound) == apr_compound_percent
    assert percent(upfront.apr_simple) == apr_simple_upfront_percent


@pytest.mark.parametrize("ratio", TABLES["monthly_fee_grid"]["rows"])
def test_a_monthly_fee_is_annualised_for_every_term(ratio: str) -> None:
    table = TABLES["monthly_fee_grid"]

    annual = [
        percent(cost_of_plan(flat(months, str(Decimal(ratio) * months))).apr_simple)
        for months in table["terms_months"]
    ]

    assert annual == table["rows"][ratio]


@rows("explained_to_customers")
def test_what_customers_are_told_is_what_the_contract_costs(
    method: str,
    term_months: int,
    rate_or_fee_ratio: str,
    fee_upfront_yuan: int,
    extra_yuan: int,
    apr_simple_percent: float,
    apr_compound_percent: float,
) -> None:
    make = flat if method == "flat_fee" else annuity

    cost = cost_of_plan(make(term_months, rate_or_fee_ratio), [fee(fee_upfront_yuan * 100)])

    assert round(cost.extra_over_cash_fen / 100) == extra_yuan
    assert percent(cost.apr_simple) == apr_simple_percent
    assert percent(cost.apr_compound) == apr_compound_percent


@rows("plan_matrix")
def test_the_plan_matrix_is_printed_again(
    principal_yuan: int, term_months: int, instalment_yuan: int, extra_yuan: int
) -> None:
    schedule = annuity(term_months, "0.0388", principal_yuan * 100)

    assert round(schedule.instalment_fen[0] / 100) == instalment_yuan
    assert round(cost_of_plan(schedule).extra_over_cash_fen / 100) == extra_yuan


@pytest.mark.parametrize(
    ("term_months", "rate", "fee_fen", "apr_simple_percent", "apr_compound_percent"),
    [(36, "0.05", 450_000, 8.10, 8.41), (60, "0.0399", 300_000, 5.24, 5.37)],
)
def test_fees_taken_on_day_0_raise_both_annual_rates(
    term_months: int,
    rate: str,
    fee_fen: int,
    apr_simple_percent: float,
    apr_compound_percent: float,
) -> None:
    cost = cost_of_plan(annuity(term_months, rate), [fee(fee_fen)])

    assert percent(cost.apr_simple) == apr_simple_percent
    assert percent(cost.apr_compound) == apr_compound_percent


def test_a_lost_cash_discount_gives_zero_percent_a_price() -> None:
    # 120 000 over 36 months at “0 %”, 8 000 off for cash buyers only.
    cost = cost_of_plan(annuity(36, "0", 12_000_000), lost_cash_discount_fen=800_000)

    assert percent(cost.apr_simple) == 4.53
    assert cost.extra_over_cash_fen == 800_000
    assert cost.total_paid_fen == 12_000_000


def test_a_fee_counts_whoever_collects_it_but_only_as_a_condition_of_the_loan() -> None:
    schedule = annuity(36, "0.0388")
    free_choice = fee(300_000, is_condition_of_loan=False)

    assert cost_of_plan(schedule, [free_choice]) == cost_of_plan(schedule)


@pytest.mark.parametrize(
    ("timing", "rank"), [("upfront", 0), ("first_instalment", 1), ("spread", 2), ("last", 3)]
)
def test_the_later_a_fee_the_cheaper_the_loan(timing: Any, rank: int) -> None:
    costs = [
        cost_of_plan(annuity(36, "0.05"), [fee(300_001, timing=when)]).apr_simple
        for when in ("upfront", "first_instalment", "spread", "last")
    ]

    assert sorted(costs, reverse=True) == costs
    assert (
        costs[rank] == cost_of_plan(annuity(36, "0.05"), [fee(300_001, timing=timing)]).apr_simple
    )


def test_a_refundable_fee_costs_time_and_no_money() -> None:
    schedule = annuity(36, "0.05")

    cost = cost_of_plan(schedule, [fee(300_000, is_refundable=True)])

    assert cost.extra_over_cash_fen == schedule.total_interest_fen
    assert cost.total_paid_fen == schedule.total_paid_fen
    assert cost.apr_simple > 0.05


def test_a_subsidy_lowers_the_cost_and_not_the_contract() -> None:
    schedule = annuity(36, "0.05")
    subsidy = Subsidy(code="fiscal", name="财政贴息", amount_fen=100_000, month=12)

    cost = cost_of_plan(schedule, subsidies=[subsidy])

    assert cost.total_paid_fen == schedule.total_paid_fen
    assert cost.extra_over_cash_fen == schedule.total_interest_fen - 100_000
    assert cost.apr_simple < 0.05


def test_more_subsidy_than_interest_is_a_negative_rate() -> None:
    subsidy = Subsidy(code="rebate", name="返利", amount_fen=1_300_000)

    assert cost_of_plan(annuity(36, "0.02"), subsidies=[subsidy]).apr_simple < 0


@pytest.mark.parametrize("month", [-1, 37])
def test_a_subsidy_outside_the_term_is_refused(month: int) -> None:
    subsidy = Subsidy(code="fiscal", name="财政贴息", amount_fen=1, month=month)

    with pytest.raises(ImpossibleTermsError, match="不在期限之内"):
        cost_of_plan(annuity(36, "0.05"), subsidies=[subsidy])


def test_fees_that_reach_the_principal_are_refused_and_one_fen_less_is_computed() -> None:
    schedule = annuity(36, "0.05")

    with pytest.raises(ImpossibleTermsError, match="fees"):
        cost_of_plan(schedule, [fee(10_000_000)])
    assert cost_of_plan(schedule, [fee(9_999_999)]).received_fen == 1


def test_a_lost_discount_as_large_as_the_loan_has_no_rate() -> None:
    with pytest.raises(NoRateError):
        cost_of_plan(annuity(36, "0.05"), lost_cash_discount_fen=10_000_000)


def test_the_four_numbers_of_a_plan_come_from_one_contract() -> None:
    cost = cost_of_plan(annuity(36, "0.0388"))

    # 2 947.06 x 36 = 106 094
    assert round(cost.total_paid_fen / 100) == 106_094
    assert round(cost.extra_over_cash_fen / 100) == 6_094
    assert percent(cost.apr_simple) == 3.88


@given(loan_terms(plain=True), st.integers(0, 10**6), st.integers(0, 10**6))
def test_all_flows_add_up_to_what_is_paid_more_than_with_cash(
    terms: LoanTerms, fee_fen: int, subsidy_fen: int
) -> None:
    schedule = build_schedule(terms)
    fees = [fee(fee_fen, timing="spread"), fee(5, timing="last", is_refundable=True)]
    subsidies = [Subsidy(code="s", name="贴息", amount_fen=subsidy_fen)]

    flows = cash_flows(schedule, fees, subsidies=subsidies)

    extra_fen = schedule.total_interest_fen + schedule.total_fee_fen + fee_fen - subsidy_fen
    assert -sum(flow.amount_fen for flow in flows) == extra_fen
    assert [flow.month for flow in flows] == sorted(flow.month for flow in flows)
    assert all(flow.amount_fen and flow.label for flow in flows)


@given(loan_terms(plain=True, principal_fen=(10**4, 10**9), highest_rate="0.5"))
def test_the_rate_makes_all_flows_worth_nothing(terms: LoanTerms) -> None:
    schedule = build_schedule(terms)
    if not schedule.outstanding_after(0) > schedule.fee_at_start_fen:
        return

    cost = cost_of_plan(schedule)

    growth = 1 + cost.irr_monthly
    worths = [flow.amount_fen / growth**flow.month for flow in cash_flows(schedule)]
    assert sum(worths) == pytest.approx(0, abs=1e-9 * terms.principal_fen)
    assert cost.apr_simple == 12 * cost.irr_monthly
    assert cost.apr_compound == pytest.approx(growth**12 - 1)


@given(
    terms=loan_terms(principal_fen=(100_000, 10**9)),
    timings=st.lists(
        st.tuples(
            st.sampled_from(["upfront", "spread", "first_instalment", "last"]),
            st.integers(0, 10_000),
            st.booleans(),
            st.booleans(),
        ),
        max_size=4,
    ),
    subsidies=st.lists(st.tuples(st.integers(0, 1), st.integers(-500, 5_000)), max_size=2),
    lost_fen=st.integers(-500, 5_000),
)
def test_flows_summed_by_month_are_the_listed_ones(
    terms: LoanTerms, timings: list[Any], subsidies: list[Any], lost_fen: int
) -> None:
    schedule = build_schedule(terms)
    fees = [
        Fee(
            code=str(number),
            name="费",
            amount_fen=amount_fen,
            payee="清禾咨询（虚构）",
            timing=timing,
            is_condition_of_loan=is_condition,
            is_refundable=is_refundable,
        )
        for number, (timing, amount_fen, is_condition, is_refundable) in enumerate(timings)
    ]
    told: dict[str, Any] = {
        "lost_cash_discount_fen": lost_fen,
        "subsidies": [
            Subsidy(code="oem", name="补贴", amount_fen=fen, month=month)
            for month, fen in subsidies
        ],
    }
    listed = [0] * (schedule.term_months + 1)
    for flow in cash_flows(schedule, fees, **told):
        listed[flow.month] += flow.amount_fen

    assert monthly_flows(schedule, fees, **told) == listed


def test_flows_are_labelled_for_people() -> None:
    flows = cash_flows(annuity(2, "0.06", 100_000), [fee(500)], lost_cash_discount_fen=200)

    # 1000.00 over two months at 0.5 %: 503.75, and a last one of 503.75 or a fen beside it.
    assert flows[:4] == (
        (0, 100_000, "放款"),
        (0, -200, "放弃的现金优惠"),
        (0, -500, "手续费（示例机构）"),
        (1, -50_375, "第 1 期"),
    )


def test_cost_of_credit_needs_only_what_came_and_what_went() -> None:
    cost = cost_of_credit(received_fen=10_000, paid_fen=[10_100])

    assert cost.irr_monthly == pytest.approx(0.01)
    assert cost.apr_simple == pytest.approx(0.12)
    assert cost.apr_compound == pytest.approx(1.01**12 - 1)
    assert (cost.total_paid_fen, cost.received_fen, cost.extra_over_cash_fen) == (
        10_100,
        10_000,
        100,
    )


def test_on_actual_days_a_year_of_365_days_is_a_year() -> None:
    cost = cost_on_dates([(date(2026, 1, 1), 10_000), (date(2027, 1, 1), -11_000)])

    assert cost.apr_compound == pytest.approx(0.10)
    assert cost.apr_simple == pytest.approx(12 * (1.1 ** (1 / 12) - 1))
    assert cost.extra_over_cash_fen == 1_000


def test_actual_days_and_equal_months_agree_closely() -> None:
    schedule = annuity(36, "0.0388")
    disbursed_on = date(2026, 11, 10)
    flows = flows_on_dates(
        cash_flows(schedule),
        disbursed_on=disbursed_on,
        due_on=due_dates(date(2026, 12, 10), 36),
    )

    dated = cost_on_dates(flows)

    monthly = cost_of_plan(schedule)
    assert dated.apr_compound == pytest.approx(monthly.apr_compound, abs=2e-4)
    assert dated.total_paid_fen == monthly.total_paid_fen


def test_a_later_first_due_date_lowers_the_cost_on_actual_days() -> None:
    flows = cash_flows(annuity(36, "0.0388"))
    soon, late = (
        cost_on_dates(
            flows_on_dates(flows, disbursed_on=date(2026, 11, 10), due_on=due_dates(first, 36))
        )
        for first in (date(2026, 12, 10), date(2026, 12, 28))
    )

    assert late.apr_compound < soon.apr_compound


def test_no_dated_flows_have_no_rate() -> None:
    with pytest.raises(NoRateError, match="没有现金流"):
        cost_on_dates([])
