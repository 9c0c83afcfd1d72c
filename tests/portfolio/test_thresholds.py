from __future__ import annotations

from datetime import date

from tests.portfolio.builders import contract, contracts_table, item, items_table, make_terms

from chedai.core.early_warning.signals import SIGNALS
from chedai.policy.book import PolicyBook
from chedai.portfolio.embedded import close_tables
from chedai.portfolio.thresholds import signals_of, thresholds_on

POLICY = PolicyBook.load().on(date(2026, 6, 30))


def test_the_policy_book_has_a_threshold_for_every_signal():
    assert set(thresholds_on(POLICY)) == {signal.threshold for signal in SIGNALS.values()}
    assert all(threshold >= 1 for threshold in thresholds_on(POLICY).values())


def test_a_close_shows_late_first_payments_and_rising_buckets_and_no_others():
    close = close_tables(
        contracts_table(contract(1), contract(2), contract(3)),
        items_table(
            item(1, due_on=date(2026, 5, 28)),
            item(2, due_on=date(2026, 6, 24)),
            item(3, due_on=date(2026, 7, 24)),
        ),
        terms=make_terms(date(2026, 6, 30)),
    )

    found = {
        contract_id: [one.signal_id for one in signals]
        for contract_id, signals in signals_of(close, policy=POLICY)
    }

    # 1: 33 days late, M1 at 31 May; 2: six days, not yet seven, but from M0 to M1
    assert found == {1: ["bucket_jump", "first_payment_late"], 2: ["bucket_jump"]}
