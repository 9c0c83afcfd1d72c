from __future__ import annotations

from decimal import Decimal

import pytest

from chedai.core.rules import VehicleCondition
from chedai.policy.ltv import ltv_base, max_principal_fen

NEW, USED = VehicleCondition.NEW, VehicleCondition.USED


@pytest.mark.parametrize(
    ("condition", "price", "subsidy", "listed", "appraised", "base"),
    [
        (NEW, 10_000_000, 0, 10_000_000, None, 10_000_000),
        (NEW, 10_000_000, 0, 9_999_999, None, 9_999_999),
        (NEW, 10_000_000, 0, 10_000_001, None, 10_000_000),
        (NEW, 10_000_000, 1, 10_000_000, None, 9_999_999),
        (NEW, 10_000_000, 0, 10_000_000, 1, 10_000_000),  # an appraisal is not for new cars
        (USED, 10_000_000, 0, 1, 9_000_000, 9_000_000),  # a list price is not for used ones
        (USED, 10_000_000, 0, 1, None, 10_000_000),
        (NEW, 10_000_000, 10_000_001, 10_000_000, None, 0),
    ],
)
def test_the_base_is_the_lower_of_net_price_and_reference(
    condition, price, subsidy, listed, appraised, base
):
    derived = ltv_base(
        vehicle_price_fen=price,
        government_subsidy_fen=subsidy,
        list_price_fen=listed,
        appraised_price_fen=appraised,
        vehicle_condition=condition,
    )

    assert derived.base_fen == base


def test_the_derivation_shows_each_price_and_the_choice():
    derived = ltv_base(
        vehicle_price_fen=20_000_000,
        government_subsidy_fen=1_500_000,
        list_price_fen=21_000_000,
        appraised_price_fen=None,
        vehicle_condition=NEW,
    )

    assert derived.derivation == (
        "成交价 200,000.00 元 减政府补贴 15,000.00 元 = 185,000.00 元",
        "厂商指导价 210,000.00 元",
        "取较低者：计贷价格 185,000.00 元",
    )


@pytest.mark.parametrize(
    ("base_fen", "max_ltv", "principal_fen"),
    [(10_000_000, "0.70", 7_000_000), (9_999_999, "0.70", 6_999_999), (1, "0.70", 0)],
)
def test_what_may_be_lent_is_rounded_down_to_the_fen(base_fen, max_ltv, principal_fen):
    assert max_principal_fen(base_fen, max_ltv=Decimal(max_ltv)) == principal_fen
