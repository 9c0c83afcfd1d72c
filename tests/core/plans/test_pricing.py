from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.core.plans.builders import make_car, make_offers, make_version

from chedai.core.loans.prepayment import early_settlement
from chedai.core.plans.plan import CostLine, Plan, Refusal, whole_yuan_up
from chedai.core.plans.pricing import first_due_by_rule, prepayment_terms_of, price, price_plan
from chedai.core.plans.product import (
    AddOnCondition,
    FeeRule,
    FirstDueRule,
    RateSegment,
    Subvention,
    TermOffer,
)

DUE = date(2026, 12, 10)


def plan_of(**changes: Any) -> Plan:
    plan = priced(**changes)
    assert isinstance(plan, Plan), plan
    return plan


def priced(*, down: int = 50_000_00, term: int = 36, **changes: Any) -> Plan | Refusal:
    inputs = {
        name: changes.pop(name)
        for name in ("car", "purchase_costs", "add_ons", "cash_discount_fen", "trade_in_fen")
        if name in changes
    }
    return price_plan(
        product=make_version(**changes),
        term_months=term,
        down_payment_fen=down,
        first_due_on=DUE,
        **({"car": make_car()} | inputs),
    )


def fee(**changes: Any) -> FeeRule:
    plain: dict[str, Any] = {
        "code": "service",
        "name": "服务费",
        "payee": "清禾咨询（虚构）",
        "basis": "fixed",
        "amount_fen": 3_000_00,
        "timing": "upfront",
        "is_condition_of_loan": True,
        "is_refundable": False,
    }
    return FeeRule(**(plain | changes))


# The desk's own matrix: 150,000 yuan at 3.88 %, shown to the nearest yuan.
GOLDEN = [
    (30_000_00, 36, 3536, 7313),
    (30_000_00, 48, 2703, 9746),
    (30_000_00, 60, 2203, 12209),
    (50_000_00, 36, 2947, 6094),
    (50_000_00, 48, 2253, 8122),
    (50_000_00, 60, 1836, 10175),
    (70_000_00, 36, 2358, 4875),
    (70_000_00, 48, 1802, 6498),
    (70_000_00, 60, 1469, 8140),
]


@pytest.mark.parametrize(("down", "term", "payment_yuan", "extra_yuan"), GOLDEN)
def test_the_golden_matrix_is_met(down: int, term: int, payment_yuan: int, extra_yuan: int):
    plan = plan_of(down=down, term=term)

    assert round(plan.payment_fen / 100) == payment_yuan
    assert abs(plan.extra_over_cash_fen - extra_yuan * 100) <= 50 + term
    assert plan.apr_simple == pytest.approx(0.0388, abs=2e-6)


def test_a_payment_is_never_shown_below_what_is_due():
    plan = plan_of()

    assert plan.payment_fen == 294_706  # 2,947.06
    assert whole_yuan_up(plan.payment_fen) == 2948
    assert whole_yuan_up(294_700) == 2947


@pytest.mark.parametrize(
    ("changes", "term", "apr"),
    [
        # 10 万 at 3.88 % with a service fee of 3,000: 5.91 %.
        ({"fees": (fee(),)}, 36, 0.0591),
        # "0 息" with a service fee of 5,000: 3.36 % over 36, 4.97 % over 24.
        ({"offers": make_offers("0", 36), "fees": (fee(amount_fen=5_000_00),)}, 36, 0.0336),
        ({"offers": make_offers("0", 24), "fees": (fee(amount_fen=5_000_00),)}, 24, 0.0497),
        # 0.3 % a month over 36: 6.78 %, not 3.6 %.
        (
            {
                "method": "flat_fee",
                "offers": (TermOffer(36, flat_fee_rate_total=Decimal("0.108")),),
            },
            36,
            0.0678,
        ),
        # 5 % over 36 plus 4,500 of fees at the start: 8.10 %.
        ({"offers": make_offers("0.05", 36), "fees": (fee(amount_fen=4_500_00),)}, 36, 0.0810),
    ],
)
def test_published_annual_costs_are_met(changes: dict[str, Any], term: int, apr: float):
    assert plan_of(term=term, **changes).apr_simple == pytest.approx(apr, abs=5e-5)


