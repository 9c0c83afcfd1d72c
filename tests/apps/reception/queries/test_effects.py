"""What a changed need does to the plans: kept, lost and new ones, each with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.apps.showroom import demo_products, put_on_sale
from tests.factories import MOMENT

from chedai.needs.editing import chip_from_input, merge
from chedai.reception.operations import amend_need
from chedai.reception.queries.effects import PlanEffect, conflict_of, effects_of_history
from chedai.reception.queries.needs import latest_need, need_history
from chedai.reception.queries.scenes import scene_of
from chedai.reception.queries.shortlists import QuickLook

if TYPE_CHECKING:
    from collections.abc import Callable

    from chedai.reception.models import NeedVersion

TODAY = MOMENT.date()
SENTENCE = "首付5万，月供不能超过3500，车价15万"


@pytest.fixture(autouse=True)
def on_sale(monkeypatch: pytest.MonkeyPatch) -> None:
    put_on_sale(monkeypatch, demo_products())


def change(need: NeedVersion, slot: str, typed: str) -> NeedVersion:
    sheet = latest_need(need.deal)
    kept = [chip for chip in sheet.chips if chip.slot != slot]
    return amend_need(
        deal=need.deal,
        base_number=sheet.version.number,
        sentence=sheet.version.sentence,
        chips=merge(kept, (chip_from_input(slot, typed),)) if typed else kept,
        answered=(),
        channel="wechat",
        author=need.recorded_by,
        recorded_at=MOMENT,
    )


def effects(need: NeedVersion) -> tuple[PlanEffect, ...]:
    found = effects_of_history(need_history(need.deal), deal=need.deal, on=TODAY)
    return found.get(latest_need(need.deal).version.number, ())


def winners(need: NeedVersion) -> list[str]:
    sheet = latest_need(need.deal)
    products = demo_products()
    scene = scene_of(sheet.facts, products=products, province=need.deal.store.province, on=TODAY)
    names = {product.version_id: product.terms.name for product in products}
    glance = QuickLook().glance(scene)
    return [f"{names[plan.version_id]} {plan.term_months} 期" for plan in glance.winners]


def test_a_lower_limit_loses_what_costs_more_and_says_by_how_much(
    visit: Callable[..., NeedVersion],
) -> None:
    need = visit(SENTENCE)
    before = winners(need)
    change(need, "monthly_max", "2000以内")

    found = effects(need)

    lost = [effect for effect in found if effect.state == "lost"]
    assert lost
    assert all("超过 ¥2,000" in effect.why for effect in lost)
    assert [effect.plan for effect in found if effect.state != "new"] == before
    kept_or_new = {effect.plan for effect in found if effect.state != "lost"}
    assert set(winners(need)) <= kept_or_new


def test_a_shorter_term_says_which_term_is_too_long(visit: Callable[..., NeedVersion]) -> None:
    need = visit("首付5万，车价15万")
    assert any(int(plan.split()[-2]) > 12 for plan in winners(need))
    change(need, "term_months", "12期")

    assert any("期超过了 12 期" in effect.why for effect in effects(need))


def test_a_refusal_says_why_the_product_is_out(visit: Callable[..., NeedVersion]) -> None:
    need = visit("首付5万，车价15万")
    before = winners(need)
    change(need, "down_payment", "14万5")

    lost = [effect for effect in effects(need) if effect.state == "lost"]
    assert {effect.plan for effect in lost} <= set(before)
    assert all(effect.why for effect in lost)
    assert lost


def test_a_change_that_leaves_every_plan_says_nothing(visit: Callable[..., NeedVersion]) -> None:
    need = visit(SENTENCE)
    change(need, "plate_city", "杭州")

    assert effects(need) == ()


def test_a_need_without_a_price_has_no_plans_to_lose(visit: Callable[..., NeedVersion]) -> None:
    need = visit("想买新车")
    change(need, "monthly_max", "2000以内")

    assert effects(need) == ()


def test_the_first_version_has_no_effects(visit: Callable[..., NeedVersion]) -> None:
    assert effects(visit(SENTENCE)) == ()


def test_wishes_no_plan_keeps_are_a_conflict_with_ways_out(
    visit: Callable[..., NeedVersion],
) -> None:
    need = visit("首付2万，月供不能超过500，车价15万，三年还完")

    found = conflict_of(latest_need(need.deal), deal=need.deal, on=TODAY)

    assert found is not None
    assert 1 <= len(found.ways) <= 3
    assert all("代价" in way for way in found.ways)


@pytest.mark.parametrize("sentence", ["首付5万，月供不能超过3500，车价15万", "想买新车"])
def test_wishes_that_can_be_kept_or_are_not_known_yet_are_no_conflict(
    sentence: str, visit: Callable[..., NeedVersion]
) -> None:
    need = visit(sentence)

    assert conflict_of(latest_need(need.deal), deal=need.deal, on=TODAY) is None


def test_what_the_customer_will_not_accept_may_be_the_thing_to_loosen(
    visit: Callable[..., NeedVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    lease_only = [p for p in demo_products() if p.terms.contract_nature.startswith("finance_lease")]
    put_on_sale(monkeypatch, lease_only)
    need = visit("首付5万，车价15万，不接受融资租赁")

    found = conflict_of(latest_need(need.deal), deal=need.deal, on=TODAY)

    assert found is not None
    assert any(way.startswith("接受融资租赁") for way in found.ways)
