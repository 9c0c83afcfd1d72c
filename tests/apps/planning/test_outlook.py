"""What may become of a plan: balloon, repricing, the state's money, days; beside the figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.apps.planning.dom import read_dom
from tests.apps.planning.test_desk_queries import scene
from tests.apps.showroom import open_to_all, put_on_sale
from tests.core.plans.builders import make_offers, make_version
from tests.factories import MOMENT

from chedai.core.plans.plan import Plan
from chedai.core.plans.product import BalloonOptions, TermOffer
from chedai.planning.queries.desk import plan_of
from chedai.planning.queries.outlook import Outlook, outlook_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from chedai.deals.models import Deal
    from chedai.reception.models import NeedVersion
    from chedai.reception.queries.scenes import Scene
    from chedai.staff.models import User

FLOATING = TermOffer(
    36,
    nominal_rate_annual=Decimal("0.0405"),
    lpr_tenor="1Y",
    lpr_rate_annual=Decimal("0.0300"),
    spread_bp=105,
)
WITH_TAIL = {
    "method": "balloon",
    "offers": (TermOffer(36, nominal_rate_annual=Decimal("0.05"), balloon_ratio=Decimal("0.3")),),
    "balloon_options": BalloonOptions(
        refinance_term_months=24,
        refinance_rate_annual=Decimal("0.052"),
        guaranteed_value_ratio=Decimal("0.22"),
        return_fee_fen=800_00,
        residual_risk="dealer",
    ),
}


def looked(found: Scene) -> tuple[Outlook, Plan]:
    plan = plan_of(found, version_id="31", term_months=36, down_payment_fen=50_000_00)
    assert isinstance(plan, Plan), plan
    return outlook_of(found, plan), plan


def sold(**terms: Any) -> Any:
    return make_version("31", **({"eligibility": open_to_all()} | terms))


def test_a_balloon_ends_in_one_of_three_ways() -> None:
    outlook, plan = looked(scene((sold(**WITH_TAIL),)))

    assert [label for label, _ in outlook.routes] == ["付清尾款", "尾款再贷", "还车"]
    pay, again, back = (route for _, route in outlook.routes)
    assert pay.due_at_end_fen == 30_000_00
    # 30,000 at 5.2 % over 24 months: 1,318.83 a month
    assert again.later_payment_fen == 1_318_83
    # 22 % of 150,000 is 33,000, more than the balloon: 3,000 back, less the fee
    assert back.due_at_end_fen == 30_000_00 - 33_000_00 + 800_00
    assert not back.keeps_car
    assert plan.total_paid_fen == pay.total_paid_fen


def test_a_floating_rate_has_every_shift_on_every_repricing_day() -> None:
    outlook, plan = looked(scene((sold(offers=(FLOATING,)),)))

    assert "1 年期 LPR 3.00%加 105 个基点" in outlook.floating_words
    assert [day.from_month for day in outlook.repricing] == [13, 25]
    for day in outlook.repricing:
        assert [row.shift_bp for row in day.rows] == [-50, 0, 50, 100]
        assert day.rows[1].change_fen == 0
        assert day.rows[0].change_fen < 0 < day.rows[2].change_fen < day.rows[3].change_fen
    assert plan.payment_fen == outlook.repricing[0].rows[1].payment_fen


def test_a_base_rate_that_moved_is_priced_beside_the_products_own() -> None:
    older = replace(
        FLOATING, lpr_rate_annual=Decimal("0.0310"), nominal_rate_annual=Decimal("0.0415")
    )

    outlook, plan = looked(scene((sold(offers=(older,)),)))
    kept, _ = looked(scene((sold(offers=(FLOATING,)),)))

    assert kept.lpr_today is None
    assert outlook.lpr_today is not None
    assert outlook.lpr_today.published == Decimal("0.0300")
    assert outlook.lpr_today.published_from == date(2025, 5, 20)
    assert outlook.lpr_today.nominal_rate_annual == Decimal("0.0405")
    # 100,000 over 36 months: 2,954.62 at 4.05 %, 2,959.08 at 4.15 %
    assert outlook.lpr_today.plan.payment_fen == 2_954_62
    assert plan.payment_fen == 2_959_08


def test_a_plain_plan_has_neither_balloon_nor_repricing() -> None:
    outlook, _ = looked(scene((sold(offers=make_offers("0.0388", 36)),)))

    assert (outlook.routes, outlook.repricing, outlook.floating_words) == ((), (), "")
    assert outlook.dated is not None


def test_the_states_money_is_a_flow_of_its_own_and_leaves_the_contract_alone() -> None:
    found = scene((sold(),))

    outlook, plan = looked(found)

    assert outlook.state_money is not None
    subsidy = outlook.state_money.subsidy
    # One point, because half of 3.88 % is more; from disbursement to the end of the window
    assert subsidy.rate_annual == Decimal("0.01")
    (flow,) = subsidy.flows
    days_left = (date(2027, 1, 1) - found.on).days
    assert flow.year == 2026
    assert 0 < flow.amount_fen <= 100_000_00 * days_left / 36_500
    assert outlook.state_money.cost_with is not None
    assert outlook.state_money.cost_with.apr_simple < plan.apr_simple
    assert plan.cost == plan.cost_after_refund


@pytest.mark.parametrize(
    "changed",
    [
        {"contract_nature": "finance_lease_direct"},
        {"offers": make_offers("0", 36)},
    ],
    ids=["a lease", "nothing to subsidise"],
)
def test_no_money_of_the_state_is_shown_where_none_can_come(changed: dict[str, Any]) -> None:
    outlook, _ = looked(scene((sold(**changed),)))

    assert outlook.state_money is None


def test_after_the_window_no_money_of_the_state_is_shown() -> None:
    found = scene((sold(),))
    later = replace(found, on=date(2027, 1, 4), first_due_on=date(2027, 2, 4))

    outlook, _ = looked(later)

    assert MOMENT.date() < later.on
    assert outlook.state_money is None


@pytest.mark.django_db
@pytest.mark.usefixtures("still_clock")
def test_the_page_shows_all_of_it_beside_the_figures(
    client_of: Callable[[User], Client],
    advisor: User,
    visit: Callable[..., NeedVersion],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put_on_sale(monkeypatch, [sold(**WITH_TAIL), sold(offers=(FLOATING,), code="floating")])
    monkeypatch.setattr(
        "chedai.planning.queries.scenes.product_versions_on",
        lambda on: (sold(**WITH_TAIL), replace(sold(offers=(FLOATING,)), version_id="32")),
    )
    deal: Deal = visit().deal
    client = client_of(advisor)

    def page(version_id: int) -> Any:
        answer = client.get(f"/deals/{deal.number}/plans/{version_id}/36/5000000/derivation/")
        assert answer.status_code == 200
        return read_dom(answer.content.decode())

    tail, floating = page(31), page(32)

    assert len(tail.all("data-route")) == 3
    assert not tail.all("data-repricing")
    assert len(floating.all("data-repricing")) == 2
    for shown in (tail, floating):
        assert len(shown.all("data-state-money")) == 1
        assert len(shown.all("data-dated")) == 1
        assert "合同利率不变" in shown.text
