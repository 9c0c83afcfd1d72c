"""Every address answers everybody: a page, a way elsewhere, or a refusal; never a failure."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any, Final

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.apps.showroom import put_on_sale, three_products
from tests.factories import MOMENT

from chedai.deals.operations import add_party
from chedai.planning.operations.desk import pin_plan
from chedai.staff.roles import Role
from chedai.web.navigation import ENTRIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chedai.deals.models import Deal
    from chedai.reception.models import NeedVersion
    from chedai.staff.models import User

pytestmark = pytest.mark.django_db

ANSWERS: Final = {200, 302, 400, 403, 404, 405, 409, 422}
HUGE: Final = 10**30
# Would leave everything after it to somebody who is not signed in.
SIGNING_OUT: Final = "account_logout"
# What stands in an address, by the name of its part: something there, something absent, something
# no address of ours holds.
PARTS: Final[dict[str, tuple[Any, Any, Any]]] = {
    "absence_id": (1, 999_999, HUGE),
    "appointment_id": (1, 999_999, HUGE),
    "day_id": (1, 999_999, HUGE),
    "reminder_id": (1, 999_999, HUGE),
    "shift_id": (1, 999_999, HUGE),
    "ticket_id": (1, 999_999, HUGE),
    "code": ("qinghe-standard", "nowhere", "车\x00<script>"),
    "consent_id": (1, 999_999, HUGE),
    "deal_number": ("D000001", "D999999", "D\x00'--"),
    "down_payment_fen": (50_000_00, 0, HUGE),
    "lender": ("qinghe", "nowhere", "-_-"),
    "lender_code": ("qinghe", "nowhere", "\x00"),
    "job_key": ("T1", "F999999", "T\x00'--"),
    "letter": ("A", "Z", "A\x00"),
    "link_id": (1, 999_999, HUGE),
    "list_name": ("offers", "nowhere", "\x00"),
    "message_id": (1, 999_999, HUGE),
    "number": ("P000001", "nowhere", "\x00%00"),
    "party_id": (1, 999_999, HUGE),
    "task_id": (1, 999_999, HUGE),
    "reference": ("S000001", "nowhere", "\x00"),
    "term_months": (36, 7, HUGE),
    "token": ("a" * 43, "short", "\x00"),
    "username": ("nobody", "someone", "\x00"),
    "version_id": (11, 999_999, HUGE),
}


def addresses(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern) and each.name == SIGNING_OUT:
            continue
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from addresses(each, inner)
        elif isinstance(each, URLPattern) and each.name:
            yield f"{space}{each.name}", tuple(each.pattern.converters)


ADDRESSES: Final = tuple(addresses(get_resolver()))


@pytest.fixture
def deal(
    still_clock: None, monkeypatch: pytest.MonkeyPatch, visit: Callable[..., NeedVersion]
) -> Deal:
    """A deal with a borrower and a pinned plan, and products on sale."""
    put_on_sale(monkeypatch, three_products())
    opened = visit().deal
    add_party(
        deal=opened,
        kind="borrower",
        name="陈小舟",
        phone="18612341402",
        agreed_purpose="联系本人",
        recorded_by=opened.advisor,
        recorded_at=MOMENT,
    )
    pin_plan(
        deal=opened,
        letter="A",
        product_version_id=11,
        term_months=36,
        down_payment_fen=50_000_00,
        reason="客户点名",
        pinned_by=opened.advisor,
        pinned_at=MOMENT,
    )
    return opened


def failures(client: Client, *, which: int) -> list[str]:
    """Ask every address with one kind of parts; list what did not answer as it should."""
    found = []
    for name, parts in ADDRESSES:
        address = reverse(name, kwargs={part: PARTS[part][which] for part in parts})
        for method in ("get", "post"):
            try:
                with transaction.atomic():
                    status = getattr(client, method)(address).status_code
            except Exception as error:  # noqa: BLE001 - whatever it was, the address failed
                found.append(f"{method} {address}: {error!r}")
            else:
                if status not in ANSWERS:
                    found.append(f"{method} {address}: {status}")
    return found


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("which", [0, 1, 2], ids=["there", "absent", "strange"])
def test_every_address_answers_every_role(
    role: Role,
    which: int,
    deal: Deal,
    user_with: Callable[..., User],
    client_of: Callable[[User], Client],
) -> None:
    assert failures(client_of(user_with(role)), which=which) == []


@pytest.mark.parametrize("which", [0, 1, 2], ids=["there", "absent", "strange"])
def test_every_address_answers_somebody_who_is_not_signed_in(which: int, deal: Deal) -> None:
    assert failures(Client(), which=which) == []


def test_no_page_of_a_deal_opens_without_signing_in(deal: Deal) -> None:
    inside = [
        reverse(name, kwargs={part: PARTS[part][0] for part in parts})
        for name, parts in ADDRESSES
        if "deal_number" in parts
    ]

    answers = {Client().get(address).headers.get("Location", "") for address in inside}

    assert inside
    assert all(location.startswith("/accounts/login/") for location in answers)


@pytest.mark.parametrize(
    "query",
    ["q=%00", "after=%00", "after=nonsense", "after=WyIyMDI2LTExLTIzIiwgMV0", "q=%F0%9F%9A"],
)
def test_a_strange_query_of_the_deal_list_is_no_failure(
    query: str, deal: Deal, client_of: Callable[[User], Client]
) -> None:
    answer = client_of(deal.advisor).get(f"{reverse('reception:deal_list')}?{query}")

    assert answer.status_code in {200, 302, 400}


# --- The menu ---------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.url_name)
def test_every_entry_of_the_menu_opens_for_whom_it_is_shown_to(
    entry: Any, deal: Deal, user_with: Callable[..., User], client_of: Callable[[User], Client]
) -> None:
    for role in entry.roles:
        answer = client_of(user_with(role)).get(reverse(entry.url_name))

        assert answer.status_code == 200, role
        assert f'<a href="{reverse(entry.url_name)}" aria-current="page"' in answer.content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_nobodys_menu_has_more_than_seven_entries_or_none(role: Role) -> None:
    mine = [entry for entry in ENTRIES if role in entry.roles]

    assert 1 <= len(mine) <= 7


def test_no_two_entries_have_the_same_keys() -> None:
    keys = [entry.keys for entry in ENTRIES]

    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("role", list(Role))
def test_every_link_a_role_is_shown_leads_to_a_page_it_may_see(
    role: Role, deal: Deal, user_with: Callable[..., User], client_of: Callable[[User], Client]
) -> None:
    client = client_of(user_with(role))
    seen: dict[str, str] = {"/": "the start"}
    waiting, closed = ["/"], []
    while waiting:
        address = waiting.pop()
        answer = client.get(address, follow=True)
        if answer.status_code != 200:
            closed.append(f"{seen[address]} → {address}: {answer.status_code}")
        elif "html" in answer["Content-Type"]:
            found = re.findall(r'<a [^>]*href="(/[^"#]*)"', answer.content.decode())
            for link in (unescape(each) for each in found):
                if link not in seen and "derivation" not in link:
                    seen[link] = address
                    waiting.append(link)

    assert closed == []
    assert len(seen) > 2
