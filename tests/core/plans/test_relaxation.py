import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product as pairs
from typing import Any

import pytest
from tests.core.plans.builders import make_car, make_catalogue, make_offers, make_version

from chedai.core.plans.plan import Plan, PlanInputs, Refusal
from chedai.core.plans.pricing import price
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


def random_wishes(seed: int) -> tuple[SearchInputs, PlanNeeds]:
    """Make a cheap car, so that every plan of two products can be priced one by one."""
    chance = random.Random(seed)
    deal = inputs(
        products=(
            make_version(offers=make_offers("0.0388", 12, 24), principal_min_fen=2_000_00),
            make_version(
                version_id="other",
                offers=make_offers("0.0600", 12, 36),
                principal_min_fen=10_000_00,
                max_loan_to_value=Decimal("0.95"),
                min_down_payment_ratio=Decimal("0.05"),
            ),
        ),
        car=make_car(vehicle_price_fen=30_000_00),
        step_fen=500_00,
    )
    return deal, PlanNeeds(
        cash_fen=chance.randrange(2_000_00, 12_000_00, 100_00),
        is_cash_for_everything=False,
        down_payment_min_fen=chance.choice((0, 8_000_00, 15_000_00)),
        payment_max_fen=chance.randrange(300_00, 1_500_00, 50_00),
        term_months_max=chance.choice((12, 24, None)),
    )


def every_plan(deal: SearchInputs) -> list[Plan]:
    found = []
    for version, down_fen in pairs(deal.products, range(0, 30_000_00, deal.step_fen)):
        for offer in version.terms.offers:
            plan = price(
                PlanInputs(
                    product=version,
                    car=deal.car,
                    term_months=offer.term_months,
                    down_payment_fen=down_fen,
                    first_due_on=deal.first_due_on,
                )
            )
            if not isinstance(plan, Refusal):
                found.append(plan)
    return found


def beyond(plan: Plan, needs: PlanNeeds, cheapest_in_term_fen: int) -> dict[str, tuple[int, int]]:
    """Say how far one plan is beyond each limit, and what that costs."""
    longest = needs.term_months_max or plan.term_months
    over_cash = plan.down_payment_fen - (needs.cash_fen or 0)
    over_payment = plan.payment_fen - (needs.payment_max_fen or 0)
    dearer = max(plan.extra_over_cash_fen - cheapest_in_term_fen, 0)
    limits = {
        "cash": (over_cash, over_cash),
        "payment": (over_payment, over_payment * plan.term_months),
        "term": (plan.term_months - longest, dearer),
        "down_payment": (needs.down_payment_min_fen - plan.down_payment_fen, 0),
    }
    return {name: (amount, fen) for name, (amount, fen) in limits.items() if amount > 0}


@pytest.mark.parametrize("seed", range(24))
def test_the_ways_out_are_those_of_trying_every_plan(seed: int):
    deal, needs = random_wishes(seed)
    plans = every_plan(deal)
    longest = needs.term_months_max or 999
    in_term = [p.extra_over_cash_fen for p in plans if p.term_months <= longest]
    tried = [beyond(plan, needs, min(in_term)) for plan in plans]
    fewest = min(len(limits) for limits in tried)
    cheapest: dict[frozenset[str], int] = {}
    for limits in tried:
        if len(limits) == fewest:
            kind = frozenset(limits)
            fen = sum(cost for _, cost in limits.values())
            cheapest[kind] = min(fen, cheapest.get(kind, fen))

    ways = relaxations(deal, needs)

    expected = sorted(cheapest.values())[:3] if fewest else []
    assert [way.price_fen for way in ways] == expected
    for way in ways:
        assert cheapest[frozenset(item.limit for item in way.loosened)] == way.price_fen