def test_a_lost_cash_discount_is_a_cost():
    # 120,000 over 36 months at "0 %" with 8,000 lost: 4.53 %.
    plan = plan_of(down=30_000_00, offers=make_offers("0", 36), lost_cash_discount_fen=8_000_00)

    assert plan.apr_simple == pytest.approx(0.0453, abs=5e-5)
    assert plan.extra_over_cash_fen == 8_000_00


def test_the_stores_cash_discount_replaces_the_products():
    plan = plan_of(
        offers=make_offers("0", 36), lost_cash_discount_fen=8_000_00, cash_discount_fen=0
    )

    assert plan.extra_over_cash_fen == 0


def test_a_discount_for_borrowers_lowers_price_and_principal():
    plan = plan_of(offers=make_offers("0", 36), loan_only_discount_fen=2_000_00)

    assert plan.vehicle_price_fen == 148_000_00
    assert plan.principal_fen == 98_000_00
    assert plan.extra_over_cash_fen == -2_000_00


def test_dates_and_received_money_are_said():
    plan = plan_of(fees=(fee(),))

    assert plan.last_due_on == date(2029, 11, 10)
    assert (plan.principal_fen, plan.received_fen) == (100_000_00, 97_000_00)
    assert plan.extra_over_cash_fen == plan.total_paid_fen - 100_000_00


def test_a_fee_with_the_first_instalment_makes_month_one_dearer_than_the_others():
    plan = plan_of(fees=(fee(timing="first_instalment", amount_fen=300_00),))

    assert plan.first_payment_fen == plan.payment_fen + 300_00
    assert not plan.is_level


def test_a_fee_spread_over_the_months_is_in_the_monthly_payment():
    plan = plan_of(fees=(fee(timing="spread", amount_fen=360_00),))

    assert plan.payment_fen == 294_706 + 10_00


def test_a_deposit_comes_back_with_the_last_payment_and_is_no_cost():
    plan = plan_of(fees=(fee(is_refundable=True),))

    assert plan.extra_over_cash_fen == plan_of().extra_over_cash_fen
    assert plan.last_payment_fen == plan.schedule.instalment_fen[-1] - 3_000_00
    assert plan.apr_simple > plan_of().apr_simple  # but the customer had less to use


def test_cash_at_delivery_is_everything_paid_on_the_day():
    tax = CostLine(code="tax", name="购置税", amount_fen=13_274_34, payee="税务局")
    film = CostLine(code="film", name="贴膜", amount_fen=2_000_00, payee="门店")
    plan = plan_of(fees=(fee(),), purchase_costs=(tax,), add_ons=(film,), trade_in_fen=20_000_00)

    # 50,000 down + 13,274.34 tax + 2,000 film + 3,000 fee − 20,000 old car
    assert plan.cash_at_delivery_fen == 48_274_34
    assert plan.extra_over_cash_fen == plan_of(fees=(fee(),)).extra_over_cash_fen


def test_an_add_on_the_lender_insists_on_is_a_cost_and_is_paid_once():
    gps = CostLine(code="gps", name="GPS", amount_fen=1_500_00, payee="云岭车联（虚构）")
    insisted = AddOnCondition(
        code="gps", name="GPS", payee="云岭车联（虚构）", is_condition_of_loan=True
    )
    with_rule = price_plan(
        product=make_version(offers=make_offers("0", 36), add_ons=(insisted,)),
        car=make_car(),
        term_months=36,
        down_payment_fen=50_000_00,
        first_due_on=DUE,
        add_ons=(gps,),
    )

    assert isinstance(with_rule, Plan)
    assert with_rule.extra_over_cash_fen == 1_500_00
    assert with_rule.cash_at_delivery_fen == 51_500_00


