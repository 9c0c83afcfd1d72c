from __future__ import annotations

from datetime import date
from decimal import Decimal

from chedai.policy.book import PolicyBook
from chedai.policy.queueing import (
    appointment_rules,
    order_rules,
    self_waiting_max,
    service_prior,
    wait_limits,
)

POLICY = PolicyBook.load().on(date(2026, 11, 24))


def test_the_rules_of_appointments_are_the_shipped_ones():
    rules = appointment_rules(POLICY)

    assert (rules.slot_minutes("new"), rules.slot_minutes("revisit")) == (40, 20)
    assert rules.slot_minutes("signing") == 20
    assert (rules.buffer_minutes, rules.notice_min_minutes, rules.horizon_days) == (10, 30, 14)
    assert (rules.max_per_day, rules.walk_in_share) == (8, Decimal("0.3"))
    assert (rules.grace_minutes, rules.self_change_until_minutes) == (15, 60)
    assert (rules.reminder_evening_minutes, rules.reminder_before_minutes) == (18 * 60, 120)


def test_the_order_and_the_prior_come_from_the_book():
    assert order_rules(POLICY).grace_minutes == 15
    assert order_rules(POLICY).early_minutes == 10
    assert service_prior(POLICY).mean_minutes == 30
    assert service_prior(POLICY).weight_count == 10
    assert self_waiting_max(POLICY) == 60
    assert wait_limits(POLICY) == (10, 30)
