from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.core.plans.builders import make_car, make_eligibility, make_terms, make_version

from chedai.core.plans.eligibility import CustomerFacts, Verdict, judge
from chedai.core.plans.plan import Plan
from chedai.core.plans.pricing import price_plan
from chedai.core.plans.product import AddOnCondition, Campaign

TODAY = date(2026, 11, 23)


def verdict(
    *, rules: dict[str, Any] | None = None, car: Any = None, terms: Any = None, **facts: Any
) -> Verdict:
    said = {"credit_histories": ("clean",)} | facts
    return judge(
        terms=terms or make_terms(eligibility=make_eligibility(**(rules or {}))),
        customer=CustomerFacts(**said),
        car=car or make_car(),
        on=TODAY,
    )


def test_a_customer_within_every_rule_is_eligible_without_reasons():
    assert verdict() == Verdict("eligible", ())


USED = {"vehicle_conditions": ("new", "used")}


@pytest.mark.parametrize(
    ("rules", "car", "facts", "code"),
    [
        ({"vehicle_conditions": ("used",)}, {}, {}, "vehicle_condition"),
        ({"powers": ("new_energy",)}, {}, {}, "power"),
        ({}, {"use": "commercial"}, {}, "vehicle_use"),
        ({"brands": ("云雀",)}, {"brand": "海燕"}, {}, "brand"),
        ({"vehicle_codes": ("a",)}, {"vehicle_code": "b"}, {}, "vehicle_code"),
        ({"provinces": ("湖南",)}, {"province": "湖北"}, {}, "province"),
        ({"vehicle_price_min_fen": 150_000_01}, {}, {}, "vehicle_price"),
        ({"vehicle_price_max_fen": 149_999_99}, {}, {}, "vehicle_price"),
        (
            USED | {"max_vehicle_age_months": 60},
            {"condition": "used", "age_months": 61},
            {},
            "vehicle_age",
        ),
        (
            USED | {"max_vehicle_age_months_at_end": 96},
            {"condition": "used", "age_months": 61},
            {},
            "vehicle_age_at_end",
        ),
        (
            USED | {"max_mileage_km": 80_000},
            {"condition": "used", "mileage_km": 80_001},
            {},
            "mileage",
        ),
        ({}, {}, {"credit_histories": ("clean", "current_overdue")}, "credit_history"),
        (
            {"max_hard_inquiry_count_3m": 3},
            {},
            {"hard_inquiry_count_3m": 4},
            "hard_inquiry_count_3m",
        ),
        ({"income_kinds": ("salary",)}, {}, {"income_kind": "gig"}, "income_kind"),
        (
            {"monthly_income_min_fen": 5_000_00},
            {},
            {"monthly_income_fen": 4_999_99},
            "monthly_income",
        ),
        ({"age_years_min": 18}, {}, {"age_years": 17}, "age"),
        ({"age_years_max_at_end": 65}, {}, {"age_years": 63}, "age"),
        ({"needs_local_residence": True}, {}, {"is_local_resident": False}, "residence"),
        ({"needs_co_borrower": True}, {}, {"has_co_borrower": False}, "co_borrower"),
        ({"needs_gps": True}, {}, {"objections": ("gps",)}, "objection_gps"),
        ({}, {}, {"objections": ("mortgage",)}, "objection_mortgage"),
    ],
)
def test_one_unit_beyond_a_rule_is_not_eligible(
    rules: dict[str, Any], car: dict[str, Any], facts: dict[str, Any], code: str
):
    found = verdict(rules=rules, car=make_car(**car), **facts)

    assert found.outcome == "not_eligible"
    assert [reason.code for reason in found.reasons] == [code]
    assert found.refusal
    assert found.refusal.field == code
    assert all(reason.value and reason.threshold and reason.remedy for reason in found.reasons)


