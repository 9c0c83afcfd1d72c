"""Couple mode in the browser: two voices side by side, and what the need takes over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

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


def post(client: Client, need: NeedVersion, act: str, **typed: Any) -> Any:
    address = f"/deals/{need.deal.number}/need/{act}/"
    return client.post(address, {"base_number": "1", **typed})


def hear(client: Client, need: NeedVersion, speaker: str, sentence: str) -> Any:
    address = f"/deals/{need.deal.number}/need/voices/"
    return client.post(address, {"speaker": speaker, "sentence": sentence})


def test_two_voices_stand_side_by_side_and_the_need_does_not_move(
    client: Client, visit: Callable[..., NeedVersion]
) -> None:
    need = visit("首付5万")
    hear(client, need, "customer", "首付5万，月供3000以内")
    assert hear(client, need, "partner", "首付3万").status_code == 302

    shown = text_of(client.get(f"/deals/{need.deal.number}/need/voices/"))

    assert "说法不同" in shown or "已定" in shown
    assert latest_need(need.deal).version.number == 1


def test_the_need_takes_over_the_words_that_were_chosen(
    client: Client, visit: Callable[..., NeedVersion]
) -> None:
    need = visit("首付5万")
    hear(client, need, "partner", "首付3万")

    answer = post(client, need, "voices/choice", slot="down_payment", speaker="partner")

    assert answer.status_code == 302
    sheet = latest_need(need.deal)
    assert [(c.slot, c.low) for c in sheet.chips] == [("down_payment", 3_000_000)]
    assert sheet.version.number == 2


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"slot": "down_payment", "speaker": "partner"}, 422, "还没有人说过"),
        ({}, 422, "还没有人说过"),
        ({"slot": "no_such"}, 422, "没有这一项"),
        ({"slot": "down_payment", "speaker": "boss"}, 422, "按谁说的"),
        ({"base_number": "x"}, 422, "页面已过期"),
    ],
)
def test_a_choice_nobody_can_make_is_refused_and_nothing_moves(
    client: Client, visit: Callable[..., NeedVersion], typed: Any, status: int, said: str
) -> None:
    need = visit("首付5万")

    answer = post(client, need, "voices/choice", **typed)

    assert (answer.status_code, said in text_of(answer)) == (status, True)
    assert latest_need(need.deal).version.number == 1


def test_a_choice_on_an_older_version_is_a_conflict(
    client: Client, visit: Callable[..., NeedVersion]
) -> None:
    need = visit("首付5万")
    hear(client, need, "partner", "首付3万")
    post(client, need, "chips", slot="down_payment", value="6万", place="0")

    answer = post(client, need, "voices/choice", slot="down_payment", speaker="partner")

    assert answer.status_code == 409
    assert latest_need(need.deal).version.number == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"speaker": "boss", "sentence": "首付5万"}, "请选是谁说的"),
        ({"speaker": "partner", "sentence": ""}, "写一句"),
        ({"speaker": "partner", "sentence": "首" * 1001}, "最多 1000 字"),
    ],
)
def test_words_that_cannot_be_kept_are_refused_at_their_field(
    client: Client, visit: Callable[..., NeedVersion], typed: dict[str, str], said: str
) -> None:
    need = visit("首付5万")

    answer = hear(client, need, **typed)

    assert (answer.status_code, said in text_of(answer)) == (422, True)


def test_hostile_words_of_a_voice_are_shown_as_words(
    client: Client, visit: Callable[..., NeedVersion]
) -> None:
    need = visit("首付5万")
    hear(client, need, "partner", f"首付3万{HOSTILE}")

    shown = text_of(client.get(f"/deals/{need.deal.number}/need/voices/"))

    assert HOSTILE not in shown
    assert SIGN_OF_HOSTILE in shown
