"""The numbers a store's day is planned by, read off the book for one day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chedai.core.scheduling.day import DayRules

if TYPE_CHECKING:
    from chedai.policy.day import PolicyDay


@dataclass(frozen=True, kw_only=True)
class JobWeights:
    """What a minute of waiting of each class costs; the higher is served earlier."""

    appointment: int
    assisted: int
    walk_in: int
    task: int


@dataclass(frozen=True, kw_only=True)
class FloorRules:
    """What the manager's floor counts as too long, and what it simulates from."""

    breach_minutes: int
    history_days: int
    arrivals_per_hour: int


@dataclass(frozen=True, kw_only=True)
class DealCap:
    """How many deals of the latest ``days`` an advisor may have open at once."""

    open_deals_max: int
    days: int


def day_rules(policy: PolicyDay) -> DayRules:
    """Read the hard numbers and the price of overtime and of leaving work undone."""
    return DayRules(
        buffer_minutes=policy.value("appointment_buffer_minutes").whole,
        walk_in_share=policy.value("walk_in_capacity_share").decimal,
        unserved_minutes=policy.value("day_unserved_minutes").whole,
        overtime_weight=policy.value("day_overtime_weight").whole,
        overtime_minutes_max=policy.value("day_overtime_max_minutes").whole,
    )


def job_weights(policy: PolicyDay) -> JobWeights:
    """Read the weights of the classes."""
    return JobWeights(
        appointment=policy.value("day_weight_appointment").whole,
        assisted=policy.value("day_weight_assisted").whole,
        walk_in=policy.value("day_weight_walk_in").whole,
        task=policy.value("day_weight_task").whole,
    )


def deal_cap(policy: PolicyDay) -> DealCap:
    """Read the cap on work in progress."""
    return DealCap(
        open_deals_max=policy.value("advisor_open_deals_max").whole,
        days=policy.value("advisor_open_deals_days").whole,
    )


def floor_rules(policy: PolicyDay) -> FloorRules:
    """Read what the floor is watched and simulated by."""
    return FloorRules(
        breach_minutes=policy.value("floor_wait_breach_minutes").whole,
        history_days=policy.value("floor_history_days").whole,
        arrivals_per_hour=policy.value("floor_arrivals_per_hour").whole,
    )
