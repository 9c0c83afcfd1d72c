"""Who the customer is: kept when they agreed, masked, shown for a reason on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chedai.audit.models import AuditEvent
from chedai.deals.models import Party

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from chedai.deals.models import Deal
    from chedai.reception.models import NeedVersion
    from chedai.staff.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_sale")]

PHONE = "18612341402"


@pytest.fixture
def client(client_of: Callable[[User], Client], advisor: User) -> Client:
    return client_of(advisor)


@pytest.fixture
def deal(visit: Callable[..., NeedVersion]) -> Deal:
    return visit().deal


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def add(client: Client, deal: Deal, **typed: str) -> Any:
    plain = {"name": "陈小舟", "phone": PHONE, "agreed": "yes"}
    return client.post(f"/deals/{deal.number}/parties/", plain | typed)


def reveal(client: Client, deal: Deal, **typed: str) -> Any:
    address = f"/deals/{deal.number}/parties/{Party.objects.get().pk}/reveal/"
    return client.post(address, typed)


@pytest.mark.parametrize(
    "typed", [PHONE, "186 1234 1402", "186-1234-1402", "１８６１２３４１４０２"]
)
def test_a_customer_who_agreed_is_kept_and_shown_masked(
    client: Client, deal: Deal, typed: str
) -> None:
    answer = add(client, deal, phone=typed)

    page = text_of(client.get(answer["Location"]))
    assert "1402" in page
    assert PHONE not in page
    assert "陈小舟" not in page


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"agreed": ""}, "客户同意以后才能存"),
        ({"name": ""}, "填客户的姓名"),
        ({"name": "陈" * 41}, "姓名最多 40 个字"),
        ({"phone": ""}, "填客户的手机号"),
        ({"phone": "12345678901"}, "手机号要 11 位"),
        ({"phone": "1861234140"}, "手机号要 11 位"),
        ({"phone": "186123414022"}, "手机号要 11 位"),
        ({"phone": "+86 18612341402"}, "手机号要 11 位"),
        ({"phone": "🚗"}, "手机号要 11 位"),
        ({"phone": "1" * 100_000}, "手机号太长"),
    ],
)
def test_a_customer_not_agreeing_or_unreadable_is_not_kept(
    client: Client, deal: Deal, typed: dict[str, str], message: str
) -> None:
    answer = add(client, deal, **typed)

    assert answer.status_code == 422
    assert message in text_of(answer)
    assert not Party.objects.exists()


def test_what_was_typed_is_kept_when_refused(client: Client, deal: Deal) -> None:
    page = text_of(add(client, deal, phone="123", name="陈<b>"))

    assert 'value="123"' in page
    assert 'value="陈&lt;b&gt;"' in page


def test_a_second_borrower_is_refused_in_words(client: Client, deal: Deal) -> None:
    add(client, deal)

    answer = add(client, deal, name="刘大江", phone="13900001234")

    assert answer.status_code == 409
    assert "这一单已经登记了主贷人" in text_of(answer)
    assert Party.objects.count() == 1


def test_the_full_number_is_shown_once_with_its_reason_on_record(
    client: Client, deal: Deal
) -> None:
    add(client, deal)

    page = text_of(reveal(client, deal, reason="约客户周六签字"))

    assert PHONE in page
    assert "陈小舟" in page
    reasons = [
        event.detail["reason"] for event in AuditEvent.objects.filter(action="privacy.reveal")
    ]
    assert reasons == ["约客户周六签字"] * 2
    assert PHONE not in text_of(client.get(f"/deals/{deal.number}/"))


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("", "写明为什么要看"),
        ("   ", "写明为什么要看"),
        ("看看", "至少 4 个字"),
        ("看" * 81, "最多 80 个字"),
    ],
)
def test_nothing_is_shown_without_a_reason(
    client: Client, deal: Deal, reason: str, message: str
) -> None:
    add(client, deal)

    answer = reveal(client, deal, reason=reason)

    assert answer.status_code == 422
    assert message in text_of(answer)
    assert PHONE not in text_of(answer)
    assert not AuditEvent.objects.filter(action="privacy.reveal").exists()


@pytest.mark.parametrize("role", ["front_desk", "reviewer", "compliance", "back_office"])
def test_those_who_only_read_are_offered_no_form_and_get_none_through(
    role: str,
    client: Client,
    deal: Deal,
    user_with: Callable[..., User],
    client_of: Callable[[User], Client],
) -> None:
    add(client, deal)
    reader = client_of(user_with(role))

    assert "/reveal/" not in text_of(reader.get(f"/deals/{deal.number}/"))
    assert reveal(reader, deal, reason="约客户周六签字").status_code == 403


def test_a_contact_of_another_deal_is_not_found(
    client: Client, deal: Deal, visit: Callable[..., NeedVersion]
) -> None:
    add(client, deal)

    answer = reveal(client, visit().deal, reason="约客户周六签字")

    assert answer.status_code == 404
