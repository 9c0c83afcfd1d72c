from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chedai.core.early_warning.facts import LoanFacts
from chedai.core.early_warning.signals import SIGNALS, fired

DAY = date(2026, 6, 30)
THRESHOLDS = {signal.threshold: 3 for signal in SIGNALS.values()}
COUNTS = st.none() | st.integers(0, 12)
DAYS = st.none() | st.dates(DAY - timedelta(days=30), DAY + timedelta(days=5))
FACTS = st.builds(
    LoanFacts,
    as_of=st.just(DAY),
    bucket=st.integers(0, 7),
    bucket_before=st.none() | st.integers(0, 7),
    **{
        field.name: DAYS if field.name.endswith(("_on", "_since")) else COUNTS
        for field in fields(LoanFacts)
        if field.name not in {"as_of", "bucket", "bucket_before"}
    },
)


def ids(facts, thresholds=THRESHOLDS):
    return [one.signal_id for one in fired(facts, thresholds=thresholds)]


@pytest.mark.parametrize(
    ("known", "signal_id"),
    [
        ({"first_late_days": 3}, "first_payment_late"),
        ({"bucket": 4, "bucket_before": 1}, "bucket_jump"),
        ({"late_instalments_6m_count": 3}, "late_often"),
        ({"failed_debits_count": 3}, "debit_failures"),
        ({"unreachable_since": date(2026, 6, 27)}, "unreachable"),
        ({"insurance_ended_on": date(2026, 6, 27)}, "insurance_lapsed"),
        ({"lien_due_on": date(2026, 6, 27)}, "lien_overdue"),
        (
            {"lien_due_on": date(2026, 6, 27), "lien_registered_on": date(2026, 7, 1)},
            "lien_overdue",
        ),
        ({"new_inquiries_3m_count": 3}, "new_inquiries"),
        ({"seller_first_defaults_count": 3}, "seller_cluster"),
    ],
)
def test_a_signal_fires_at_its_threshold_and_not_one_below(known, signal_id):
    above = {**THRESHOLDS, SIGNALS[signal_id].threshold: 4}

    assert ids(LoanFacts(as_of=DAY, **known)) == [signal_id]
    assert ids(LoanFacts(as_of=DAY, **known), above) == []


@pytest.mark.parametrize(
    "known",
    [
        {},
        {"bucket": 7},
        {"bucket": 1, "bucket_before": 7},
        {"insurance_ended_on": date(2026, 7, 1)},
        {"lien_due_on": date(2026, 1, 1), "lien_registered_on": date(2026, 6, 30)},
    ],
)
def test_what_nobody_knows_or_what_is_over_fires_nothing(known):
    assert ids(LoanFacts(as_of=DAY, **known)) == []


@given(facts=FACTS, low=st.integers(1, 9), more=st.integers(0, 9))
def test_raising_a_threshold_never_fires_more(facts, low, more):
    lower, higher = (dict.fromkeys(THRESHOLDS, n) for n in (low, low + more))

    assert set(ids(facts, higher)) <= set(ids(facts, lower))


def test_what_fires_says_why_and_what_to_offer():
    (one,) = fired(LoanFacts(as_of=DAY, first_late_days=9), thresholds=THRESHOLDS)

    assert (one.measured, one.threshold, one.reason) == (9, 3, "首期逾期 9 天")
    assert one.help_offered


def test_every_signal_is_known_by_its_id_and_has_a_threshold_of_its_own():
    assert all(signal.id == key for key, signal in SIGNALS.items())
    assert len({signal.threshold for signal in SIGNALS.values()}) == len(SIGNALS)


def test_no_signal_threatens_or_speaks_of_third_parties_as_contacts():
    said = "".join(s.reason + s.help_offered for s in SIGNALS.values())

    assert not any(word in said for word in ("催收", "起诉", "家人", "单位同事"))
