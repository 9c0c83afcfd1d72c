from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.core.plans.builders import make_car, make_catalogue, make_offers, make_version

from chedai.core.plans.plan import Refusal
from chedai.core.plans.relaxation import Objected, relaxations
from chedai.core.plans.search import PlanNeeds, SearchInputs, search


def inputs(**changes: Any) -> SearchInputs:
    plain: dict[str, Any] = {
        "products": (make_version(offers=make_offers("0.0388", 36, 48)),),
        "car": make_car(),
        "first_due_on": date(2026, 12, 10),
    }
    return SearchInputs(**(plain | changes))


TIGHT = PlanNeeds(cash_fen=45_000_00, payment_max_fen=3_000_00, term_months_max=36)


def test_each_way_out_loosens_one_limit_and_is_priced():
    ways = relaxations(inputs(), TIGHT)

    # 36 months at 3,000 repay 101,796: 48,300 down, 3,300 more than there is.
    # At 45,000 down it is 3,094.42 for 36 months, 94.42 × 36 beyond the limit.
    # Over 48 months 105,000 cost 8,528.68 instead of the 928 at the least lent.
    assert [(way.loosened[0].limit, way.text) for way in ways] == [
        ("cash", "提车现金加 3,300 元（代价 3,300 元）"),
        ("payment", "月供上限提到 3,095 元（代价 3,399 元）"),
        ("term", ways[2].text),
    ]
    assert ways[2].text.startswith("晚 12 个月还完（代价 ")


def test_every_way_out_really_leads_to_a_plan():
    for way in relaxations(inputs(), TIGHT):
        loosened = {item.limit: item.amount for item in way.loosened}
        needs = replace(
            TIGHT,
            cash_fen=TIGHT.cash_fen + loosened.get("cash", 0),
            payment_max_fen=3_000_00 + loosened.get("payment", 0),
            term_months_max=36 + loosened.get("term", 0),
        )

        assert len(search(inputs(), needs).columns)
        assert way.plan.payment_fen <= (needs.payment_max_fen or 0)


def test_no_smaller_loosening_would_do():
    way = relaxations(inputs(), TIGHT)[0]

    needs = replace(TIGHT, cash_fen=TIGHT.cash_fen + way.loosened[0].amount - 1)

    assert not len(search(inputs(), needs).columns)


def test_ways_are_at_most_three_and_cheapest_first():
    ways = relaxations(inputs(products=make_catalogue()), replace(TIGHT, payment_max_fen=1_500_00))

    prices = [way.price_fen for way in ways]
    assert prices == sorted(prices)
    assert 1 <= len(ways) <= 3


def test_two_limits_are_loosened_together_only_when_one_is_not_enough():
    # 30,000 down at least, and even 20,000 lent cost more than 100 a month
    needs = PlanNeeds(cash_fen=10_000_00, payment_max_fen=100_00)

    ways = relaxations(inputs(), needs)

    assert [[item.limit for item in way.loosened] for way in ways] == [["cash", "payment"]]


def test_a_soft_monthly_limit_stands_in_nobodys_way():
    assert relaxations(inputs(), replace(TIGHT, is_payment_max_hard=False)) == ()


@pytest.mark.parametrize(
    ("deal", "needs"),
    [
        (inputs(), PlanNeeds(cash_fen=50_000_00)),
        (inputs(products=()), PlanNeeds(cash_fen=0)),
    ],
)
def test_there_is_no_way_out_to_offer(deal: SearchInputs, needs: PlanNeeds):
    assert relaxations(deal, needs) == ()


def test_accepting_a_lease_may_be_the_way_out():
    catalogue = make_catalogue()
    deal = inputs(
        products=catalogue, refused={"lease": Refusal("objection_lease", "您不接受融资租赁")}
    )
    needs = PlanNeeds(cash_fen=20_000_00, payment_max_fen=2_300_00)

    ways = relaxations(
        deal, needs, objected={"objection_lease": Objected("融资租赁", frozenset({"lease"}))}
    )

    assert ("objection_lease", "接受融资租赁") in [
        (item.limit, item.text) for way in ways for item in way.loosened
    ]
    assert not any(
        item.limit == "objection_lease" for way in relaxations(deal, needs) for item in way.loosened
    )


def test_the_total_and_the_least_down_payment_may_be_loosened():
    total = PlanNeeds(cash_fen=30_000_00, extra_max_fen=1_000_00)
    least = PlanNeeds(cash_fen=30_000_00, down_payment_min_fen=40_000_00)

    assert "extra" in {item.limit for way in relaxations(inputs(), total) for item in way.loosened}
    assert {item.limit for way in relaxations(inputs(), least) for item in way.loosened} == {
        "cash",
        "down_payment",
    }


def test_cash_for_the_down_payment_alone_is_measured_by_the_down_payment():
    needs = replace(TIGHT, is_cash_for_everything=False, cash_fen=40_000_00)
    deal = inputs(trade_in_fen=5_000_00)

    (way, *_) = relaxations(deal, needs)

    # 48,300 down less the old car's 5,000: 3,300 beyond 40,000
    assert (way.loosened[0].limit, way.loosened[0].amount) == ("cash", 3_300_00)
