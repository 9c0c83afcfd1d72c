from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.plans.builders import make_car, make_offers, make_terms, make_version

from chedai.core.loans.schedules import build_schedule
from chedai.core.plans.columns import price_block
from chedai.core.plans.plan import CostLine, Plan
from chedai.core.plans.pricing import loan_terms_of, price_plan
from chedai.core.plans.product import AddOnCondition, FeeRule, RateSegment, Subvention, TermOffer


def fee(timing: str, **changes: Any) -> FeeRule:
    plain: dict[str, Any] = {
        "code": f"{timing}-fee",
        "name": "费",
        "payee": "清禾咨询（虚构）",
        "basis": "ratio_of_principal",
        "ratio": Decimal("0.0123"),
        "timing": timing,
        "is_condition_of_loan": True,
        "is_refundable": False,
    }
    return FeeRule(**(plain | changes))


RATE = Decimal("0.0499")
STAGED = (RateSegment(12, Decimal(0)), RateSegment(24, RATE))
PRODUCTS: list[dict[str, Any]] = [
    {},
    {"offers": make_offers("0", 36)},
    {"rounding_unit_fen": 100},
    {"method": "equal_principal"},
    {"method": "flat_fee", "offers": (TermOffer(36, flat_fee_rate_total=Decimal("0.108")),)},
    {"method": "balloon", "offers": (TermOffer(36, RATE, balloon_ratio=Decimal("0.3")),)},
    {"method": "lease_rent", "offers": (TermOffer(36, RATE, balloon_ratio=Decimal("0.1")),)},
    {"method": "lease_rent", "offers": (TermOffer(36, RATE, rent_timing="advance"),)},
    {"method": "interest_first", "offers": (TermOffer(36, RATE, interest_only_months=12),)},
    {"method": "bullet", "offers": (TermOffer(36, RATE),)},
    {"method": "stepped", "offers": (TermOffer(36, segments=STAGED),)},
    {"method": "stepped", "offers": (TermOffer(36, segments=STAGED, segment_base="original"),)},
    {"fees": (fee("upfront"), fee("spread"), fee("first_instalment"), fee("last"))},
    {"fees": (fee("upfront", is_condition_of_loan=False), fee("spread"))},
    {"fees": (fee("spread", is_condition_of_loan=False),)},
    {"fees": (fee("upfront", is_refundable=True, ratio=Decimal("0.05")),)},
    {"lost_cash_discount_fen": 5_000_00, "loan_only_discount_fen": 1_000_00},
    {"subventions": (Subvention(payer="oem", form="upfront_cash", amount_fen=800_00),)},
]


@pytest.mark.parametrize("changes", PRODUCTS)
def test_every_column_is_what_the_plan_says(changes: dict[str, Any]):
    version = make_version(**changes)
    offer = version.terms.offers[0]
    plans = [
        price_plan(
            product=version,
            car=make_car(),
            term_months=36,
            down_payment_fen=down_fen,
            first_due_on=date(2026, 12, 10),
        )
        for down_fen in (30_000_00, 49_876_54, 50_000_00, 129_000_00 - 7)
    ]
    assert all(isinstance(plan, Plan) for plan in plans)
    expected = [plan for plan in plans if isinstance(plan, Plan)]

    block = price_block(
        terms=version.terms,
        offer=offer,
        principal_fen=np.array([plan.principal_fen for plan in expected]),
    )

    assert block.payment_fen.tolist() == [plan.payment_fen for plan in expected]
    assert block.first_payment_fen.tolist() == [plan.first_payment_fen for plan in expected]
    assert block.last_payment_fen.tolist() == [plan.last_payment_fen for plan in expected]
    assert block.extra_over_cash_fen.tolist() == [plan.extra_over_cash_fen for plan in expected]
    assert block.apr_simple == pytest.approx([plan.apr_simple for plan in expected], abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    principals=st.lists(st.integers(1, 90_000_000), min_size=1, max_size=12),
    months=st.integers(3, 84),
    rate=st.decimals(0, "0.24", places=4),
    method=st.sampled_from(["equal_instalment", "equal_principal", "balloon", "lease_rent"]),
)
def test_lanes_equal_schedules_to_the_fen(
    principals: list[int], months: int, rate: Decimal, method: str
):
    balloon = Decimal("0.25") if method in {"balloon", "lease_rent"} else Decimal(0)
    offer = TermOffer(months, rate, balloon_ratio=balloon)
    terms = make_terms(method=method, offers=(offer,))
    schedules = [
        build_schedule(loan_terms_of(terms=terms, offer=offer, principal_fen=principal))
        for principal in principals
    ]

    block = price_block(terms=terms, offer=offer, principal_fen=np.array(principals))

    assert block.last_payment_fen.tolist() == [part.instalment_fen[-1] for part in schedules]
    assert block.extra_over_cash_fen.tolist() == [part.total_interest_fen for part in schedules]


