"""A row is one contract, or everything that is wrong with it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chedai.config.quoting.faults import Fault
from chedai.config.quoting.offers import Offer, offer_of
from chedai.config.quoting.pricing import Quote, price_offers
from chedai.core.loans.cost import RateError, Subsidy, cost_of_plan
from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import Fee

ROW = {"principal_yuan": "120000", "term_months": "36", "nominal_rate_annual": "5.88%"}


def faults_of(**changes: str) -> tuple[Fault, ...]:
    row = {name: text for name, text in {**ROW, **changes}.items() if text}
    answer = offer_of(1, row)
    if isinstance(answer, Offer):
        (priced,) = price_offers([answer])
        assert not isinstance(priced, Quote)
        return priced
    return answer


def quote_of(**changes: str) -> Quote:
    offer = offer_of(1, {name: text for name, text in {**ROW, **changes}.items() if text})
    assert isinstance(offer, Offer)
    (quote,) = price_offers([offer])
    assert isinstance(quote, Quote)
    return quote


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"principal_yuan": "NaN"}, "principal_yuan", "不是金额"),
        ({"principal_yuan": "0"}, "principal_yuan", "大于 0"),
        ({"principal_yuan": ""}, "principal_yuan", "请填贷款额"),
        ({"nominal_rate_annual": "500%"}, "nominal_rate_annual", "高于 100%"),
        ({"nominal_rate_annual": ""}, "nominal_rate_annual", "免息写 0"),
        ({"term_months": "0"}, "term_months", "1 至 360"),
        ({"term_months": "361"}, "term_months", "1 至 360"),
        ({"fees_yuan": "120000"}, "fees_yuan", "超过贷款本金"),
        ({"fees_yuan": "120000.01"}, "fees_yuan", "超过贷款本金"),
        ({"balloon_yuan": "50000"}, "balloon_yuan", "不适用"),
        ({"method": "balloon", "balloon_yuan": "120000.01"}, "balloon_yuan", "尾款须在"),
        ({"deposit_yuan": "120000"}, "deposit_yuan", "小于贷款本金"),
        ({"flat_fee_rate_total": "9%"}, "nominal_rate_annual", "不适用"),
        ({"method": "stepped", "nominal_rate_annual": ""}, "segments", "分段利率"),
        ({"segments": "12x1%", "nominal_rate_annual": ""}, "segments", "等于期限"),
        ({"rebate_yuan": "1e11", "fees_yuan": "1"}, "principal_yuan", "超出可处理范围"),
    ],
)
def test_an_impossible_row_says_which_entry_and_why(changes, field, said):
    (fault,) = faults_of(**changes)

    assert fault.field == field
    assert said in fault.message


def test_every_bad_cell_of_a_row_is_named_at_once():
    faults = faults_of(principal_yuan="NaN", term_months="three")

    assert [fault.field for fault in faults] == ["principal_yuan", "term_months"]


def test_fees_one_fen_below_the_principal_are_priced():
    quote = quote_of(fees_yuan="119999.99")

    assert quote.extra_over_cash_fen > 11_999_999
    assert quote.rate_state == "solved"


@pytest.mark.parametrize("months", ["1", "360"])
@pytest.mark.parametrize("amount", ["0.01", "120000", "100000000000"])
def test_the_shortest_longest_smallest_and_largest_are_priced(months, amount):
    quote = quote_of(principal_yuan=amount, term_months=months)

    assert quote.total_paid_fen >= quote.offer.terms.principal_fen
    assert quote.extra_over_cash_fen == quote.total_paid_fen - quote.offer.terms.principal_fen


def test_a_rate_that_does_not_exist_is_none_and_the_amounts_stand():
    quote = quote_of(lost_discount_yuan="130000")

    assert quote.apr_simple is None
    assert quote.rate_state == "no_rate"
    assert quote.first_payment_fen > 0


@pytest.mark.parametrize(
    ("changes", "method"),
    [
        ({}, "equal_instalment"),
        ({"flat_fee_rate_total": "9%", "nominal_rate_annual": ""}, "flat_fee"),
        ({"segments": "12x1%+24x2%", "nominal_rate_annual": ""}, "stepped"),
    ],
)
def test_a_row_without_a_method_means_what_it_says(changes, method):
    assert quote_of(**changes).offer.terms.method == method


def test_the_monthly_fee_is_in_what_is_paid_each_month_and_in_the_cost():
    plain, charged = quote_of(), quote_of(monthly_fee_yuan="10")

    assert charged.first_payment_fen == plain.first_payment_fen + 1_000
    assert charged.extra_over_cash_fen == plain.extra_over_cash_fen + 36_000


METHODS = {
    "equal_instalment": {"nominal_rate_annual": "4.5%"},
    "equal_principal": {"nominal_rate_annual": "4.5%"},
    "interest_first": {"nominal_rate_annual": "4.5%", "interest_only_months": "6"},
    "balloon": {"nominal_rate_annual": "4.5%", "balloon_yuan": "3000"},
    "bullet": {"nominal_rate_annual": "4.5%"},
    "flat_fee": {"flat_fee_rate_total": "9%"},
    "lease_rent": {"nominal_rate_annual": "4.5%", "rent_timing": "期初", "deposit_yuan": "500"},
    "seasonal": {"nominal_rate_annual": "4.5%", "slack_months": "6+7"},
    "stepped": {"segments": "12x1%+24x6%"},
}


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(sorted(METHODS)),
    st.integers(10_000_00, 900_000_00),
    *(st.integers(0, 2_000_00) for _ in range(3)),  # below the smallest principal, a rent and all
    st.integers(0, 99_00),
)
def test_every_figure_is_the_one_of_the_whole_contract(
    method, principal_fen, fees_fen, lost_fen, rebate_fen, monthly_fen
):
    quote = quote_of(
        method=method,
        principal_yuan=f"{principal_fen / 100:.2f}",
        **{"nominal_rate_annual": "", **METHODS[method]},
        fees_yuan=f"{fees_fen / 100:.2f}",
        monthly_fee_yuan=f"{monthly_fen / 100:.2f}",
        lost_discount_yuan=f"{lost_fen / 100:.2f}",
        rebate_yuan=f"{rebate_fen / 100:.2f}",
    )
    schedule = build_schedule(quote.offer.terms)
    fees = [
        Fee(code="fees", name="费用", amount_fen=fees_fen, payee="样例"),
        Fee(
            code="monthly", name="月费", amount_fen=monthly_fen * 36, payee="样例", timing="spread"
        ),
    ]

    cost = cost_of_plan(
        schedule,
        fees,
        lost_cash_discount_fen=lost_fen,
        subsidies=[Subsidy(code="rebate", name="返现", amount_fen=rebate_fen)],
    )

    assert quote.extra_over_cash_fen == cost.extra_over_cash_fen
    assert quote.total_paid_fen == cost.total_paid_fen
    assert quote.apr_simple == pytest.approx(cost.apr_simple, abs=1e-9)
    assert quote.apr_compound == pytest.approx(cost.apr_compound, abs=1e-9)
    assert quote.first_payment_fen == schedule.instalment_fen[0] + monthly_fen
    assert quote.highest_payment_fen == max(schedule.instalment_fen) + monthly_fen


def test_an_offer_too_large_to_add_up_spoils_no_other():
    spoilt = {**ROW, "rebate_yuan": "1e11", "fees_yuan": "1"}
    offers = [offer_of(line, row) for line, row in enumerate([ROW, spoilt, ROW])]
    assert all(isinstance(offer, Offer) for offer in offers)

    first, refused, last = price_offers(offers)

    assert not isinstance(refused, Quote)
    assert first.total_paid_fen == last.total_paid_fen
    assert (first.offer.line, last.offer.line) == (0, 2)


def test_no_rate_of_the_contract_is_an_error_of_the_row():
    with pytest.raises(RateError):
        cost_of_plan(build_schedule(quote_of().offer.terms), lost_cash_discount_fen=13_000_000)

    assert quote_of(lost_discount_yuan="130000").apr_compound is None
