"""Chips become facts in the engine's units; silence stays None."""

import pytest

from chedai.needs.chips import Chip
from chedai.needs.facts import NeedFacts, facts_from


def heard(slot, **said):
    return Chip(slot=slot, text="…", **said)


def test_nothing_said_is_no_fact():
    assert facts_from([]) == NeedFacts()


@pytest.mark.parametrize(
    ("chip", "facts"),
    [
        (heard("vehicle_price", low=15_000_000, high=15_000_000), {"is_price_on_road": False}),
        (heard("on_road_price", low=15_000_000, high=15_000_000), {"is_price_on_road": True}),
        (
            heard("vehicle_price", low=15_000_000, high=15_000_000, certainty="ambiguous"),
            {"is_price_on_road": None},
        ),
    ],
)
def test_a_price_says_what_is_in_it_unless_it_is_unclear(chip, facts):
    assert facts_from([chip]) == NeedFacts(vehicle_price_fen=15_000_000, **facts)


def test_a_range_of_prices_is_computed_with_its_middle():
    facts = facts_from([heard("vehicle_price", low=15_000_000, high=18_000_000)])

    assert facts.vehicle_price_fen == 16_500_000


@pytest.mark.parametrize(
    ("value", "is_inside"),
    [("including_cost", True), ("excluding_cost", False), (None, None)],
)
def test_a_down_payment_pays_the_costs_only_when_that_was_said(value, is_inside):
    facts = facts_from([heard("down_payment", high=5_000_000, value=value)])

    assert facts.down_payment_max_fen == 5_000_000
    assert facts.down_payment_min_fen is None
    assert facts.is_cost_inside_down_payment is is_inside


def test_a_share_said_later_replaces_an_amount():
    facts = facts_from(
        [heard("down_payment", high=5_000_000), heard("down_payment_ratio", low=3_000, high=3_000)]
    )

    assert facts.down_payment_ratio_bp == 3_000
    assert facts.down_payment_max_fen is None


@pytest.mark.parametrize(
    ("slot", "strength", "is_hard"),
    [
        ("monthly_max", "hard", True),
        ("monthly_max", "soft", False),
        ("monthly_target", "hard", False),
    ],
)
def test_only_a_limit_said_as_one_is_hard(slot, strength, is_hard):
    facts = facts_from([heard(slot, high=300_000, strength=strength)])

    assert (facts.monthly_max_fen, facts.is_monthly_hard) == (300_000, is_hard)


def test_debts_said_one_by_one_are_added():
    facts = facts_from(
        [heard("debt_monthly", low=400_000, high=400_000), heard("debt_monthly", high=50_000)]
    )

    assert facts.debt_monthly_fen == 450_000


def test_of_one_choice_the_later_counts_and_of_many_each_once():
    facts = facts_from(
        [
            heard("power", value="combustion"),
            heard("power", value="new_energy"),
            heard("credit_history", value="many_inquiries"),
            heard("credit_history", value="past_overdue"),
            heard("credit_history", value="many_inquiries"),
        ]
    )

    assert facts.power == "new_energy"
    assert facts.credit_histories == ("many_inquiries", "past_overdue")


def test_a_slot_the_engine_does_not_use_changes_nothing():
    assert facts_from([heard("plate_city", value="临江")]) == NeedFacts()
