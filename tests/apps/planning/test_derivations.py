"""How a plan's numbers came about, for programs: what the page says, to whom it says it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from tests.apps.counting import queries_of
from tests.apps.planning.dom import read_dom
from tests.factories import make_store, make_user
from tests.house.tree import DOCS, text_of

from chedai.staff.isolation import acting_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from chedai.deals.models import Deal
    from chedai.reception.models import NeedVersion
    from chedai.staff.models import Organisation, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_sale")]

PLAN = "11/36/5000000"
READERS = ("advisor", "manager", "reviewer", "compliance", "back_office", "front_desk")


@pytest.fixture
def client(client_of: Callable[[User], Client], advisor: User) -> Client:
    return client_of(advisor)


@pytest.fixture
def deal(visit: Callable[..., NeedVersion]) -> Deal:
    return visit().deal


def address_of(deal: Deal, plan: str = PLAN) -> str:
    return f"/deals/{deal.number}/plans/{plan}/derivation.json"


def strict(answer: Any) -> Any:
    """Read the answer as a program would that takes no NaN."""

    def refuse(word: str) -> None:
        raise AssertionError(word)

    assert answer["Content-Type"] == "application/json"
    return json.loads(answer.content, parse_constant=refuse)


def leaves(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for node in nodes for each in (node, *leaves(node["inputs"]))]


# --- What it says -----------------------------------------------------------------------------


def test_every_derivation_of_the_page_is_there_with_its_value(client: Client, deal: Deal) -> None:
    told = strict(client.get(address_of(deal)))

    page = read_dom(
        client.get(address_of(deal).replace(".json", "/")).content.decode()
    ).text.replace(" ", "")
    nodes = leaves(told["derivations"])
    assert len(told["derivations"]) == 10
    assert len(nodes) > 50
    for node in nodes:
        assert node["label"].replace(" ", "") in page
        assert node["text"].replace(" ", "") in page


def test_flows_and_schedule_close(client: Client, deal: Deal) -> None:
    told = strict(client.get(address_of(deal)))

    extra = next(node for node in told["derivations"] if node["label"] == "比付全款多")
    assert -sum(flow["amount_fen"] for flow in told["cash_flows"]) == extra["value"]
    assert len(told["schedule"]) == told["term_months"] == 36
    assert told["schedule"][-1]["outstanding_fen"] == 0
    assert told["policy"]["rules"]
    assert {end["after_month"] for end in told["early_ends"]} >= {6, 12, 24}


def test_its_keys_are_the_ones_its_document_tells(client: Client, deal: Deal) -> None:
    document = text_of(DOCS / "derivations.md")

    keys = re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`.*?) \|", document, re.M)))

    assert list(strict(client.get(address_of(deal)))) == keys


def test_it_names_the_deal_and_nothing_of_the_customer(client: Client, deal: Deal) -> None:
    answer = client.get(address_of(deal))

    told = strict(answer)
    assert (told["deal"], told["product_version_id"]) == (deal.number, "11")
    assert deal.call_name not in answer.content.decode()


def test_the_page_leads_to_it(client: Client, deal: Deal) -> None:
    page = read_dom(client.get(address_of(deal).replace(".json", "/")).content.decode())

    assert page.all("href", address_of(deal))


# --- What it refuses --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "plan", ["99/36/5000000", "11/7/5000000", "11/36/0", f"11/36/{10**30}", "11/0/0"]
)
def test_a_plan_that_cannot_be_says_which_entry_and_why(
    client: Client, deal: Deal, plan: str
) -> None:
    answer = client.get(address_of(deal, plan))

    assert answer.status_code == 422
    told = strict(answer)
    assert told["field"]
    assert told["message"]


def test_a_need_without_a_price_says_so(client: Client, visit: Callable[..., NeedVersion]) -> None:
    answer = client.get(address_of(visit("想买辆新车").deal))

    assert answer.status_code == 409
    assert strict(answer)["field"] == "vehicle_price"


def test_it_is_only_read(client: Client, deal: Deal) -> None:
    assert client.post(address_of(deal)).status_code == 405


# --- Who sees it ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", READERS)
def test_who_may_read_the_page_may_read_the_record(
    deal: Deal, role: str, client_of: Callable[[User], Client], user_with: Callable[..., User]
) -> None:
    client = client_of(user_with(role))

    record = client.get(address_of(deal)).status_code

    assert record == client.get(address_of(deal).replace(".json", "/")).status_code
    assert record in {200, 404}


def test_the_deal_of_another_store_is_not_found(
    deal: Deal, client_of: Callable[[User], Client], organisation: Organisation
) -> None:
    neighbour = make_user(organisation, "advisor", store=make_store(organisation))

    assert client_of(neighbour).get(address_of(deal)).status_code == 404


def test_the_deal_of_another_organisation_is_not_found(
    deal: Deal, client_of: Callable[[User], Client], other_organisation: Organisation
) -> None:
    with acting_for(other_organisation.pk):
        stranger = make_user(other_organisation, "manager", store=make_store(other_organisation))

    assert client_of(stranger).get(address_of(deal)).status_code == 404


def test_an_administrator_of_the_system_does_not_read_deals(
    deal: Deal, client_of: Callable[[User], Client], user_with: Callable[..., User]
) -> None:
    assert client_of(user_with("administrator")).get(address_of(deal)).status_code == 403


def test_without_signing_in_there_is_nothing_to_see(deal: Deal) -> None:
    answer = Client().get(address_of(deal))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_it_asks_the_database_no_more_often_than_the_page(client: Client, deal: Deal) -> None:
    page = address_of(deal).replace(".json", "/")
    queries_of(client, page)

    assert queries_of(client, address_of(deal)) <= queries_of(client, page)
