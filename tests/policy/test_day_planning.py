from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from chedai.policy.book import PolicyBook
from chedai.policy.day_planning import day_rules, deal_cap, floor_rules, job_weights


@pytest.fixture(scope="module")
def policy():
    return PolicyBook.load().on(date(2026, 11, 24))


def test_the_weights_follow_the_published_order(policy):
    weights = job_weights(policy)

    assert weights.appointment > weights.assisted > weights.walk_in > weights.task > 0


def test_leaving_somebody_out_costs_more_than_any_wait_of_a_working_day(policy):
    rules = day_rules(policy)

    assert rules.unserved_minutes >= 400
    assert (rules.buffer_minutes, rules.walk_in_share) == (10, Decimal("0.3"))
    assert (rules.overtime_weight, rules.overtime_minutes_max) == (2, 60)


def test_the_cap_and_the_floor_have_their_numbers(policy):
    assert (deal_cap(policy).open_deals_max, deal_cap(policy).days) == (40, 30)
    floor = floor_rules(policy)
    assert (floor.breach_minutes, floor.history_days, floor.arrivals_per_hour) == (15, 28, 4)
