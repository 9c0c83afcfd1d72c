from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.portfolio.builders import contract, contracts_table, item, items_table, make_terms

from chedai.portfolio.definitions import DEFINITIONS
from chedai.portfolio.embedded import close_tables
from chedai.portfolio.rates import (
    Rate,
    RollRateRefusedError,
    conditional_prepayment_rate,
    early_default_rates,
    flow_rates,
    non_performing_ratios,
    roll_rates,
    single_monthly_mortality,
    vintage_rates,
)

# Two loans of January: one unpaid since 10 April, one that prepays 100 000 of 300 000 in June.
BOOK = (
    contracts_table(contract(1, principal_fen=100_000), contract(2, principal_fen=300_000)),
    items_table(
        item(1, due_on=date(2026, 4, 10)),
        item(2, number=1, due_on=date(2026, 6, 10), open_until=date(2026, 6, 10)),
        item(2, number=2, due_on=date(2026, 7, 10)),
        item(2, number=3, due_on=date(2026, 8, 10), open_until=date(2026, 6, 20)),
    ),
)


def close_on(day):
    return close_tables(*BOOK, terms=make_terms(day))


JUNE = close_on(date(2026, 6, 30))


def test_money_flows_from_one_bucket_into_the_next():
    rates = {rate.of["bucket_before"]: rate for rate in flow_rates(JUNE)}

    # 10 April: 51 days at 31 May, M2; 81 days at 30 June, M3
    assert (rates[2].numerator, rates[2].denominator) == (100_000, 100_000)
    assert rates[2].ratio == 1
    assert (rates[0].numerator, rates[0].denominator) == (0, 300_000)
    assert rates[5].ratio is None


def test_prepayment_speed_leaves_out_what_was_scheduled():
    smm = single_monthly_mortality(JUNE)

    # 400 000 before, 100 000 scheduled in June, 100 000 paid ahead
    assert (smm.numerator, smm.denominator) == (100_000, 300_000)
    assert smm.ratio == Decimal("0.333333")
    assert conditional_prepayment_rate(smm) == Decimal("0.992293")  # 1 − (2/3)^12


def test_without_a_balance_there_is_no_speed():
    rate = Rate(
        definition_id="prepayment_speed.1", as_of=date(2026, 6, 30), numerator=0, denominator=0
    )

    assert rate.ratio is None
    assert conditional_prepayment_rate(rate) is None


def test_cohorts_tell_now_from_ever():
    rates = {
        (rate.definition_id, rate.of["bucket_at_least"], rate.of["unit"]): rate.ratio
        for rate in vintage_rates(close_on(date(2026, 6, 30)))
    }

    assert rates["vintage_current.1", 3, "contracts"] == Decimal("0.5")
    assert rates["vintage_ever.1", 3, "fen"] == Decimal("0.25")
    assert rates["vintage_ever.1", 4, "fen"] == 0


def test_first_payment_defaults_are_of_instalments_that_had_their_days():
    rates = {
        (rate.of["instalment_number"], rate.of["late_days_at_least"]): rate.ratio
        for rate in early_default_rates(JUNE)
    }

    assert rates == {(1, 1): Decimal("0.5"), (1, 7): Decimal("0.5"), (1, 30): 1}


def test_the_non_performing_ratio_is_of_each_scheme():
    (rate,) = non_performing_ratios(close_on(date(2026, 7, 31)))

    # 112 days: substandard. Contract 2 owes 100 000, 21 days late.
    assert rate.of == {"classification_scheme": "bank_loan"}
    assert rate.ratio == Decimal("0.5")


def test_the_worst_of_the_past_rolls_into_the_worst_of_the_future():
    past = [close_on(date(2026, 4, 30)), close_on(date(2026, 5, 31))]
    future = [JUNE, close_on(date(2026, 7, 31))]

    rates = {tuple(rate.of.values()): rate.ratio for rate in roll_rates(past, future)}

    assert rates == {(0, 1): 1, (2, 4): 1}


@pytest.mark.parametrize(("past", "future"), [([], [JUNE]), ([JUNE], []), ([JUNE], [JUNE])])
def test_windows_that_are_empty_or_overlap_are_refused(past, future):
    with pytest.raises(RollRateRefusedError):
        list(roll_rates(past, future))


def test_every_rate_carries_a_known_definition_and_its_day():
    rates = [
        *flow_rates(JUNE),
        *vintage_rates(JUNE),
        *early_default_rates(JUNE),
        *non_performing_ratios(JUNE),
        single_monthly_mortality(JUNE),
    ]

    assert all(rate.definition_id in DEFINITIONS for rate in rates)
    assert {rate.as_of for rate in rates} == {date(2026, 6, 30)}
