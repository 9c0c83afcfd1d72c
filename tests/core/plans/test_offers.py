from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.core.plans.builders import make_car, make_version

from chedai.core.plans.offers import (
    CompletedOffer,
    TypedOffer,
    complete_offer,
    differences,
    offer_text,
)
from chedai.core.plans.plan import Plan, Refusal
from chedai.core.plans.pricing import price_plan


def readings(**typed: Any) -> dict[str, CompletedOffer]:
    offers = complete_offer(TypedOffer(**typed))
    assert isinstance(offers, tuple), offers
    return {offer.reading: offer for offer in offers}


def test_a_monthly_payment_alone_tells_the_true_cost():
    # 10 万, 36 × 3,077.78: the fee of 0.3 % a month, 6.78 % a year
    offers = readings(principal_fen=100_000_00, term_months=36, monthly_fen=3_077_78)

    assert list(offers) == ["as_typed"]
    assert offers["as_typed"].cost.apr_simple == pytest.approx(0.0678, abs=5e-5)
    assert offers["as_typed"].worked_out == ()


def test_an_ambiguous_rate_is_read_both_ways_side_by_side():
    offers = readings(principal_fen=100_000_00, term_months=36, rate_monthly=Decimal("0.003"))

    assert list(offers) == ["interest", "flat_fee"]
    assert offers["interest"].cost.apr_simple == pytest.approx(0.036, abs=5e-6)
    assert offers["flat_fee"].cost.apr_simple == pytest.approx(0.0678, abs=5e-5)
    assert offers["flat_fee"].worked_out == ("月供",)


def test_the_payment_that_was_said_tells_which_reading_was_meant():
    offers = readings(
        principal_fen=100_000_00,
        term_months=36,
        monthly_fen=3_078_00,
        rate_annual=Decimal("0.036"),
    )

    assert {name: offer.matches_monthly for name, offer in offers.items()} == {
        "as_typed": True,
        "interest": False,
        "flat_fee": True,
    }


def test_a_known_flat_fee_has_one_reading():
    offers = readings(principal_fen=140_000_00, term_months=60, flat_fee_rate_total=Decimal("0.15"))

    assert list(offers) == ["flat_fee"]
    assert offers["flat_fee"].payment_fen == 2_683_33
    assert offers["flat_fee"].cost.apr_simple == pytest.approx(0.0564, abs=5e-5)


@pytest.mark.parametrize(
    ("extras", "apr"),
    [
        # 100,000 at 5 % over 36 months plus 4,500 at the start: 8.10 %
        ({"fees_fen": 4_500_00}, 0.0810),
        ({"fees_fen": 4_500_00, "rebate_fen": 4_500_00}, 0.05),
        ({"lost_cash_discount_fen": 4_500_00}, 0.0810),
    ],
)
def test_fees_rebates_and_lost_discounts_are_in_the_cost(extras: dict[str, int], apr: float):
    offers = readings(
        principal_fen=100_000_00, term_months=36, rate_annual=Decimal("0.05"), **extras
    )

    assert offers["interest"].cost.apr_simple == pytest.approx(apr, abs=5e-5)


def test_a_missing_principal_is_worked_out_from_payment_and_rate():
    offers = readings(term_months=36, monthly_fen=2_947_06, rate_annual=Decimal("0.0388"))

    assert offers["interest"].principal_fen == 100_000_00
    # 2,947.06 × 36 / (1 + 3 × 0.0388)
    assert offers["flat_fee"].principal_fen == 95_032_00
    assert offers["interest"].worked_out == ("贷款额",)


def test_a_missing_term_is_worked_out_from_payment_and_rate():
    offers = readings(principal_fen=100_000_00, monthly_fen=2_253_00, rate_annual=Decimal("0.0388"))

    assert offers["interest"].term_months == 48
    assert offers["interest"].matches_monthly


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"principal_fen": 100_000_00}, "offer"),
        ({"rate_annual": Decimal("0.04"), "term_months": 36}, "offer"),
        ({"principal_fen": 100_000_00, "term_months": 36}, "rate"),
        (
            {"principal_fen": 100_00, "term_months": 36, "monthly_fen": 1_00, "fees_fen": 200_00},
            "offer",
        ),
    ],
)
def test_what_is_missing_or_impossible_is_asked_for(typed: dict[str, Any], field: str):
    refusal = complete_offer(TypedOffer(**typed))

    assert isinstance(refusal, Refusal)
    assert refusal.field == field


def our_plan(down_fen: int = 50_000_00) -> Plan:
    plan = price_plan(
        product=make_version(),
        car=make_car(),
        term_months=36,
        down_payment_fen=down_fen,
        first_due_on=date(2026, 12, 10),
    )
    assert isinstance(plan, Plan)
    return plan


def test_differences_are_said_whichever_way_they_fall():
    dearer = readings(principal_fen=100_000_00, term_months=36, monthly_fen=3_077_78)["as_typed"]
    cheaper = readings(principal_fen=100_000_00, term_months=24, monthly_fen=4_200_00)["as_typed"]

    assert differences(our_plan(), dearer) == (
        "月供：对方 3,078 元，我们 2,947 元，我们少 131 元",
        "比全款多付：对方 10,800 元，我们 6,094 元，我们少 4,706 元",
        "综合年化成本（单利）：对方 6.78%，我们 3.88%",
    )
    assert differences(our_plan(), cheaper)[1:3] == (
        "比全款多付：对方 800 元，我们 6,094 元，我们多 5,294 元",
        "期数：对方 24 期，我们 36 期",
    )


def test_different_principals_are_not_compared_silently():
    offer = readings(principal_fen=90_000_00, term_months=36, monthly_fen=2_947_06)["as_typed"]

    said = differences(our_plan(), offer)

    assert said[0] == "月供：对方 2,947 元，我们 2,947 元，一样"
    assert "贷款额不同：对方 90,000 元，我们 100,000 元，月供不能直接比" in said


def test_a_reading_is_said_in_one_sentence():
    offer = readings(principal_fen=100_000_00, term_months=36, rate_monthly=Decimal("0.003"))

    assert offer_text(offer["flat_fee"]) == (
        "把费率当作分期费率（一直按原贷款额收）：贷 100,000 元、36 期，月供 3,078 元，"
        "比全款多付 10,800 元，综合年化成本 6.78%（单利）"
    )


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"principal_fen": 0, "monthly_fen": 1_00}, "贷款额、期数、月供都要大于 0"),
        (
            {"principal_fen": 100_00, "rate_annual": Decimal(11)},
            "这几个数对不上，请再核对一遍对方的单子",
        ),
    ],
)
def test_numbers_that_make_no_contract_are_sent_back(typed: dict[str, Any], message: str):
    assert complete_offer(TypedOffer(term_months=36, **typed)) == Refusal("offer", message)


def test_instalments_that_do_not_repay_the_loan_are_sent_back():
    # 36 × 2,777 = 99,972: said in whole yuan; 36 × 2,772 = 99,792 is more than rounding.
    rounded = TypedOffer(principal_fen=100_000_00, term_months=36, monthly_fen=2_777_00)
    short = TypedOffer(principal_fen=100_000_00, term_months=36, monthly_fen=2_772_00)

    assert not isinstance(complete_offer(rounded), Refusal)
    refusal = complete_offer(short)
    assert isinstance(refusal, Refusal)
    assert "才还 99,792 元，比贷的 100,000 元还少" in refusal.message