def test_a_financed_extra_raises_the_principal_but_not_the_loan_to_value():
    tax = CostLine(
        code="tax", name="购置税", amount_fen=10_000_00, payee="税务局", is_financed=True
    )
    plan = plan_of(
        purchase_costs=(tax,),
        financed_extras_max_ratio=Decimal("0.1"),
        financed_extras_max_fen=20_000_00,
    )

    assert (plan.principal_fen, plan.financed_extras_fen) == (110_000_00, 10_000_00)
    assert plan.loan_to_value == Decimal(100) / Decimal(150)
    assert plan.cash_at_delivery_fen == 50_000_00


def test_maker_subvention_is_shown_against_the_rate_without_it():
    without = Subvention(
        payer="oem", form="rate_included", nominal_rate_annual_before=Decimal("0.0588")
    )
    plan = plan_of(offers=make_offers("0", 36), subventions=(without,))

    assert plan.apr_simple == pytest.approx(0, abs=1e-9)
    assert plan.cost_without_subsidy.apr_simple == pytest.approx(0.0588, abs=2e-6)


def test_money_given_on_the_day_counts_and_is_less_cash_to_bring():
    given = Subvention(payer="dealer", form="upfront_cash", amount_fen=1_000_00)
    plan = plan_of(offers=make_offers("0", 36), subventions=(given,))

    assert plan.extra_over_cash_fen == -1_000_00
    assert plan.cash_at_delivery_fen == 49_000_00
    assert plan.cost_without_subsidy.extra_over_cash_fen == 0


def test_a_later_refund_never_lowers_the_headline():
    refund = Subvention(
        payer="government",
        form="interest_refund",
        rate_points=Decimal("0.01"),
        max_rate_share=Decimal("0.5"),
        cap_fen=500_00,
    )
    plan = plan_of(subventions=(refund,))

    assert plan.cost == plan_of().cost
    assert plan.cost.extra_over_cash_fen - plan.cost_after_refund.extra_over_cash_fen == 500_00


def test_a_balloon_stands_beside_the_monthly_payment():
    offers = (TermOffer(36, Decimal("0.06"), balloon_ratio=Decimal("0.3")),)
    plan = plan_of(method="balloon", offers=offers)

    assert plan.payment_fen == 227_954
    assert plan.last_payment_fen > 30_000_00
    assert plan.largest_payment_fen == plan.last_payment_fen


def test_three_years_free_then_two_and_a_half_is_priced_over_the_whole_contract():
    offer = TermOffer(
        84,
        segments=(RateSegment(36, Decimal(0)), RateSegment(48, Decimal("0.025"))),
        segment_base="original",
    )

    assert plan_of(term=84, method="stepped", offers=(offer,)).apr_simple == pytest.approx(
        0.0263, abs=5e-5
    )


def test_the_same_inputs_give_the_same_plan():
    plan = plan_of(fees=(fee(),))

    assert price(plan.inputs) == plan


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"term": 24}, "term_months", "没有 24 期，只有 36、48、60 期"),
        ({"down": 29_999_99}, "down_payment_fen", "首付最少 20%，即 ¥30,000"),
        ({"down": -1}, "down_payment_fen", "首付须在 0 与车价 ¥150,000 之间"),
        ({"down": 150_000_01}, "down_payment_fen", "首付须在 0 与车价 ¥150,000 之间"),
        (
            {"car": make_car(list_price_fen=140_000_00), "down": 37_999_99},
            "loan_to_value",
            "贷款成数上限 80%，首付至少 ¥38,000",
        ),
        (
            {"down": 130_000_01},
            "principal_fen",
            "贷款额 ¥19,999.99 低于起贷额 ¥20,000",
        ),
        (
            {"principal_max_fen": 99_999_99},
            "principal_fen",
            "贷款额 ¥100,000 超过上限 ¥99,999.99",
        ),
        (
            {"principal_step_fen": 1_000_00, "down": 50_500_00},
            "principal_fen",
            "贷款额须为 ¥1,000 的整数倍，首付请微调",
        ),
        (
            {
                "purchase_costs": (
                    CostLine(code="tax", name="税", amount_fen=1, payee="税务局", is_financed=True),
                )
            },
            "financed_extras_fen",
            "这个产品不能贷附加品（保险、购置税等）",
        ),
    ],
)
def test_a_refusal_names_the_input_and_the_limit(changes: dict[str, Any], field: str, message: str):
    assert priced(**changes) == Refusal(field, message)


