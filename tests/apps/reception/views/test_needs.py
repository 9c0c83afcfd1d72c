"""Reception in the browser: a visit, a need that grows, and every way to be refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from tests.apps.counting import queries_of
from tests.apps.showroom import demo_products, put_on_sale
from tests.factories import make_deal

from chedai.reception.models import NeedConfirmation, NeedVersion
from chedai.reception.queries.needs import latest_need

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from chedai.staff.models import Organisation, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_sale")]

HOSTILE = "<script>alert(1)</script>"
SIGN_OF_HOSTILE = "&lt;script&gt;"


@pytest.fixture
def client(client_of: Callable[[User], Client], advisor: User, acting: Organisation) -> Client:
    return client_of(advisor)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def open_visit(client: Client, **typed: str) -> Any:
    plain = {"call_name": "陈先生", "sentence": "首付5万，15万的SUV", "form_key": str(uuid4())}
    return client.post("/visits/", plain | typed)


def post(client: Client, need: NeedVersion, act: str, **typed: Any) -> Any:
    address = f"/deals/{need.deal.number}/need/{act}/"
    return client.post(address, {"base_number": "1", **typed})


def chips_of(need: NeedVersion) -> list[tuple[str, str | None]]:
    return [(chip.slot, chip.value) for chip in latest_need(need.deal).chips]


# --- The need ---------------------------------------------------------------------------------


def test_one_more_sentence_replaces_what_it_says_anew(
    client: Client, visit: Callable[..., NeedVersion]
) -> None:
    need = visit("首付5万，15万的SUV")

    answer = post(client, need, "sentences", sentence="首付改成6万，要新能源")

    sheet = latest_need(need.deal)
    assert answer.status_code == 302
    assert sheet.version.sentence == "首付5万，15万的SUV\n首付改成6万，要新能源"
    assert sheet.facts.down_payment_max_fen == 60_000_00
    [chip] = [chip for chip in sheet.chips if chip.slot == "down_payment"]
    assert sheet.version.sentence[chip.start : chip.end] == chip.text


def test_an_answer_becomes_a_chip_and_is_not_asked_again(
    client: Client, visit: Callable[..., NeedVersion]
) -> None:
    need = visit("首付5万，15万的SUV")

    post(client, need, "answers", question="power", answer="new_energy")

    assert ("power", "new_energy") in chips_of(need)
    assert latest_need(need.deal).version.answered == ["power"]


def test_a_htmx_answer_is_the_sheet_alone(
    client: Client, visit: Callable[..., NeedVersion]
) -> None:
    need = visit("首付5万，15万的SUV")

    answer = client.post(
        f"/deals/{need.deal.number}/need/answers/",
        {"base_number": "1", "question": "power", "answer": "new_energy"},
        headers={"HX-Request": "true"},
    )

    assert answer.status_code == 200
    assert text_of(answer).strip().startswith('<div id="need-sheet"')


@pytest.mark.parametrize(
    ("act", "typed", "message"),
    [
        ("sentences", {"sentence": ""}, "把客户说的话写一句"),
        ("sentences", {"sentence": "万" * 100_000}, "最多 1000 字"),
        ("answers", {"question": "nowhere", "answer": "yes"}, "这个问题已经变了"),
        ("answers", {"question": "power", "answer": "steam"}, "这个问题已经变了"),
        ("answers", {}, "这个问题已经变了"),
        ("chips", {"slot": "nowhere", "value": "5万"}, "没有这一项"),
        ("chips", {"value": "5万"}, "没有这一项"),
        ("chips", {"slot": "down_payment", "value": "-5万"}, "不能是负数"),
        ("chips", {"slot": "down_payment", "value": "1000000000000"}, "不能超过 1 亿元"),
        ("chips", {"slot": "down_payment", "value": "🚗"}, "没读懂"),
        ("chips", {"slot": "down_payment", "value": HOSTILE}, "没读懂"),
        ("chips", {"slot": "down_payment", "value": "五" * 100_000}, "最多 60 个字"),
        ("chips", {"slot": "power", "value": "steam", "place": "0"}, "动力请选"),
        ("chips", {"slot": "power", "value": "steam", "place": "x"}, "整数"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words_and_nothing_is_stored(
    client: Client,
    visit: Callable[..., NeedVersion],
    act: str,
    typed: dict[str, str],
    message: str,
) -> None:
    need = visit()

    answer = post(client, need, act, **typed)

    assert answer.status_code == 422
    assert message in text_of(answer)
    assert HOSTILE not in text_of(answer)
    assert NeedVersion.objects.count() == 1


@pytest.mark.parametrize("base_number", ["", "0", "-1", "one", "1.5"])
@pytest.mark.parametrize(
    ("act", "typed"),
    [
        ("sentences", {"sentence": "首付6万"}),
        ("chips", {"slot": "down_payment", "value": "6万"}),
    ],
)
def test_a_form_without_its_version_is_refused(
    client: Client,
    visit: Callable[..., NeedVersion],
    act: str,
    typed: dict[str, str],
    base_number: str,
) -> None:
    need = visit()

    answer = post(client, need, act, base_number=base_number, **typed)

    assert answer.status_code == 422
    assert 'role="alert"' in text_of(answer)
    assert NeedVersion.objects.count() == 1


STALE = [
    ("sentences", {"sentence": "首付6万，另外加装"}, "首付6万，另外加装"),
    ("answers", {"question": "power", "answer": "new_energy"}, ""),
    ("chips", {"slot": "down_payment", "value": "6万"}, "6万"),
    ("confirmation", {}, ""),
]


@pytest.mark.parametrize(("act", "typed", "kept"), STALE)
def test_a_change_on_an_older_version_is_refused_with_what_was_typed(
    client: Client,
    visit: Callable[..., NeedVersion],
    act: str,
    typed: dict[str, str],
    kept: str,
) -> None:
    need = visit()
    post(client, need, "chips", slot="vehicle_price", value="16万")

    answer = post(client, need, act, **typed)

    assert answer.status_code == 409
    assert "刚才把需求改到了第 2 版" in text_of(answer)
    assert (f"您刚才写的：{kept}" in text_of(answer)) is bool(kept)
    assert NeedVersion.objects.count() == 2
    assert not NeedConfirmation.objects.exists()


# --- Chips by hand ----------------------------------------------------------------------------


def test_a_share_typed_in_takes_the_place_of_the_amount(
    client: Client, visit: Callable[..., NeedVersion]
) -> None:
    need = visit("首付5万，15万")

    post(client, need, "chips", slot="down_payment_ratio", value="三成")

    assert "down_payment" not in dict(chips_of(need))
    assert latest_need(need.deal).facts.down_payment_ratio_bp == 3_000


def test_one_of_two_wishes_changed_leaves_the_other(
    client: Client, visit: Callable[..., NeedVersion]
) -> None:
    need = visit("不要融资租赁，不要装GPS")
    [lease, gps] = [value for slot, value in chips_of(need) if slot == "refusal"]

    post(client, need, "chips", slot="refusal", value="service_fee", place="0")

    assert (lease, gps) == ("lease", "gps")
    assert {value for _, value in chips_of(need)} == {"gps", "service_fee"}


def test_one_of_two_wishes_emptied_leaves_the_other(
    client: Client, visit: Callable[..., NeedVersion]
) -> None:
    need = visit("不要融资租赁，不要装GPS")

    post(client, need, "chips", slot="refusal", value="", place="0")

    assert [value for _, value in chips_of(need)] == ["gps"]


def test_a_chip_emptied_is_gone(client: Client, visit: Callable[..., NeedVersion]) -> None:
    need = visit("首付5万，15万")

    post(client, need, "chips", slot="down_payment", value=" ", place="0")

    assert "down_payment" not in dict(chips_of(need))


def test_a_chip_refused_keeps_what_was_typed_at_its_place(
    client: Client, visit: Callable[..., NeedVersion]
) -> None:
    need = visit("首付5万，15万")

    page = text_of(post(client, need, "chips", slot="down_payment", value="不少于<b>", place="0"))

    assert 'value="不少于&lt;b&gt;"' in page
    assert 'id="chip_0-error"' in page


# --- Confirmation -----------------------------------------------------------------------------


def test_a_need_read_back_and_confirmed_leads_to_the_desk_however_often_it_is_sent(
    client: Client, visit: Callable[..., NeedVersion]
) -> None:
    need = visit("首付5万，15万")

    places = {post(client, need, "confirmation")["Location"] for _ in range(2)}

    assert places == {f"/deals/{need.deal.number}/desk/"}
    assert NeedConfirmation.objects.get().read_back.startswith("我复述一遍")


@pytest.mark.parametrize("act", ["", "versions/"])
def test_a_deal_of_nobody_is_not_found(client: Client, act: str) -> None:
    assert client.get(f"/deals/D999999/need/{act}").status_code == 404


# The page of the day also asks for the queue, the hours and the shifts of the store.
@pytest.mark.parametrize(("address", "most"), [("/today/", 22), ("/deals/", 10)])
def test_lists_ask_the_database_as_often_for_forty_deals_as_for_ten(
    client: Client, advisor: User, visit: Callable[..., NeedVersion], address: str, most: int
) -> None:
    for _ in range(10):
        visit()
    for_ten = queries_of(client, address)
    for number in range(30):
        make_deal(advisor, number=f"X{number:03d}")

    assert queries_of(client, address) == for_ten <= most


def test_the_need_asks_the_database_as_often_for_every_product_as_for_three(
    client: Client, visit: Callable[..., NeedVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/deals/{visit().deal.number}/need/"
    for_three = queries_of(client, address)
    put_on_sale(monkeypatch, demo_products())

    assert queries_of(client, address) == for_three <= 10


def test_a_sentence_says_how_it_came_and_what_it_changed(
    client: Client, visit: Callable[..., NeedVersion]
) -> None:
    need = visit("首付5万，月供不能超过3500，15万的车")
    address = f"/deals/{need.deal.number}/need/sentences/"
    client.post(address, {"base_number": "1", "sentence": "月供不能超过1800", "channel": "wechat"})

    assert latest_need(need.deal).version.channel == "wechat"
    shown = text_of(client.get(f"/deals/{need.deal.number}/need/"))
    assert "不再合适" in shown
    assert "微信" in text_of(client.get(f"/deals/{need.deal.number}/need/versions/"))


def test_a_channel_nobody_knows_is_refused(
    client: Client, visit: Callable[..., NeedVersion]
) -> None:
    need = visit("首付5万")
    answer = post(client, need, "sentences", sentence="月供3000", channel="pigeon")

    assert answer.status_code == 422
    assert "还是电话里说的" in text_of(answer)


def test_wishes_that_exclude_one_another_say_what_to_loosen(
    client: Client, visit: Callable[..., NeedVersion]
) -> None:
    need = visit("首付2万，月供不能超过300，15万的车")

    shown = text_of(client.get(f"/deals/{need.deal.number}/need/"))

    assert "放宽其中一条就行" in shown
