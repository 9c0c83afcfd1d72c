"""What a lender counts in its own way reaches the plan: days, seasons, and older documents."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.core.plans.builders import make_car, make_terms, make_version

from chedai.core.plans.plan import Plan
from chedai.core.plans.pricing import price_plan
from chedai.core.plans.product import BalloonOptions, ProductTerms, TermOffer, mandatory_gaps


def test_interest_by_days_follows_the_days_of_the_contract() -> None:
    plan = price_plan(
        product=make_version(day_count="ACT/365"),
        car=make_car(),
        term_months=36,
        down_payment_fen=50_000_00,
        first_due_on=date(2026, 12, 23),
    )
    assert isinstance(plan, Plan)

    # 100 000 at 3.88 % over the 30 days from 23 November, then what is owed over 31.
    assert plan.schedule.interest_fen[0] == 31_890
    owed_fen = plan.schedule.outstanding_principal_fen[0]
    assert plan.schedule.interest_fen[1] == round(owed_fen * 388 * 31 / 3_650_000)


@pytest.mark.parametrize("conventions", [{"first_period_day_count": "ACT/365"}, {}])
def test_odd_days_are_charged_only_where_the_product_says_so(
    conventions: dict[str, Any],
) -> None:
    def first_payment(disbursed_on: date | None) -> int:
        plan = price_plan(
            product=make_version(**conventions),
            car=make_car(),
            term_months=36,
            down_payment_fen=50_000_00,
            first_due_on=date(2026, 12, 23),
            disbursed_on=disbursed_on,
        )
        assert isinstance(plan, Plan)
        return plan.first_payment_fen

    # Ten days more: 100 000 x 3.88 % x 10 / 365 = 106.30.
    odd_fen = first_payment(date(2026, 11, 13)) - first_payment(None)
    assert odd_fen == (10_630 if conventions else 0)


@pytest.mark.parametrize(
    ("first_due_on", "slack"),
    [
        (date(2027, 1, 5), (1, 2, 7)),
        (date(2027, 2, 5), (1, 6, 12)),
        (date(2026, 12, 5), (2, 3, 8)),
    ],
)
def test_slack_months_are_those_of_the_calendar(first_due_on: date, slack: tuple[int, ...]) -> None:
    offer = TermOffer(36, Decimal("0.0388"), slack_months_of_year=(1, 2, 7))

    plan = price_plan(
        product=make_version(method="seasonal", offers=(offer,)),
        car=make_car(),
        term_months=36,
        down_payment_fen=50_000_00,
        first_due_on=first_due_on,
    )

    assert isinstance(plan, Plan)
    assert plan.loan_terms.slack_months == slack
    for month in (1, 2, 7):
        at = (month - first_due_on.month) % 12
        assert plan.schedule.principal_fen[at] == 0


def test_documents_of_older_products_are_written_as_before() -> None:
    document = make_terms().to_json()

    assert not document.keys() & {
        "interest_rounding",
        "day_count",
        "first_period_day_count",
        "balloon_options",
    }
    assert "lpr_tenor" not in document["offers"][0]


def test_the_new_words_of_a_product_survive_their_json() -> None:
    offer = TermOffer(
        36,
        Decimal("0.0300"),
        balloon_ratio=Decimal("0.3"),
        lpr_tenor="1Y",
        lpr_rate_annual=Decimal("0.0320"),
        spread_bp=-20,
        repricing="new_year",
    )
    terms = make_terms(
        method="balloon",
        offers=(offer,),
        day_count="30/360",
        interest_rounding="half_even",
        balloon_options=BalloonOptions(guaranteed_value_ratio=Decimal("0.2")),
    )

    assert ProductTerms.from_json(terms.to_json()) == terms
    assert mandatory_gaps(terms) == ()
