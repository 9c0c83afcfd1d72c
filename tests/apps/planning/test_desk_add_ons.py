"""Add-ons on the desk: a line of their own, lent within a cap of their own, never in the LTV."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.apps.planning.dom import read_dom
from tests.apps.planning.test_desk_queries import scene
from tests.apps.planning.test_desk_views import AS_SET
from tests.apps.showroom import open_to_all, put_on_sale, three_products
from tests.core.plans.builders import make_version

from chedai.core.plans.plan import Plan
from chedai.planning.models import DeskSetup
from chedai.planning.queries.desk import DeskView, cash_of, desk_view, product_answers
from chedai.planning.queries.explaining import review_of
from chedai.reception.queries.scenes import DeskChoice, Scene, purchase_at, scene_of
from chedai.reception.queries.shortlists import QuickLook

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from chedai.deals.models import Deal
    from chedai.reception.models import NeedVersion
    from chedai.staff.models import User

LENDS_EXTRAS = {
    "eligibility": open_to_all(),
    "lender_kind": "auto_finance_company",
    "financed_extras_max_ratio": Decimal("0.20"),
    "financed_extras_max_fen": 25_000_00,
}


def with_add_ons(price_fen: int, financed_fen: int, **terms: Any) -> Scene:
    found = scene((make_version("41", **(LENDS_EXTRAS | terms)), *three_products()))
    choice = DeskChoice(add_ons_fen=price_fen, add_ons_financed_fen=financed_fen)
    return scene_of(
        found.facts,
        products=found.products,
        province=found.province,
        on=found.on,
        choice=choice,
    )


def only_card(view: DeskView) -> Plan:
    versions = {card.plan.key[0] for card in view.cards}
    assert versions == {"41"}
    return view.cards[0].plan


def test_what_is_lent_for_add_ons_raises_the_loan_and_not_the_loan_to_value() -> None:
    plain = only_card(
        desk_view(
            replace(
                with_add_ons(0, 0), products=scene((make_version("41", **LENDS_EXTRAS),)).products
            )
        )
    )

    plan = only_card(desk_view(with_add_ons(20_000_00, 16_000_00)))

    assert plan.principal_fen == plain.principal_fen + 16_000_00
    assert plan.financed_extras_fen == 16_000_00
    assert plan.loan_to_value == plain.loan_to_value
    assert plan.down_payment_fen == plain.down_payment_fen
    assert plan.cash_at_delivery_fen == plain.cash_at_delivery_fen + 4_000_00


def test_a_lender_that_lends_none_says_so_and_paid_add_ons_trouble_nobody() -> None:
    lent = {a.terms.code: a for a in product_answers(with_add_ons(20_000_00, 16_000_00))}
    paid = desk_view(with_add_ons(20_000_00, 0))

    assert any("这个产品不能贷附加品" in r for r in lent["yunting-free"].reasons)
    assert len({card.plan.key[0] for card in paid.cards}) > 1


@pytest.mark.parametrize(
    ("financed_fen", "is_lent"), [(25_000_00, True), (25_000_01, False), (26_000_00, False)]
)
def test_the_products_own_cap_holds_to_the_fen(financed_fen: int, is_lent: bool) -> None:
    answers = product_answers(with_add_ons(40_000_00, financed_fen))

    (answer,) = (a for a in answers if a.terms.financed_extras_max_fen)
    assert (answer.plan is not None) == is_lent
    assert is_lent or any("附加品最多贷 ¥25,000" in reason for reason in answer.reasons)


@pytest.mark.parametrize(
    ("price_fen", "financed_fen", "is_over"),
    [
        (20_000_00, 16_000_00, False),
        (20_000_00, 16_000_01, True),
        (25_000_00, 20_000_00, False),
        (25_000_00, 20_100_00, True),
    ],
)
def test_an_auto_finance_company_is_held_to_the_share_of_the_add_ons_price(
    price_fen: int, financed_fen: int, is_over: bool
) -> None:
    found = with_add_ons(price_fen, financed_fen)
    plan = only_card(desk_view(found))

    said = [finding.message for finding in review_of(found, plan).findings]

    assert any("超过附加品总价" in message and "80%" in message for message in said) == is_over
    assert any("单独申请" in message for message in said)


def test_cash_buyers_pay_for_the_add_ons_as_well() -> None:
    without, found = with_add_ons(0, 0), with_add_ons(20_000_00, 16_000_00)

    assert cash_of(found).total_fen == cash_of(without).total_fen + 20_000_00
    assert [line.code for line in purchase_at(found, 140_000_00)][-2:] == [
        "add_ons_paid",
        "add_ons_financed",
    ]


def test_a_quick_look_quotes_the_same_loan_as_the_desk() -> None:
    found = with_add_ons(20_000_00, 16_000_00)
    plan = only_card(desk_view(found))

    seen = QuickLook().glance(found)

    assert {version_id for version_id, _ in seen.quoted} == {"41"}
    assert seen.quoted["41", plan.term_months].payment_fen == plan.payment_fen


@pytest.mark.django_db
@pytest.mark.usefixtures("still_clock")
class TestOnThePage:
    @pytest.fixture
    def client(self, client_of: Callable[[User], Client], advisor: User) -> Client:
        return client_of(advisor)

    @pytest.fixture
    def deal(self, visit: Callable[..., NeedVersion], monkeypatch: pytest.MonkeyPatch) -> Deal:
        put_on_sale(monkeypatch, (make_version("41", **LENDS_EXTRAS),))
        return visit().deal

    def test_add_ons_are_stored_and_shown_with_what_is_lent(
        self, client: Client, deal: Deal
    ) -> None:
        typed = AS_SET | {"add_ons": "2万", "add_ons_financed": "16000"}

        answer = client.post(f"/deals/{deal.number}/desk/setup/", typed)

        setup = DeskSetup.objects.get()
        assert answer.status_code == 302
        assert (setup.add_ons_fen, setup.add_ons_financed_fen) == (20_000_00, 16_000_00)
        page = read_dom(client.get(f"/deals/{deal.number}/desk/").content.decode())
        assert len(page.all("data-add-ons")) == 2
        assert "其中附加品¥16,000（不算成数）" in page.text
        shown = {n.attributes["id"]: n.attributes.get("value") for n in page.all("id")}
        assert (shown["add_ons"], shown["add_ons_financed"]) == ("20000", "16000")

    def test_more_lent_than_the_add_ons_cost_is_refused_at_the_field(
        self, client: Client, deal: Deal
    ) -> None:
        typed = AS_SET | {"add_ons": "10000", "add_ons_financed": "10000.01"}

        answer = client.post(f"/deals/{deal.number}/desk/setup/", typed)

        assert answer.status_code == 422
        assert "附加品一共才 10,000 元" in answer.content.decode()
        assert not DeskSetup.objects.exists()
