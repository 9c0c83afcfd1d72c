"""The desk in the browser: what is set, what is pinned, and every way to be refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.apps.counting import queries_of
from tests.apps.planning.dom import read_dom
from tests.apps.showroom import demo_products, open_to_all, put_on_sale, three_products
from tests.core.plans.builders import make_version

from chedai.audit.models import AuditEvent
from chedai.planning.models import DeskSetup, PinnedPlan

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from chedai.deals.models import Deal
    from chedai.reception.models import NeedVersion
    from chedai.staff.models import Organisation, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_sale")]

HOSTILE = "<script>alert(1)</script>"
AS_SET = {
    "revision": "0",
    "vehicle": "",
    "vehicle_price": "150000",
    "down_payment": "50000",
    "down_payment_step": "15000",
    "terms": "36-48-60",
    "condition": "new",
    "power": "combustion",
    "use": "private",
    "prepayment_month": "",
}
PLAN = "11:36:5000000"


@pytest.fixture
def client(client_of: Callable[[User], Client], advisor: User) -> Client:
    return client_of(advisor)


@pytest.fixture
def deal(visit: Callable[..., NeedVersion]) -> Deal:
    return visit().deal


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def set_desk(client: Client, deal: Deal, **typed: str) -> Any:
    return client.post(f"/deals/{deal.number}/desk/setup/", AS_SET | typed)


def pin(client: Client, deal: Deal, **typed: str) -> Any:
    plain = {"letter": "A", "plan": PLAN, "reason": "客户点名要清禾"}
    return client.post(f"/deals/{deal.number}/desk/pins/", plain | typed)


def alerts(answer: Any) -> list[str]:
    return [node.text for node in read_dom(text_of(answer)).all("role", "alert")]


# --- Setting the desk -------------------------------------------------------------------------


def test_what_was_set_is_stored_with_its_event(client: Client, deal: Deal) -> None:
    answer = set_desk(client, deal, vehicle_price="１５．８万", prepayment_month="24")

    setup = DeskSetup.objects.get()
    assert answer.status_code == 302
    assert (setup.revision, setup.vehicle_price_fen) == (1, 158_000_00)
    assert (setup.terms_months, setup.prepayment_month) == ([36, 48, 60], 24)
    assert AuditEvent.objects.filter(action="desk.set").count() == 1


def test_the_desk_shows_again_what_was_set(client: Client, deal: Deal) -> None:
    set_desk(client, deal, vehicle_price="12万", down_payment="4万", terms="24-36-48")

    page = read_dom(text_of(client.get(f"/deals/{deal.number}/desk/")))

    shown = {node.attributes["id"]: node.attributes.get("value") for node in page.all("id")}
    assert (shown["vehicle_price"], shown["down_payment"]) == ("120000", "40000")


NOT_MONEY = "看不懂这个金额"
BAD = [
    ("vehicle_price", "", "请填金额"),
    ("vehicle_price", "-150000", "金额不能小于1,000元"),
    ("vehicle_price", "0", "金额不能小于1,000元"),
    ("vehicle_price", "999.99", "金额不能小于1,000元"),
    ("vehicle_price", "20000000.01", "金额超过20,000,000元"),
    ("vehicle_price", "1000000000000", "金额超过20,000,000元"),
    ("vehicle_price", "150000.001", "金额最多到分"),
    ("vehicle_price", "🚗", NOT_MONEY),
    ("vehicle_price", HOSTILE[:24], NOT_MONEY),
    ("vehicle_price", "9" * 100_000, "金额太长了"),
    ("vehicle_price", "15\x00", "字符"),
    ("down_payment", "", "请填金额"),
    ("down_payment", "-1", "金额不能小于0元"),
    ("down_payment", "150000.01", "首付比车价还多，车价是150,000元"),
    ("down_payment", "1000000000000", "金额超过100,000,000元"),
    ("down_payment", "五万", NOT_MONEY),
    ("down_payment_step", "0", "金额不能小于100元"),
    ("down_payment_step", "", "请填金额"),
    ("terms", "1-2-3", "请从列出的期限里选"),
    ("terms", "", "请从列出的期限里选"),
    ("condition", "stolen", "请从列出的里面选"),
    ("power", "steam", "请从列出的里面选"),
    ("use", "", "请从列出的里面选"),
    ("prepayment_month", "0", "至少1个月"),
    ("prepayment_month", "85", "最多84个月"),
    ("prepayment_month", "两年", "填月数，例如24"),
    ("vehicle", "nowhere", "产品库里没有这个车型代码"),
    ("vehicle", HOSTILE, "产品库里没有这个车型代码"),
    ("vehicle", "车" * 61, "车型代码最多60个字"),
]


@pytest.mark.parametrize(("field", "typed", "message"), BAD)
def test_what_cannot_be_set_is_refused_at_its_field_and_not_stored(
    client: Client, deal: Deal, field: str, typed: str, message: str
) -> None:
    answer = set_desk(client, deal, **{field: typed})

    page = read_dom(text_of(answer))
    assert answer.status_code == 422
    [error] = page.all("id", f"{field}-error")
    assert message in error.text
    assert HOSTILE not in text_of(answer)
    assert len(text_of(answer)) < 200_000
    assert not DeskSetup.objects.exists()
    assert not AuditEvent.objects.filter(action="desk.set").exists()


def test_a_refused_setting_keeps_what_was_typed(client: Client, deal: Deal) -> None:
    answer = set_desk(client, deal, vehicle_price="十五万", down_payment="49999")

    values = {
        node.attributes["id"]: node.attributes.get("value")
        for node in read_dom(text_of(answer)).all("id")
    }
    assert (values["vehicle_price"], values["down_payment"]) == ("十五万", "49999")


@pytest.mark.parametrize("revision", ["", "-1", "one"])
def test_a_form_without_its_revision_is_refused_in_words(
    client: Client, deal: Deal, revision: str
) -> None:
    answer = set_desk(client, deal, revision=revision)

    assert answer.status_code == 422
    assert any("页面已过期" in alert for alert in alerts(answer))


@pytest.mark.parametrize("revision", ["0", "2", "9" * 30])
def test_a_desk_changed_meanwhile_is_refused_and_kept_as_it_is(
    client: Client, deal: Deal, revision: str
) -> None:
    set_desk(client, deal, down_payment="40000")

    answer = set_desk(client, deal, revision=revision, down_payment="60000")

    assert answer.status_code == 409
    assert any("方案台刚被别人改过" in alert for alert in alerts(answer))
    assert DeskSetup.objects.get().down_payment_fen == 40_000_00


def test_the_desk_set_on_its_newest_revision_moves_on(client: Client, deal: Deal) -> None:
    for revision, typed in enumerate(("40000", "60000")):
        set_desk(client, deal, revision=str(revision), down_payment=typed)

    setup = DeskSetup.objects.get()
    assert (setup.revision, setup.down_payment_fen) == (2, 60_000_00)


def test_a_htmx_change_answers_with_the_desk_alone(client: Client, deal: Deal) -> None:
    address = f"/deals/{deal.number}/desk/setup/"

    answer = client.post(address, AS_SET, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert text_of(answer).strip().startswith('<div id="desk"')


def test_a_price_for_a_need_without_one_opens_the_desk(
    client: Client, visit: Callable[..., NeedVersion]
) -> None:
    deal = visit("想买辆新车").deal
    assert "还不知道车价" in text_of(client.get(f"/deals/{deal.number}/desk/"))

    set_desk(client, deal)

    assert 'data-plan="A"' in text_of(client.get(f"/deals/{deal.number}/desk/"))


# --- Pins -------------------------------------------------------------------------------------


def test_a_pinned_plan_is_on_the_table_with_its_reason(client: Client, deal: Deal) -> None:
    pin(client, deal, plan="11:60:4000000", reason=f"客户点名 {HOSTILE}")

    page = text_of(client.get(f"/deals/{deal.number}/desk/"))
    assert "顾问指定：客户点名 &lt;script&gt;" in page
    assert HOSTILE not in page


def test_a_plan_pinned_to_another_place_leaves_the_earlier_one(client: Client, deal: Deal) -> None:
    pin(client, deal, letter="A")
    pin(client, deal, letter="B")

    assert [row.letter for row in PinnedPlan.objects.all()] == ["B"]


def test_a_place_holds_the_plan_pinned_latest(client: Client, deal: Deal) -> None:
    pin(client, deal)
    pin(client, deal, plan="12:36:5000000")

    [kept] = PinnedPlan.objects.all()
    assert kept.product_version_id == 12


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"plan": "99:36:5000000"}, "这个产品今天不在产品库里"),
        ({"plan": f"{'9' * 18}:36:5000000"}, "这个产品今天不在产品库里"),
        ({"plan": "11:37:5000000"}, "37"),
        ({"plan": "11:36:0"}, "首付"),
        ({"plan": f"11:36:{'9' * 13}"}, "首付"),
        ({"plan": "11:36:-1"}, "这个方案已经变了"),
        ({"plan": f"11:36:{'9' * 30}"}, "这个方案已经变了"),
        ({"plan": HOSTILE}, "这个方案已经变了"),
        ({"plan": ""}, "这个方案已经变了"),
        ({"letter": "D"}, "A、B、C"),
        ({"letter": ""}, "A、B、C"),
        ({"reason": ""}, "写一句为什么换成它"),
        ({"reason": "  "}, "写一句为什么换成它"),
        ({"reason": "因" * 121}, "最多120个字"),
    ],
)
def test_a_pin_that_cannot_be_is_refused_in_words_and_not_stored(
    client: Client, deal: Deal, typed: dict[str, str], message: str
) -> None:
    answer = pin(client, deal, **typed)

    assert answer.status_code == 422
    assert any(message in alert for alert in alerts(answer))
    assert not PinnedPlan.objects.exists()


def test_no_plan_is_pinned_while_no_price_is_known(
    client: Client, visit: Callable[..., NeedVersion]
) -> None:
    answer = pin(client, visit("想买辆新车").deal)

    assert answer.status_code == 422
    assert any("还不知道车价" in alert for alert in alerts(answer))
    assert not PinnedPlan.objects.exists()


def test_a_pin_taken_away_twice_leaves_one_event(client: Client, deal: Deal) -> None:
    pin(client, deal)

    for _ in range(2):
        client.post(f"/deals/{deal.number}/desk/pins/A/removal/")

    assert not PinnedPlan.objects.exists()
    assert AuditEvent.objects.filter(action="plan.unpin").count() == 1


def test_a_pinned_plan_whose_product_was_withdrawn_is_said_to_be_gone(
    client: Client, deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin(client, deal)
    put_on_sale(monkeypatch, three_products()[1:])

    page = text_of(client.get(f"/deals/{deal.number}/desk/"))

    assert "客户点名要清禾" in page
    assert "这个产品今天不在产品库里" in page
    assert 'data-plan="A"' in page


def test_a_pinned_plan_the_new_price_cannot_have_is_said_to_be_gone(
    client: Client, deal: Deal
) -> None:
    pin(client, deal)
    set_desk(client, deal, vehicle_price="400000", down_payment="120000")

    page = text_of(client.get(f"/deals/{deal.number}/desk/"))

    assert "客户点名要清禾" in page
    assert "现在办不了" in page


# --- What is on the table ---------------------------------------------------------------------


def test_nothing_that_fits_is_answered_with_what_to_loosen(
    client: Client, visit: Callable[..., NeedVersion]
) -> None:
    deal = visit("15万的新车，首付5万，月供不能超过1000").deal

    page = text_of(client.get(f"/deals/{deal.number}/plans/"))

    assert "这些要求放在一起，还没有方案" in page
    assert "放宽其中一条就行" in page


def test_the_cash_price_stands_beside_the_plans(client: Client, deal: Deal) -> None:
    page = read_dom(text_of(client.get(f"/deals/{deal.number}/plans/")))

    [cash] = page.all("data-cash")
    assert "¥150,000" in cash.text


@pytest.mark.parametrize("page", ["", "desk/", "plans/", "lesson/", "competitor/"])
def test_a_deal_of_nobody_is_not_found(
    client: Client, organisation: Organisation, page: str
) -> None:
    assert client.get(f"/deals/D999999/{page}").status_code == 404


@pytest.mark.parametrize("page", ["plans/", "lesson/", "plans/11/36/5000000/derivation/"])
def test_a_need_without_a_price_leads_to_the_desk(
    client: Client, visit: Callable[..., NeedVersion], page: str
) -> None:
    number = visit("想买辆新车").deal.number

    answer = client.get(f"/deals/{number}/{page}")

    assert (answer.status_code, answer["Location"]) == (302, f"/deals/{number}/desk/")


# --- How a number came about ------------------------------------------------------------------


def test_a_plan_explains_itself_down_to_the_final_instalment(client: Client, deal: Deal) -> None:
    page = text_of(client.get(f"/deals/{deal.number}/plans/11/36/5000000/derivation/"))

    assert "还款计划" in page
    assert "全部现金流" in page


@pytest.mark.parametrize(
    "plan",
    ["99/36/5000000", "11/7/5000000", "11/36/0", "11/36/15000000", f"11/36/{10**30}", "11/0/0"],
)
def test_a_plan_that_cannot_be_says_why(client: Client, deal: Deal, plan: str) -> None:
    answer = client.get(f"/deals/{deal.number}/plans/{plan}/derivation/")

    assert answer.status_code == 422
    assert any("这个方案现在算不出来：" in alert for alert in alerts(answer))


# --- The database -----------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["desk/", "plans/", "lesson/", ""])
def test_pages_ask_the_database_as_often_for_every_product_as_for_three(
    client: Client, deal: Deal, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    for_three = queries_of(client, f"/deals/{deal.number}/{page}")
    put_on_sale(monkeypatch, demo_products())

    assert queries_of(client, f"/deals/{deal.number}/{page}") == for_three <= 12


def test_a_product_of_a_lender_with_a_hostile_name_is_text(
    client: Client, deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = make_version("11", name=HOSTILE, lender_name=HOSTILE, eligibility=open_to_all())
    put_on_sale(monkeypatch, (hostile,))

    for page in ("desk/", "plans/", "plans/11/36/5000000/derivation/", "lesson/"):
        assert HOSTILE not in text_of(client.get(f"/deals/{deal.number}/{page}"))
