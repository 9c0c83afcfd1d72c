from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.core.plans.builders import make_eligibility, make_offers, make_prepayment, make_terms

from chedai.core.plans.product import (
    BalloonOptions,
    Campaign,
    ChargeStep,
    FeeRule,
    FirstDueRule,
    RateSegment,
    Subvention,
    TermOffer,
    mandatory_gaps,
)

RATE = Decimal("0.0388")


def fee(**changes: Any) -> FeeRule:
    plain: dict[str, Any] = {
        "code": "gps",
        "name": "GPS 费",
        "payee": "云岭车联（虚构）",
        "basis": "fixed",
        "timing": "upfront",
        "is_condition_of_loan": True,
        "is_refundable": False,
    }
    return FeeRule(**(plain | changes))


def paths_of(**changes: Any) -> list[str]:
    return [gap.path for gap in mandatory_gaps(make_terms(**changes))]


def test_consistent_terms_have_no_gap():
    assert mandatory_gaps(make_terms()) == ()


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"offers": ()}, "offers"),
        ({"offers": make_offers("0.0388", 36, 36)}, "offers"),
        ({"principal_max_fen": 0, "principal_min_fen": 0}, "principal_max_fen"),
        ({"principal_min_fen": 500_000_01}, "principal_min_fen"),
        ({"principal_step_fen": 0}, "principal_step_fen"),
        ({"max_loan_to_value": Decimal(0)}, "max_loan_to_value"),
        ({"max_loan_to_value": Decimal("0.9")}, "min_down_payment_ratio"),
        (
            {
                "method": "interest_first",
                "offers": (TermOffer(36, RATE, interest_only_months=37),),
            },
            "offers[0].interest_only_months",
        ),
        ({"fees": (fee(),)}, "fees[0]"),
        ({"fees": (fee(amount_fen=1, ratio=RATE),)}, "fees[0]"),
        ({"fees": (fee(amount_fen=1), fee(amount_fen=2))}, "fees"),
        ({"prepayment": make_prepayment(free_after_months=11)}, "prepayment.free_after_months"),
        ({"prepayment": make_prepayment(charge_steps=())}, "prepayment.charge_steps"),
        ({"contract_nature": "finance_lease_direct"}, "contract_nature"),
        ({"lender_kind": "leasing_company"}, "contract_nature"),
        (
            {"lender_kind": "auto_finance_company", "contract_nature": "card_instalment"},
            "contract_nature",
        ),
        ({"eligibility": make_eligibility(powers=())}, "eligibility.powers"),
        (
            {"eligibility": make_eligibility(credit_histories_referred=("clean",))},
            "eligibility.credit_histories_referred",
        ),
        (
            {"eligibility": make_eligibility(vehicle_price_min_fen=2, vehicle_price_max_fen=1)},
            "eligibility.vehicle_price_min_fen",
        ),
        ({"campaign": Campaign(date(2026, 2, 2), date(2026, 2, 1))}, "campaign.ends_on"),
        ({"first_due": FirstDueRule(kind="fixed_day")}, "first_due.day_of_month"),
        (
            {"subventions": (Subvention(payer="oem", form="upfront_cash"),)},
            "subventions[0].amount_fen",
        ),
        (
            {
                "subventions": (
                    Subvention(payer="oem", form="rate_included", nominal_rate_annual_before=RATE),
                )
            },
            "subventions[0].nominal_rate_annual_before",
        ),
    ],
)
def test_a_contradiction_is_named_by_its_field(changes: dict[str, Any], path: str):
    assert paths_of(**changes) == [path]


@pytest.mark.parametrize(
    "changes",
    [
        {"max_loan_to_value": Decimal("0.8"), "min_down_payment_ratio": Decimal("0.2")},
        {"principal_min_fen": 500_000_00},
        {"prepayment": make_prepayment(charge_steps=(), free_after_months=0)},
        {"campaign": Campaign(date(2026, 2, 1), date(2026, 2, 1))},
        {"method": "interest_first", "offers": (TermOffer(36, RATE, interest_only_months=36),)},
        {"method": "lease_rent", "offers": (TermOffer(36, RATE, balloon_ratio=RATE),)},
    ],
)
def test_terms_exactly_at_the_edge_have_no_gap(changes: dict[str, Any]):
    assert paths_of(**changes) == []


def test_ltv_of_ninety_with_thirty_down_is_explained():
    terms = make_terms(max_loan_to_value=Decimal("0.9"), min_down_payment_ratio=Decimal("0.3"))

    (gap,) = mandatory_gaps(terms)

    assert gap.message == "贷款成数上限 0.9 与首付比例下限 0.3 相加超过 1，互相矛盾"


def test_a_flat_fee_beside_a_rate_is_refused():
    offer = TermOffer(36, nominal_rate_annual=RATE, flat_fee_rate_total=Decimal("0.09"))

    assert "offers[0]" in paths_of(offers=(offer,))