@pytest.mark.parametrize(
    "changes",
    [
        {"down": 30_000_00},
        {"car": make_car(list_price_fen=140_000_00), "down": 38_000_00},
        {"down": 130_000_00},
        {"principal_max_fen": 100_000_00},
        {"principal_step_fen": 1_000_00, "down": 51_000_00},
    ],
)
def test_exactly_at_the_limit_there_is_a_plan(changes: dict[str, Any]):
    assert isinstance(priced(**changes), Plan)


def test_fees_that_eat_the_loan_are_refused_in_words():
    refusal = priced(fees=(fee(amount_fen=100_000_00),))

    assert isinstance(refusal, Refusal)
    assert refusal.field == "fees"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (FirstDueRule(kind="same_day_next_month"), date(2026, 2, 28)),
        (FirstDueRule(kind="fixed_day", day_of_month=5), date(2026, 2, 5)),
        (FirstDueRule(kind="fixed_day", day_of_month=5, minimum_gap_days=5), date(2026, 2, 5)),
        (FirstDueRule(kind="fixed_day", day_of_month=5, minimum_gap_days=6), date(2026, 3, 5)),
    ],
)
def test_the_first_due_date_follows_the_products_rule(rule: FirstDueRule, expected: date):
    assert first_due_by_rule(rule=rule, disbursed_on=date(2026, 1, 31)) == expected


def test_settling_early_follows_the_products_rule():
    plan = plan_of()

    settlement = early_settlement(
        plan.schedule,
        plan.loan_terms,
        prepayment_terms_of(plan.product.prepayment),
        after_month=11,
    )

    # 3 % of what is still owed, since free only after 12
    assert settlement.charge_fen == round(plan.schedule.outstanding_after(11) * 0.03)


def test_a_discount_lost_that_eats_the_loan_is_refused_in_words():
    refusal = priced(lost_cash_discount_fen=100_000_00)

    assert refusal == Refusal("cost", "客户实际没有拿到钱，无法计算年化成本")


def test_a_plan_says_both_annual_costs_the_dates_and_whose_car_it_is():
    plan = plan_of()

    # (1 + 0.0388 / 12)^12 − 1 = 3.95 %
    assert plan.apr_compound == pytest.approx(0.0395, abs=5e-5)
    assert plan.first_due_on == DUE
    assert plan.ownership_banner.startswith("车登记在您名下")


def test_extras_beyond_the_cap_are_refused_with_the_cap():
    tax = CostLine(code="tax", name="税", amount_fen=15_000_01, payee="税务局", is_financed=True)
    caps = {"financed_extras_max_ratio": Decimal("0.1"), "financed_extras_max_fen": 20_000_00}

    assert priced(purchase_costs=(tax,), **caps) == Refusal(
        "financed_extras_fen", "附加品最多贷 ¥15,000"
    )


def test_a_refund_without_a_share_limit_runs_to_its_cap():
    refund = Subvention(
        payer="government", form="interest_refund", rate_points=Decimal("0.01"), cap_fen=3_000_00
    )
    plan = plan_of(subventions=(refund,))

    # 1 % of about half the principal over three years: 1,560 or so, below the cap
    saved_fen = plan.cost.extra_over_cash_fen - plan.cost_after_refund.extra_over_cash_fen
    assert 1_500_00 < saved_fen < 1_620_00
