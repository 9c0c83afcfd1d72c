from decimal import Decimal
from random import Random
from typing import Any

import pytest
from tests.core.plans.builders import make_eligibility, make_offers
from tests.core.plans.passing.brute import brute, make_case, random_case

from chedai.core.plans.explanation import banned_words_in
from chedai.core.plans.passing.case import Impassable, PassNeeds, PassRoute
from chedai.core.plans.passing.levers import LEVERS
from chedai.core.plans.passing.routes import RouteFinder, find_pass
from chedai.core.plans.product import AddOnCondition, Campaign

NEVER_SAID = ("包装", "流水", "户籍", "婚姻", "性别", "年龄", "换单位", "居住证")


@pytest.mark.parametrize("seed", range(20))
def test_every_route_is_the_one_that_trying_everything_finds(seed: int):
    random = Random(seed)

    for _ in range(50):
        case = random_case(random)
        found, expected = find_pass(case), brute(case)

        if expected is None:
            assert isinstance(found, Impassable)
            assert found.reasons
            continue
        assert isinstance(found, PassRoute)
        moved = tuple((change.lever, change.amount) for change in found.changes)
        assert (len(found.changes), found.cost_fen) == expected[:2]
        assert moved == expected[-1]
        assert not any(word in found.text for word in NEVER_SAID)
        assert not banned_words_in(found.text, has_fees=True)


def route(**changes: Any) -> PassRoute:
    found = find_pass(make_case(**changes))
    assert isinstance(found, PassRoute), found
    return found


def test_what_passes_already_needs_no_change():
    found = route()

    assert (found.changes, found.cost_fen, found.text, found.to_ask) == ((), 0, "", ())
    assert found.plan.down_payment_fen == 50_000_00


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        # 40 % of 150,000 is 60,000
        ({"product": {"min_down_payment_ratio": Decimal("0.4")}}, "首付加 1 万"),
        # 120,000 cost 7,313 of interest over 36 months; a sixth of it is borne by 20,000 more
        ({"product": {"principal_min_fen": 120_000_00}}, "首付减 2 万（约多付 1,219 元）"),
        # 48 months repay 100,000 at 2,253.04
        ({"needs": PassNeeds(payment_max_fen=2_300_00)}, "期数 36→48"),
        (
            {"product": {"eligibility": make_eligibility(vehicle_price_max_fen=140_000_00)}},
            "车价降 1 万（谈下来，或选便宜些的车）",
        ),
        (
            {"product": {"eligibility": make_eligibility(needs_co_borrower=True)}},
            "请家人一起借（共借人，一同负责还款）",
        ),
        (
            {
                "product": {"eligibility": make_eligibility(needs_gps=True)},
                "customer": {"objections": ("gps",)},
            },
            "您愿意接受装 GPS（您自己定）",
        ),
    ],
)
def test_one_thing_in_the_way_is_answered_by_one_change(changes: dict[str, Any], text: str):
    found = route(**changes)

    assert len(found.changes) == 1
    assert found.text.startswith(text)


def test_what_is_sold_along_with_the_loan_is_the_price_of_accepting_it():
    found = route(
        product={
            "eligibility": make_eligibility(needs_gps=True),
            "add_ons": (AddOnCondition("gps_box", "GPS", "车网（虚构）", True, 1_200_00),),
        },
        customer={"objections": ("gps",)},
    )

    assert found.cost_fen == 1_200_00
    assert found.text == "您愿意接受装 GPS（您自己定，另付 1,200 元）"


def test_two_things_in_the_way_are_answered_together():
    found = route(
        product={
            "min_down_payment_ratio": Decimal("0.4"),
            "eligibility": make_eligibility(needs_co_borrower=True),
        }
    )

    assert found.text == "首付加 1 万，并请家人一起借（共借人，一同负责还款）"
    assert found.cost_fen == 10_000_00


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"customer": {"age_years": 17}, "age": {"age_years_min": 18}}, "age"),
        ({"customer": {"age_years": 59}, "age": {"age_years_max_at_end": 60}}, "age"),
        ({"customer": {"credit_histories": ("severe_overdue",)}}, "credit_history"),
        (
            {"customer": {"is_local_resident": False}, "age": {"needs_local_residence": True}},
            "residence",
        ),
        ({"age": {"vehicle_price_min_fen": 200_000_00}}, "vehicle_price"),
        ({"age": {"vehicle_conditions": ("used",)}}, "vehicle_condition"),
    ],
)
def test_what_no_lever_reaches_is_named_and_never_advised_on(changes: dict[str, Any], code: str):
    rules = make_eligibility(**changes.pop("age", {}))

    found = find_pass(make_case(product={"eligibility": rules}, **changes))

    assert isinstance(found, Impassable)
    assert [(reason.code, reason.is_fixed) for reason in found.reasons] == [(code, True)]


def test_a_shorter_term_may_end_before_the_age_limit():
    rules = make_eligibility(age_years_max_at_end=60)
    found = route(
        product={"eligibility": rules, "offers": make_offers("0.0388", 24, 36)},
        customer={"age_years": 58},
    )

    assert found.text == "期数 36→24（少还 12 个月，每月还得多）"


@pytest.mark.parametrize(
    ("changes", "texts"),
    [
        ({"needs": PassNeeds(payment_max_fen=100_00)}, ["客户月供上限 ¥100"]),
        ({"needs": PassNeeds(cash_max_fen=10_000_00)}, ["首付最少 20%", "贷款成数上限 80%"]),
        (
            {
                "inputs": {"term_months": 36},
                "product": {"offers": make_offers("0.05", 60)},
                "needs": PassNeeds(term_months_max=36),
            },
            ["客户最多还 36 个月"],
        ),
    ],
)
def test_where_nothing_helps_the_binding_limit_is_named(changes: dict[str, Any], texts: list[str]):
    found = find_pass(make_case(price_min_fen=140_000_00, **changes))

    assert isinstance(found, Impassable)
    assert any(reason.message in [*texts, "提车现金最多 ¥10,000"] for reason in found.reasons)
    assert not any(reason.is_fixed for reason in found.reasons)


def test_a_campaign_that_is_over_is_not_passed_by_paying_more():
    from datetime import date

    over = Campaign(starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 30))

    found = find_pass(make_case(product={"campaign": over}))

    assert isinstance(found, Impassable)
    assert found.text.startswith("今天 2026-11-10，要求2026-06-30 前申请")


def test_what_nobody_has_said_yet_is_asked_and_not_assumed():
    found = route(
        product={"eligibility": make_eligibility(max_instalment_to_income=Decimal("0.5"))},
        customer={"monthly_income_fen": None},
    )

    assert found.changes == ()
    assert [reason.code for reason in found.to_ask] == ["instalment_to_income"]


def test_only_the_levers_given_are_moved():
    case = make_case(
        product={
            "min_down_payment_ratio": Decimal("0.4"),
            "eligibility": make_eligibility(needs_co_borrower=True),
        }
    )
    no_person = [name for name in LEVERS if name != "co_borrower"]

    barred = find_pass(case, levers=no_person)
    by_price = RouteFinder(make_case(product={"min_down_payment_ratio": Decimal("0.4")})).route(
        levers=["price"], changes_max=1
    )

    assert isinstance(barred, Impassable)
    assert barred.text == "要有共借人"
    # 40 % of 125,000 is 50,000
    assert by_price is not None
    assert by_price.changes[0].amount == -25_000_00
    assert RouteFinder(case).route(levers=list(LEVERS), changes_max=1) is None