FLAT = TermOffer(36, flat_fee_rate_total=Decimal("0.09"))
STAGED = TermOffer(36, segments=(RateSegment(36, RATE),))


@pytest.mark.parametrize(
    ("method", "offer", "paths"),
    [
        ("flat_fee", FLAT, []),
        ("stepped", STAGED, []),
        ("balloon", TermOffer(36, RATE, balloon_ratio=RATE), []),
        ("equal_instalment", TermOffer(36), ["offers[0]", "offers[0].nominal_rate_annual"]),
        ("flat_fee", TermOffer(36, RATE), ["offers[0].flat_fee_rate_total"]),
        ("stepped", TermOffer(36, RATE), ["offers[0].segments"]),
        ("balloon", TermOffer(36, RATE), ["offers[0].balloon_ratio"]),
        (
            "equal_instalment",
            FLAT,
            ["offers[0].flat_fee_rate_total", "offers[0].nominal_rate_annual"],
        ),
        (
            "equal_instalment",
            TermOffer(36, RATE, interest_only_months=3),
            ["offers[0].interest_only_months"],
        ),
    ],
)
def test_the_price_must_suit_the_repayment_method(method: str, offer: TermOffer, paths: list[str]):
    assert paths_of(method=method, offers=(offer,)) == paths


def test_segments_must_fill_the_term():
    offer = TermOffer(84, segments=(RateSegment(36, Decimal(0)), RateSegment(47, RATE)))

    (gap,) = mandatory_gaps(make_terms(method="stepped", offers=(offer,)))

    assert (gap.path, gap.message) == ("offers[0].segments", "各段合计 83 个月，与期限 84 个月不符")


def test_charge_steps_must_ascend():
    steps = (ChargeStep(12, RATE), ChargeStep(12, RATE))

    assert paths_of(prepayment=make_prepayment(charge_steps=steps)) == ["prepayment.charge_steps"]


def test_a_subvention_that_lowers_the_rate_is_consistent():
    before = Subvention(
        payer="oem", form="rate_included", nominal_rate_annual_before=Decimal("0.0588")
    )

    assert paths_of(subventions=(before,)) == []


def floating(**changes: Any) -> TermOffer:
    plain: dict[str, Any] = {
        "term_months": 36,
        "nominal_rate_annual": Decimal("0.036"),
        "lpr_tenor": "1Y",
        "lpr_rate_annual": Decimal("0.030"),
        "spread_bp": 60,
    }
    return TermOffer(**(plain | changes))


def seasonal(*slack: int, term_months: int = 36) -> dict[str, Any]:
    return {
        "method": "seasonal",
        "offers": (TermOffer(term_months, RATE, slack_months_of_year=slack),),
    }


BALLOON = (TermOffer(36, RATE, balloon_ratio=Decimal("0.3")),)


@pytest.mark.parametrize(
    "changes",
    [
        {"offers": (floating(),)},
        {"offers": (floating(spread_bp=-20, nominal_rate_annual=Decimal("0.028")),)},
        seasonal(1, 2, 7),
        seasonal(*range(1, 12), term_months=12),
        {"day_count": "ACT/365"},
        {"first_period_day_count": "ACT/360"},
        {"method": "balloon", "offers": BALLOON, "balloon_options": BalloonOptions()},
    ],
)
def test_shapes_said_in_full_have_no_gap(changes: dict[str, Any]) -> None:
    assert paths_of(**changes) == []


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"offers": (floating(lpr_rate_annual=None),)}, "offers[0].lpr_rate_annual"),
        ({"offers": (floating(spread_bp=61),)}, "offers[0].nominal_rate_annual"),
        ({"offers": (floating(lpr_tenor=None),)}, "offers[0].lpr_tenor"),
        ({"method": "bullet", "offers": (floating(),)}, "offers[0].lpr_tenor"),
        (seasonal(), "offers[0].slack_months_of_year"),
        (seasonal(1, 1), "offers[0].slack_months_of_year"),
        (seasonal(1, 2, term_months=2), "offers[0].slack_months_of_year"),
        (
            {"offers": (TermOffer(36, RATE, slack_months_of_year=(1,)),)},
            "offers[0].slack_months_of_year",
        ),
        (
            {"day_count": "ACT/365", "first_period_day_count": "ACT/365"},
            "first_period_day_count",
        ),
        ({"day_count": "ACT/365", "method": "bullet"}, "day_count"),
        ({"balloon_options": BalloonOptions()}, "balloon_options"),
        (
            {
                "method": "balloon",
                "offers": BALLOON,
                "balloon_options": BalloonOptions(refinance_term_months=12),
            },
            "balloon_options.refinance_rate_annual",
        ),
    ],
)
def test_a_shape_that_contradicts_itself_is_named_by_its_field(
    changes: dict[str, Any], path: str
) -> None:
    assert paths_of(**changes) == [path]
