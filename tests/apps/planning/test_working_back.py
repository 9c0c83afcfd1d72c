"""Worked back from limits, in the browser: four unknowns, each with its price and one button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.apps.counting import queries_of
from tests.apps.planning.dom import Node, read_dom
from tests.apps.planning.test_desk_queries import scene
from tests.apps.showroom import demo_products, put_on_sale, three_products
from tests.core.plans.builders import make_eligibility, make_version

from chedai.core.plans.explanation import banned_words_in
from chedai.core.plans.search import PlanNeeds
from chedai.core.plans.unknowns import NO_LIMIT_FEN
from chedai.planning.forms.desk import TERM_SETS
from chedai.planning.models import DeskSetup
from chedai.planning.queries.working_back import Answer, price_step, worked_back

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from chedai.deals.models import Deal
    from chedai.reception.models import NeedVersion
    from chedai.reception.queries.scenes import Scene
    from chedai.staff.models import User

QUERIES_MAX = 12


def answered(found: Scene, **limits: Any) -> list[Answer]:
    needs = PlanNeeds(**({"cash_fen": NO_LIMIT_FEN} | limits))
    return list(worked_back(found, needs, term_sets=TERM_SETS).answers)


def test_each_unknown_has_its_answer_and_everything_else_stays() -> None:
    product, down, term, car = answered(scene(), payment_max_fen=3_000_00)

    for answer in (product, down, term, car):
        assert answer.plan is not None
        assert answer.plan.payment_fen <= 3_000_00
    assert product.plan is not None
    assert product.plan.down_payment_fen == 50_000_00
    assert product.plan.term_months == 36
    assert down.plan is not None
    assert down.plan.term_months == 36
    assert down.plan.down_payment_fen <= 50_000_00
    assert down.values["down_payment"] == str(down.plan.down_payment_fen // 100)
    assert car.plan is not None
    assert car.plan.inputs.car.vehicle_price_fen >= 150_000_00
    assert (car.values["vehicle_price"], car.values["vehicle"]) == (
        str(car.plan.inputs.car.vehicle_price_fen // 100),
        "",
    )


def test_what_cannot_be_reached_by_one_thing_alone_has_no_plan() -> None:
    product, down, term, car = answered(scene(), payment_max_fen=500_00)

    assert product.plan is None
    assert term.plan is None
    # Only 36 instalments of 500: a loan below what anybody lends
    assert down.plan is None
    assert car.plan is None
    assert not product.values


def test_cash_goes_down_in_full_when_the_car_is_the_unknown() -> None:
    *_, car = answered(scene(), cash_fen=80_000_00, payment_max_fen=3_500_00)

    assert car.plan is not None
    assert car.plan.cash_at_delivery_fen <= 80_000_00
    assert car.plan.down_payment_fen > 50_000_00
    assert "现金全放进首付" in car.stays


def test_a_product_refused_for_the_price_alone_may_be_the_answer_at_another() -> None:
    rules = make_eligibility(
        credit_histories_accepted=("clean", "thin", "many_inquiries"),
        credit_histories_referred=(),
        vehicle_price_max_fen=120_000_00,
    )

    product, _, _, car = answered(scene((make_version("51", eligibility=rules),)))

    assert product.plan is None
    assert car.plan is not None
    assert car.plan.inputs.car.vehicle_price_fen == 120_000_00


@pytest.mark.parametrize(
    ("price_fen", "step_fen"),
    [
        (50_000_00, 1_000_00),
        (150_000_00, 1_000_00),
        (299_999_00, 1_000_00),
        (300_000_00, 2_000_00),
        (1_500_000_00, 10_000_00),
    ],
)
def test_a_dear_car_is_tried_in_larger_steps(price_fen: int, step_fen: int) -> None:
    assert price_step(scene(vehicle_price_fen=price_fen)) == step_fen


@pytest.mark.django_db
@pytest.mark.usefixtures("still_clock")
class TestOnThePage:
    @pytest.fixture
    def client(self, client_of: Callable[[User], Client], advisor: User) -> Client:
        return client_of(advisor)

    @pytest.fixture
    def deal(self, visit: Callable[..., NeedVersion], monkeypatch: pytest.MonkeyPatch) -> Deal:
        put_on_sale(monkeypatch, three_products())
        return visit().deal

    @staticmethod
    def get(client: Client, deal: Deal, **asked: str) -> Any:
        return client.get(f"/deals/{deal.number}/working-back/", asked)

    @staticmethod
    def rows(answer: Any) -> list[Node]:
        return read_dom(answer.content.decode()).all("data-answer")

    def test_it_begins_with_what_the_need_says(self, client: Client, deal: Deal) -> None:
        answer = self.get(client, deal)

        shown = read_dom(answer.content.decode())
        values = {n.attributes["id"]: n.attributes.get("value") for n in shown.all("id")}
        assert answer.status_code == 200
        assert values["payment"]
        assert not self.rows(answer)

    def test_four_answers_are_phrased_as_trades_and_taken_with_one_button(
        self, client: Client, deal: Deal
    ) -> None:
        answer = self.get(client, deal, payment="2300")

        rows = self.rows(answer)
        assert [row.text.partition("车价")[0] for row in rows[:3]] == [
            "选哪个产品",
            "首付最少多少",
            "最短分几期",
        ]
        assert "多还" in rows[2].text
        assert "比全款多付" in rows[2].text
        assert not banned_words_in(read_dom(answer.content.decode()).text, has_fees=True)
        (form,) = rows[1].tags("form")
        fields = {n.attributes["name"]: n.attributes["value"] for n in form.tags("input")}

        taken = client.post(form.attributes["action"], fields)

        assert taken.status_code == 302
        stored = DeskSetup.objects.get()
        assert stored.down_payment_fen == int(fields["down_payment"]) * 100 > 50_000_00

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({"payment": ""}, "四样里至少填一样"),
            ({"payment": "三千"}, "看不懂这个金额"),
            ({"payment": "-1"}, "金额不能小于0元"),
            ({"on": "明年"}, "填日期"),
            ({"cash": "9" * 500}, "金额太长了"),
        ],
    )
    def test_what_cannot_be_read_is_refused_at_its_field(
        self, client: Client, deal: Deal, asked: dict[str, str], said: str
    ) -> None:
        answer = self.get(client, deal, **asked)

        assert answer.status_code == 422
        assert said in read_dom(answer.content.decode()).text
        assert not self.rows(answer)

    def test_a_whole_market_is_worked_back_with_few_questions_to_the_database(
        self, client: Client, deal: Deal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put_on_sale(monkeypatch, demo_products())
        asked = {"payment": "3000", "cash": "70000", "on": "2031-12-31"}
        answer = self.get(client, deal, **asked)

        assert answer.status_code == 200
        assert len(self.rows(answer)) == 4
        address = f"/deals/{deal.number}/working-back/?payment=3000&cash=70000"
        assert queries_of(client, address) <= QUERIES_MAX
