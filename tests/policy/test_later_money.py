from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from chedai.policy.later_money import InterestSpell, OldCarExit, interest_subsidy, trade_in_money
from chedai.policy.scope import Scope

SCRAP, SWAP = OldCarExit.SCRAPPED, OldCarExit.REPLACED
IN_2025, IN_2026 = date(2025, 12, 31), date(2026, 1, 1)


def trade_in(book, day, *, power="new_energy", use="private", condition="new", **changes):
    scope = Scope(power=power, vehicle_use=use, vehicle_condition=condition)
    asked = {"price_fen": 20_000_000, "displacement_cc": None, "old_car": SCRAP} | changes
    return trade_in_money(policy=book.on(day, scope=scope), **asked)


@pytest.mark.parametrize(
    ("day", "power", "old_car", "price_fen", "amount_fen", "is_upper_bound"),
    [
        # 2025: flat for scrapping, up to a cap for replacing
        (IN_2025, "new_energy", SCRAP, 5_000_000, 2_000_000, False),
        (IN_2025, "combustion", SCRAP, 5_000_000, 1_500_000, False),
        (IN_2025, "new_energy", SWAP, 5_000_000, 1_500_000, True),
        (IN_2025, "combustion", SWAP, 5_000_000, 1_300_000, True),
        # 2026: 12 %, 10 %, 8 %, 6 % of the price, full caps from
        # 166,667 / 150,000 / 187,500 / 216,667
        (IN_2026, "new_energy", SCRAP, 16_666_600, 1_999_992, False),
        (IN_2026, "new_energy", SCRAP, 16_666_700, 2_000_000, False),
        (IN_2026, "combustion", SCRAP, 14_999_900, 1_499_990, False),
        (IN_2026, "combustion", SCRAP, 15_000_000, 1_500_000, False),
        (IN_2026, "new_energy", SWAP, 18_749_900, 1_499_992, False),
        (IN_2026, "new_energy", SWAP, 18_750_000, 1_500_000, False),
        (IN_2026, "combustion", SWAP, 21_666_600, 1_299_996, False),
        (IN_2026, "combustion", SWAP, 21_666_700, 1_300_000, False),
        (date(2026, 12, 31), "combustion", SWAP, 21_666_700, 1_300_000, False),
    ],
)
def test_the_subsidy_goes_by_year_power_and_what_happens_to_the_old_car(
    book, day, power, old_car, price_fen, amount_fen, is_upper_bound
):
    (money,) = trade_in(book, day, power=power, old_car=old_car, price_fen=price_fen)

    assert (money.amount_fen, money.is_upper_bound) == (amount_fen, is_upper_bound)


@pytest.mark.parametrize(
    ("day", "changes"),
    [
        (date(2024, 12, 31), {}),
        (date(2027, 1, 1), {}),
        (IN_2026, {"old_car": None}),
        (IN_2026, {"use": "commercial"}),
        (IN_2026, {"condition": "used"}),
        (IN_2026, {"power": "combustion", "displacement_cc": 2001}),
    ],
)
def test_nothing_is_promised_outside_the_policy(book, day, changes):
    assert trade_in(book, day, **changes) == ()


def test_an_engine_exactly_at_the_limit_is_inside(book):
    assert len(trade_in(book, IN_2026, power="combustion", displacement_cc=2000)) == 1


def test_later_money_says_that_it_is_uncertain_late_and_no_down_payment(book):
    (money,) = trade_in(book, IN_2026, power="combustion")

    assert money.is_quota_limited
    assert money.lowers_ltv_base
    assert money.apply_by == date(2026, 12, 31)
    assert money.paid_within_days == 48  # 3 to accept, 15 to review, 30 to pay
    assert "不能当首付" in money.conditions[0]
    assert any("排气量" in condition for condition in money.conditions)


