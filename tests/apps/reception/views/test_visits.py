"""A visit in the browser: opened once, refused in words; the list of deals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from tests.factories import make_user

from chedai.deals.models import Deal
from chedai.reception.models import NeedVersion
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


# --- The visit --------------------------------------------------------------------------------


def test_a_visit_leads_the_advisor_to_the_need(client: Client) -> None:
    answer = open_visit(client)

    assert answer.status_code == 302
    assert answer["Location"] == f"/deals/{Deal.objects.get().number}/need/"
    assert "5 万" in text_of(client.get(answer["Location"]))


def test_a_visit_leads_the_front_desk_to_a_page_it_may_see(
    client_of: Callable[[User], Client], front_desk: User, acting: Organisation
) -> None:
    client = client_of(front_desk)

    answer = client.post(
        "/visits/", {"call_name": "", "sentence": "15万", "form_key": str(uuid4())}, follow=True
    )

    assert answer.status_code == 200
    assert NeedVersion.objects.count() == 1


def test_a_visit_sent_twice_is_one_deal(client: Client) -> None:
    form_key = str(uuid4())

    places = {open_visit(client, form_key=form_key)["Location"] for _ in range(2)}

    assert len(places) == 1
    assert Deal.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"sentence": ""}, "把客户说的话写一句"),
        ({"sentence": "   "}, "把客户说的话写一句"),
        ({"sentence": "万" * 1_001}, "最多 1000 字"),
        ({"sentence": "万" * 100_000}, "最多 1000 字"),
        ({"sentence": "15万\x00"}, "看不见的控制字符"),
        ({"call_name": "王" * 21}, "称呼最多 20 个字"),
        ({"form_key": ""}, "页面已过期"),
        ({"form_key": "not-a-key"}, "页面已过期"),
    ],
)
def test_a_visit_that_cannot_be_read_is_refused_and_nothing_is_stored(
    client: Client, typed: dict[str, str], message: str
) -> None:
    answer = open_visit(client, **typed)

    assert answer.status_code == 422
    assert message in text_of(answer)
    assert not Deal.objects.exists()


def test_a_refused_visit_keeps_what_was_typed_and_can_be_sent_again(client: Client) -> None:
    typed = f"首付5万 {HOSTILE}"

    page = text_of(open_visit(client, sentence=typed, call_name="王" * 21, form_key="old"))

    assert f"首付5万 {SIGN_OF_HOSTILE}" in page
    assert "王" * 21 in page
    assert HOSTILE not in page
    assert 'name="form_key" value="old"' not in page


@pytest.mark.parametrize("sentence", ["万" * 1_000, "🚗首付5万", HOSTILE, "１５万 首付５万"])
def test_odd_but_readable_sentences_are_taken_and_shown_as_text(
    client: Client, sentence: str
) -> None:
    answer = open_visit(client, sentence=sentence)

    page = text_of(client.get(answer["Location"]))
    assert HOSTILE not in page
    assert NeedVersion.objects.get().sentence == sentence


def test_a_visit_without_any_store_says_what_is_missing(
    client_of: Callable[[User], Client], other_organisation: Organisation
) -> None:
    answer = open_visit(client_of(make_user(other_organisation, "manager")))

    assert answer.status_code == 422
    assert "还没有门店" in text_of(answer)


# --- Lists ------------------------------------------------------------------------------------


def test_a_cursor_that_is_not_ours_leads_back_to_the_list(client: Client) -> None:
    answer = client.get("/deals/?after=nonsense")

    assert (answer.status_code, answer["Location"]) == (302, "/deals/")


def test_what_was_searched_for_is_shown_as_text(client: Client) -> None:
    page = text_of(client.get("/deals/", {"q": HOSTILE}))

    assert HOSTILE not in page
    assert SIGN_OF_HOSTILE in page
