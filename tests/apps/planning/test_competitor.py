"""Another store's offer: typed as remembered, priced in every way it may be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from tests.apps.planning.dom import read_dom

from chedai.planning.models import CompetitorOffer

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from chedai.deals.models import Deal
    from chedai.reception.models import NeedVersion
    from chedai.staff.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_sale")]

AS_SAID = {
    "principal": "100000",
    "term_months": "36",
    "monthly": "3078",
    "fee_upfront": "",
    "rebate": "",
    "flat_rate": "",
    "flat_rate_kind": "nominal",
}
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def client(client_of: Callable[[User], Client], advisor: User) -> Client:
    return client_of(advisor)


@pytest.fixture
def deal(visit: Callable[..., NeedVersion]) -> Deal:
    return visit().deal


def send(client: Client, deal: Deal, **typed: str) -> Any:
    said = {"form_key": str(uuid4()), **AS_SAID, **typed}
    return client.post(f"/deals/{deal.number}/competitor/", said)


def readings(answer: Any) -> list[str]:
    page = read_dom(answer.content.decode())
    return [node.tags("h2")[0].text for node in page.all("data-competitor")]


def test_a_monthly_payment_alone_has_one_reading_beside_every_card(
    client: Client, deal: Deal
) -> None:
    answer = send(client, deal)

    page = read_dom(answer.content.decode())
    assert answer.status_code == 200
    assert readings(answer) == ["按说的月供算"]
    [offer] = page.all("data-competitor")
    assert "综合年化成本（单利）：对方6.79%，我们" in offer.text
    assert {node.attributes["data-figure"] for node in offer.all("data-figure")} == {
        "instalment",
        "total",
        "extra",
        "apr",
        "end",
    }


@pytest.mark.parametrize(
    ("kind", "rate", "expected"),
    [
        ("nominal", "3.6", 2),
        ("annual", "3.6", 2),
        ("monthly", "0.3", 2),
        ("total", "10.8", 1),
        ("", "3.6", 2),
    ],
)
def test_a_rate_is_read_in_every_way_it_may_be_meant(
    client: Client, deal: Deal, kind: str, rate: str, expected: int
) -> None:
    answer = send(client, deal, monthly="", flat_rate=rate, flat_rate_kind=kind)

    assert answer.status_code == 200
    assert len(readings(answer)) == expected


def test_the_same_form_is_kept_once_as_typed(client: Client, deal: Deal) -> None:
    form_key = str(uuid4())

    for _ in range(2):
        send(client, deal, form_key=form_key, principal="１０万")

    [kept] = CompetitorOffer.objects.all()
    assert kept.deal == deal
    assert kept.typed["term_months"] == "36"


def test_what_the_customer_already_said_stands_in_the_form(
    client: Client, visit: Callable[..., NeedVersion]
) -> None:
    number = visit("15万的车，首付5万，别家月供2900，36期").deal.number

    page = read_dom(client.get(f"/deals/{number}/competitor/").content.decode())

    values = {n.attributes.get("name"): n.attributes.get("value") for n in page.tags("input")}
    assert values["principal"] == "100000"


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("principal", "", "请填金额"),
        ("principal", "0", "金额不能小于1元"),
        ("principal", "-100000", "金额不能小于1元"),
        ("principal", "1000000000000", "金额超过100,000,000元"),
        ("principal", "🚗", "看不懂这个金额"),
        ("principal", "9" * 100_000, "金额太长了"),
        ("term_months", "", "填多少期"),
        ("term_months", "0", "至少1期"),
        ("term_months", "121", "最多120期"),
        ("term_months", "三年", "填月数"),
        ("monthly", "", "月供和费率至少填一个"),
        ("monthly", "-1", "金额不能小于1元"),
        ("monthly", "100", "请再核对月供"),
        ("monthly", "100000000", "对不上"),
        ("fee_upfront", "-1", "金额不能小于0元"),
        ("rebate", HOSTILE[:24], "看不懂这个金额"),
        ("flat_rate", "-0.3", "不能是负数"),
        ("flat_rate", "101", "最多100"),
        ("flat_rate", "NaN", "填百分数"),
        ("flat_rate", "百分之三", "填百分数"),
        ("flat_rate", "0.12345", "小数"),
    ],
)
def test_what_cannot_be_priced_is_refused_at_its_field_and_not_stored(
    client: Client, deal: Deal, field: str, typed: str, message: str
) -> None:
    answer = send(client, deal, **{field: typed})

    page = answer.content.decode()
    assert answer.status_code == 422
    [error] = read_dom(page).all("id", f"{field}-error")
    assert message in error.text
    assert HOSTILE not in page
    assert len(page) < 200_000
    assert not CompetitorOffer.objects.exists()


@pytest.mark.parametrize(
    "typed", [{"form_key": ""}, {"form_key": "old"}, {"flat_rate_kind": "sometimes"}]
)
def test_a_form_that_is_not_ours_is_refused(
    client: Client, deal: Deal, typed: dict[str, str]
) -> None:
    answer = send(client, deal, **typed)

    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert not CompetitorOffer.objects.exists()


def test_fees_larger_than_the_loan_are_answered_and_not_a_failure(
    client: Client, deal: Deal
) -> None:
    assert send(client, deal, fee_upfront="100000").status_code in {200, 422}
    assert send(client, deal, rebate="9000000").status_code in {200, 422}