@pytest.mark.parametrize(
    ("rules", "car", "facts"),
    [
        ({"brands": ("云雀",)}, {"brand": "云雀"}, {}),
        ({"vehicle_price_min_fen": 150_000_00, "vehicle_price_max_fen": 150_000_00}, {}, {}),
        (
            USED | {"max_vehicle_age_months": 60, "max_vehicle_age_months_at_end": 96},
            {"condition": "used", "age_months": 60},
            {},
        ),
        (USED | {"max_mileage_km": 80_000}, {"condition": "used", "mileage_km": 80_000}, {}),
        ({"max_vehicle_age_months": 60}, {}, {}),
        ({"max_hard_inquiry_count_3m": 3}, {}, {"hard_inquiry_count_3m": 3}),
        ({"monthly_income_min_fen": 5_000_00}, {}, {"monthly_income_fen": 5_000_00}),
        ({"income_kinds": ("salary",)}, {}, {"income_kind": "salary"}),
        ({"age_years_min": 18, "age_years_max_at_end": 65}, {}, {"age_years": 62}),
        ({"age_years_min": 18}, {}, {"age_years": 18}),
        ({"needs_local_residence": True}, {}, {"is_local_resident": True}),
        ({"needs_gps": True}, {}, {}),
        ({}, {}, {"objections": ("gps", "lease", "bundled_insurance", "service_fee")}),
    ],
)
def test_exactly_at_a_rule_is_eligible(
    rules: dict[str, Any], car: dict[str, Any], facts: dict[str, Any]
):
    assert verdict(rules=rules, car=make_car(**car), **facts).outcome == "eligible"


@pytest.mark.parametrize(
    ("rules", "car", "facts", "code"),
    [
        ({}, {}, {"credit_histories": None}, "credit_history"),
        ({}, {}, {"credit_histories": ("many_inquiries",)}, "credit_history"),
        ({"brands": ("云雀",)}, {}, {}, "brand"),
        (USED | {"max_mileage_km": 1}, {"condition": "used"}, {}, "mileage"),
        ({"max_hard_inquiry_count_3m": 3}, {}, {}, "hard_inquiry_count_3m"),
        ({"income_kinds": ("salary",)}, {}, {}, "income_kind"),
        ({"monthly_income_min_fen": 1}, {}, {}, "monthly_income"),
        ({"age_years_min": 18, "age_years_max_at_end": 65}, {}, {}, "age"),
        ({"needs_co_borrower": True}, {}, {}, "co_borrower"),
    ],
)
def test_what_was_not_said_refers_and_is_asked_for(
    rules: dict[str, Any], car: dict[str, Any], facts: dict[str, Any], code: str
):
    found = verdict(rules=rules, car=make_car(**car), **facts)

    assert (found.outcome, found.refusal) == ("refer", None)
    assert [reason.code for reason in found.reasons] == [code]


def test_a_refusal_outweighs_a_question():
    found = verdict(rules={"needs_co_borrower": True}, credit_histories=("severe_overdue",))

    assert found.outcome == "not_eligible"
    assert len(found.reasons) == 2


@pytest.mark.parametrize(
    ("campaign", "outcome"),
    [
        (Campaign(date(2026, 11, 24)), "not_eligible"),
        (Campaign(TODAY, TODAY), "eligible"),
        (Campaign(date(2026, 11, 1), date(2026, 11, 22)), "not_eligible"),
        (Campaign(date(2026, 11, 1)), "eligible"),
    ],
)
def test_a_campaign_holds_on_its_days(campaign: Campaign, outcome: str):
    assert verdict(terms=make_terms(campaign=campaign)).outcome == outcome


@pytest.mark.parametrize(
    ("objection", "terms"),
    [
        (
            "lease",
            make_terms(lender_kind="leasing_company", contract_nature="finance_lease_direct"),
        ),
        (
            "bundled_insurance",
            make_terms(
                add_ons=(
                    AddOnCondition(
                        code="insurance-full",
                        name="全险",
                        payee="险企（虚构）",
                        is_condition_of_loan=True,
                    ),
                )
            ),
        ),
    ],
)
def test_what_the_customer_will_not_accept_rules_a_product_out(objection: str, terms: Any):
    assert verdict(terms=terms, objections=(objection,)).outcome == "not_eligible"


@pytest.mark.parametrize(
    ("income_fen", "outcome"),
    [(5_894_12, "eligible"), (5_894_11, "not_eligible"), (None, "refer")],
)
def test_a_plans_payment_is_held_against_income(income_fen: int | None, outcome: str):
    # 2,947.06 is exactly half of 5,894.12
    version = make_version(eligibility=make_eligibility(max_instalment_to_income=Decimal("0.5")))
    plan = price_plan(
        product=version,
        car=make_car(),
        term_months=36,
        down_payment_fen=50_000_00,
        first_due_on=date(2026, 12, 10),
    )
    assert isinstance(plan, Plan)

    found = judge(
        terms=version.terms,
        customer=CustomerFacts(credit_histories=("clean",), monthly_income_fen=income_fen),
        car=make_car(),
        on=TODAY,
        plan=plan,
    )

    assert found.outcome == outcome
