from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from chedai.policy.wording import limit_text, moment_text, percent_text, yuan_text


@pytest.mark.parametrize(
    ("amount_fen", "text"), [(7_000_000, "70,000.00 元"), (1, "0.01 元"), (-150, "-1.50 元")]
)
def test_an_amount_reads_in_yuan_with_fen(amount_fen, text):
    assert yuan_text(amount_fen) == text


@pytest.mark.parametrize(
    ("ratio", "beyond", "text"),
    [
        ("0.75", None, "75.00%"),
        ("0.75", "0.70", "75.00%"),
        ("0.70001", "0.70", "70.001%"),  # two decimals would read 70.00 % above 70 %
        ("0.7000001", "0.70", "70.00001%"),
        ("0.70", "0.70", "70.00%"),
        ("0.700000000001", "0.70", "70.00000000%"),
    ],
)
def test_a_ratio_beyond_a_limit_never_reads_equal_to_it(ratio, beyond, text):
    assert percent_text(Decimal(ratio), beyond=beyond and Decimal(beyond)) == text


@pytest.mark.parametrize(
    ("ratio", "text"), [("0.70", "70%"), ("1.00", "100%"), ("0.1240", "12.4%")]
)
def test_a_limit_reads_without_idle_zeros(ratio, text):
    assert limit_text(Decimal(ratio)) == text


def test_a_moment_reads_as_the_wall_clock_in_china():
    assert moment_text(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == "2027-01-01 00:00"