@settings(max_examples=60, deadline=None)
@given(
    principals=st.lists(st.integers(1, 900_000), min_size=1, max_size=12),
    months=st.integers(3, 60),
    rate=st.decimals(0, "0.30", places=4),
)
def test_flat_fee_lanes_equal_schedules_to_the_fen(
    principals: list[int], months: int, rate: Decimal
):
    offer = TermOffer(months, flat_fee_rate_total=rate)
    terms = make_terms(method="flat_fee", offers=(offer,))
    schedules = [
        build_schedule(loan_terms_of(terms=terms, offer=offer, principal_fen=principal))
        for principal in principals
    ]

    block = price_block(terms=terms, offer=offer, principal_fen=np.array(principals))

    assert block.first_payment_fen.tolist() == [part.instalment_fen[0] for part in schedules]
    assert block.last_payment_fen.tolist() == [part.instalment_fen[-1] for part in schedules]
    assert block.extra_over_cash_fen.tolist() == [part.total_fee_fen for part in schedules]


def test_a_hundred_fen_over_eighty_four_months_is_not_taken_for_level():
    offer = TermOffer(84, Decimal(0))
    terms = make_terms(offers=(offer,))

    block = price_block(terms=terms, offer=offer, principal_fen=np.array([150, 8_400]))

    assert block.extra_over_cash_fen.tolist() == [0, 0]
    assert block.last_payment_fen.tolist() == [0, 100]


def test_fees_that_eat_the_loan_leave_no_annual_cost():
    terms = make_terms(fees=(fee("upfront", ratio=Decimal(1)),))

    block = price_block(terms=terms, offer=terms.offers[0], principal_fen=np.array([50_000_00]))

    assert np.isnan(block.apr_simple).all()


def test_an_insisted_add_on_is_in_the_cost():
    rule = AddOnCondition(
        code="gps", name="GPS", payee="云岭车联（虚构）", is_condition_of_loan=True
    )
    terms = make_terms(offers=make_offers("0", 36), add_ons=(rule,))

    line = CostLine(code="gps", name="GPS", amount_fen=1_500_00, payee="云岭车联（虚构）")

    block = price_block(
        terms=terms, offer=terms.offers[0], principal_fen=np.array([36_000_00]), add_ons=(line,)
    )

    assert block.extra_over_cash_fen.tolist() == [1_500_00]
    assert block.upfront_fen.tolist() == [1_500_00]


def test_no_principals_give_no_rows():
    terms = make_terms()

    block = price_block(
        terms=terms, offer=terms.offers[0], principal_fen=np.zeros(0, dtype=np.int64)
    )

    assert block.payment_fen.shape == (0,)


@pytest.mark.parametrize(("months", "payments"), [(1, [10_050_00]), (2, [5_037_55])])
def test_one_or_two_months_are_priced_from_their_schedules(months: int, payments: list[int]):
    offer = TermOffer(months, Decimal("0.06"))
    terms = make_terms(offers=(offer,))

    block = price_block(terms=terms, offer=offer, principal_fen=np.array([10_000_00]))

    # 1: 10,000 × 1.005; 2: 10,000 × 0.005 / (1 − 1.005^−2) = 5,037.53 … rounded by the schedule
    schedule = build_schedule(loan_terms_of(terms=terms, offer=offer, principal_fen=10_000_00))
    assert block.payment_fen.tolist() == [schedule.instalment_fen[0]]
    assert abs(schedule.instalment_fen[0] - payments[0]) < 5


def test_a_ratio_too_fine_for_64_bits_is_rounded_by_whole_integers():
    fine = Decimal("0.012345678901")
    terms = make_terms(fees=(fee("upfront", ratio=fine),), offers=make_offers("0", 36))

    block = price_block(terms=terms, offer=terms.offers[0], principal_fen=np.array([90_000_000_00]))

    # 90,000,000 × 0.012345678901 = 1,111,111.10109
    assert block.extra_over_cash_fen.tolist() == [1_111_111_10]
