"""The numbers a store's queue and appointments go by, read off the book for one day."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from chedai.core.queueing.order import OrderRules
from chedai.core.queueing.service_times import ServicePrior

if TYPE_CHECKING:
    from chedai.policy.day import PolicyDay


@dataclass(frozen=True, kw_only=True)
class AppointmentRules:
    """How appointments may be made and moved; minutes unless the name says otherwise."""

    slot_new_minutes: int
    slot_return_minutes: int
    buffer_minutes: int
    notice_min_minutes: int
    horizon_days: int
    max_per_day: int
    grace_minutes: int
    self_change_until_minutes: int
    reminder_evening_minutes: int
    reminder_before_minutes: int
    walk_in_share: Decimal

    def slot_minutes(self, kind: str) -> int:
        """Return the length of an appointment of a kind; ``new`` takes longer than the others."""
        return self.slot_new_minutes if kind == "new" else self.slot_return_minutes


def appointment_rules(policy: PolicyDay) -> AppointmentRules:
    """Read the rules of appointments in force on the day of ``policy``."""
    return AppointmentRules(
        slot_new_minutes=policy.value("appointment_slot_new_minutes").whole,
        slot_return_minutes=policy.value("appointment_slot_return_minutes").whole,
        buffer_minutes=policy.value("appointment_buffer_minutes").whole,
        notice_min_minutes=policy.value("appointment_notice_min_minutes").whole,
        horizon_days=policy.value("appointment_horizon_days").whole,
        max_per_day=policy.value("appointment_max_per_day").whole,
        grace_minutes=policy.value("appointment_grace_minutes").whole,
        self_change_until_minutes=policy.value("appointment_self_change_until_minutes").whole,
        reminder_evening_minutes=policy.value("reminder_evening_minutes").whole,
        reminder_before_minutes=policy.value("reminder_before_minutes").whole,
        walk_in_share=policy.value("walk_in_capacity_share").decimal,
    )


def order_rules(policy: PolicyDay) -> OrderRules:
    """Read the rules of the published order in force on the day of ``policy``."""
    return OrderRules(
        grace_minutes=policy.value("appointment_grace_minutes").whole,
        early_minutes=policy.value("appointment_early_minutes").whole,
    )


def service_prior(policy: PolicyDay) -> ServicePrior:
    """Read what to expect of a service time before the store has its own."""
    return ServicePrior(
        mean_minutes=policy.value("queue_service_prior_minutes").whole,
        weight_count=policy.value("queue_service_prior_weight").whole,
    )


def wait_limits(policy: PolicyDay) -> tuple[int, int]:
    """Read up to how many minutes a wait is usual, and from how many on it is too long."""
    return (
        policy.value("queue_wait_usual_minutes").whole,
        policy.value("queue_wait_long_minutes").whole,
    )


def self_waiting_max(policy: PolicyDay) -> int:
    """Read how many may wait before numbers are given at the desk only."""
    return policy.value("queue_self_waiting_max").whole