def subsidy(book, *, known_on=IN_2026, rate="0.0300", card=False, received=None, spells=None):
    return interest_subsidy(
        spells=spells or [spell(date(2026, 1, 1), date(2027, 1, 1))],
        contract_rate_annual=Decimal(rate),
        is_card_instalment=card,
        policy=book.on(known_on),
        received_fen_by_year=received,
    )


def spell(starts_on, ends_before, principal_fen=10_000_000):
    return InterestSpell(
        starts_on=starts_on, ends_before=ends_before, outstanding_principal_fen=principal_fen
    )


@pytest.mark.parametrize(
    ("rate", "principal_fen", "amount_fen"),
    [
        ("0.0300", 10_000_000, 100_000),  # 100,000 × 1 % for a whole year
        ("0.0200", 10_000_000, 100_000),  # half of 2 % is 1 % exactly
        ("0.0198", 10_000_000, 99_000),  # half of the contract rate binds
        ("0.0300", 30_000_000, 300_000),  # exactly the cap
        ("0.0300", 30_000_100, 300_000),
        ("0", 10_000_000, 0),
    ],
)
def test_a_year_of_subsidy_is_a_point_at_most_half_the_rate_at_most_the_cap(
    book, rate, principal_fen, amount_fen
):
    flow = subsidy(
        book, rate=rate, spells=[spell(date(2026, 1, 1), date(2027, 1, 1), principal_fen)]
    )

    assert flow.amount_fen == amount_fen


def test_only_the_days_inside_the_window_count(book):
    outside = [
        spell(date(2025, 8, 1), date(2025, 9, 1)),
        spell(date(2027, 1, 1), date(2027, 12, 31)),
    ]
    edge = [spell(date(2026, 12, 31), date(2027, 2, 1), 36_500_000)]  # one day: 365,000 × 1 % / 365

    assert subsidy(book, spells=outside).amount_fen == 0
    assert subsidy(book, spells=edge).amount_fen == 1_000


@pytest.mark.parametrize(
    ("known_on", "window_ends_on"),
    [(date(2025, 12, 31), date(2026, 8, 31)), (date(2026, 1, 1), date(2026, 12, 31))],
)
def test_a_case_of_2025_sees_the_window_known_in_2025(book, known_on, window_ends_on):
    assert subsidy(book, known_on=known_on).window_ends_on == window_ends_on


@pytest.mark.parametrize("known_on", [date(2025, 8, 31), date(2027, 1, 1)])
def test_outside_the_policy_there_is_no_subsidy(book, known_on):
    assert subsidy(book, known_on=known_on) is None


@pytest.mark.parametrize(("known_on", "is_covered"), [(IN_2025, False), (IN_2026, True)])
def test_card_instalments_are_covered_since_2026(book, known_on, is_covered):
    assert (subsidy(book, known_on=known_on, card=True) is not None) is is_covered


def test_what_the_institution_already_paid_this_year_narrows_the_room(book):
    flow = subsidy(book, received={2026: 250_000})

    assert flow.flows[0].amount_fen == 50_000
    assert flow.flows[0].is_capped


def test_in_2025_one_loan_gets_no_more_than_the_single_cap_over_all_years(book):
    two_years = [
        spell(date(2025, 9, 1), date(2025, 12, 1), 10_000_000),  # 91 days: 249.31
        spell(date(2026, 1, 1), date(2026, 9, 1), 10_000_000),  # 243 days: 665.75
    ]

    flow = subsidy(book, known_on=IN_2025, spells=two_years)

    assert [(item.amount_fen, item.is_capped) for item in flow.flows] == [
        (24_931, False),
        (25_069, True),
    ]


def test_a_spell_across_new_year_is_split_between_the_two_counters(book):
    flow = subsidy(book, spells=[spell(date(2025, 12, 22), date(2026, 1, 11), 36_500_000)])

    # ten days each: 365,000 × 1 % × 10 / 365 = 100.00
    assert [(item.year, item.amount_fen) for item in flow.flows] == [(2025, 10_000), (2026, 10_000)]
