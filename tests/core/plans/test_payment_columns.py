from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.plans.builders import make_terms

from chedai.core.loans.schedules import build_schedule
from chedai.core.plans.payment_columns import COLUMN_METHODS, payments_of, times
from chedai.core.plans.plan import ContractDates
from chedai.core.plans.pricing import loan_terms_of
from chedai.core.plans.product import ProductTerms, TermOffer

DATES = ContractDates(first_due_on=date(2027, 1, 31))
EXTRA: dict[str, dict[str, Any]] = {
    "balloon": {"balloon_ratio": Decimal("0.25")},
    "seasonal": {
        "slack_months_of_year": (1, 2, 8),
        "slack_principal_ratio": Decimal("0.15"),
    },
}


def agree(
    terms: ProductTerms, offer: TermOffer, principals: list[int], dates: ContractDates | None = None
) -> None:
    schedules = [
        build_schedule(loan_terms_of(terms=terms, offer=offer, principal_fen=fen, dates=dates))
        for fen in principals
    ]

    columns = payments_of(terms=terms, offer=offer, principal_fen=np.array(principals), dates=dates)

    assert columns.payments_fen.T.tolist() == [list(part.instalment_fen) for part in schedules]
    assert columns.start_fen.tolist() == [part.paid_at_start_fen for part in schedules]


PRINCIPALS = st.lists(st.integers(1, 90_000_000), min_size=1, max_size=8)
RATES = st.decimals(0, "0.24", places=4)


@settings(max_examples=150, deadline=None)
@given(
    principals=PRINCIPALS,
    months=st.integers(5, 84),
    rate=RATES,
    method=st.sampled_from(sorted(set(COLUMN_METHODS) - {"flat_fee", "lease_rent"})),
    rounding=st.sampled_from(["half_up", "half_even", "up", "down"]),
    unit_fen=st.sampled_from([1, 10, 100]),
)
def test_every_month_is_the_schedules_whatever_the_rounding(
    principals: list[int], months: int, rate: Decimal, method: str, rounding: str, unit_fen: int
):
    offer = TermOffer(months, rate, **EXTRA.get(method, {}))
    terms = make_terms(
        method=method, offers=(offer,), rounding=rounding, rounding_unit_fen=unit_fen
    )

    agree(terms, offer, principals)


@settings(max_examples=150, deadline=None)
@given(
    principals=PRINCIPALS,
    months=st.integers(1, 84),
    rate=RATES,
    residual=st.decimals(0, "0.5", places=2),
    rent_timing=st.sampled_from(["arrears", "advance"]),
    rounding=st.sampled_from(["half_up", "up"]),
    unit_fen=st.sampled_from([1, 100]),
)
def test_every_rent_is_the_schedules_in_arrears_and_in_advance(
    principals: list[int],
    months: int,
    rate: Decimal,
    residual: Decimal,
    rent_timing: Any,
    rounding: str,
    unit_fen: int,
):
    offer = TermOffer(months, rate, balloon_ratio=residual, rent_timing=rent_timing)
    terms = make_terms(
        method="lease_rent", offers=(offer,), rounding=rounding, rounding_unit_fen=unit_fen
    )

    agree(terms, offer, principals)


@settings(max_examples=60, deadline=None)
@given(
    principals=PRINCIPALS,
    months=st.integers(5, 60),
    rate=RATES,
    method=st.sampled_from(["equal_instalment", "equal_principal", "balloon", "seasonal"]),
    day_count=st.sampled_from(["ACT/365", "ACT/360", "30/360"]),
    disbursed_on=st.sampled_from([None, date(2026, 12, 31), date(2026, 12, 18)]),
)
def test_interest_by_days_is_the_schedules(
    principals: list[int],
    months: int,
    rate: Decimal,
    method: str,
    day_count: str,
    disbursed_on: date | None,
):
    offer = TermOffer(months, rate, **EXTRA.get(method, {}))
    terms = make_terms(method=method, offers=(offer,), day_count=day_count)

    agree(
        terms,
        offer,
        principals,
        ContractDates(first_due_on=DATES.first_due_on, disbursed_on=disbursed_on),
    )


def test_an_instalment_on_the_very_edge_is_rounded_by_whole_integers():
    offer = TermOffer(36, Decimal(0))
    terms = make_terms(offers=(offer,), rounding="up", rounding_unit_fen=100)

    columns = payments_of(terms=terms, offer=offer, principal_fen=np.array([36_000_00, 36_000_01]))

    # 1,000.00 exactly stays; a fen more is 1,000.0003 and goes up to 1,001.
    assert columns.payments_fen[0].tolist() == [1_000_00, 1_001_00]


def test_no_principals_have_no_payments():
    terms = make_terms()

    columns = payments_of(
        terms=terms, offer=terms.offers[0], principal_fen=np.zeros(0, dtype=np.int64)
    )

    assert columns.payments_fen.shape == (36, 0)


@pytest.mark.parametrize(
    ("ratio", "expected"), [(None, 7), (Decimal("0.005"), 1), (Decimal("0.0049"), 0)]
)
def test_a_share_is_rounded_half_up(ratio: Decimal | None, expected: int):
    assert times(np.array([100]), ratio, 7).tolist() == [expected]
