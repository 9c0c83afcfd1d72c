"""One way to answer with a page: whole, or a block of it, which is the same text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.template import engines
from jinja2 import StrictUndefined, UndefinedError

from chedai.web.jinja import url

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from chedai.deals.models import Deal
    from chedai.reception.models import NeedVersion
    from chedai.staff.models import User


@pytest.fixture
def client(client_of: Callable[[User], Client], advisor: User) -> Client:
    return client_of(advisor)


@pytest.fixture
def deal(on_sale: None, visit: Callable[..., NeedVersion]) -> Deal:
    return visit().deal


def without_tokens(html: str) -> str:
    """Leave out what is new in every answer."""
    return re.sub(r'(csrfmiddlewaretoken" value=)"[^"]*"', r"\1", html).strip()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/deals/", "/deals/{}/need/", "/deals/{}/desk/"])
def test_a_block_is_the_same_text_as_in_the_whole_page(
    client: Client, deal: Deal, address: str
) -> None:
    address = address.format(deal.number)

    whole = client.get(address).content.decode()
    block = client.get(address, headers={"HX-Request": "true"}).content.decode()

    assert "<html" in whole
    assert "<html" not in block
    assert without_tokens(block) in without_tokens(whole)


def test_a_name_nobody_gave_a_template_is_an_error() -> None:
    env: Any = engines["jinja2"].env  # type: ignore[attr-defined]

    assert env.undefined is StrictUndefined
    with pytest.raises(UndefinedError, match="nobody_gave_it"):
        env.from_string("{% if nobody_gave_it %}{% endif %}").render()


def test_templates_escape_what_they_are_given() -> None:
    env: Any = engines["jinja2"].env  # type: ignore[attr-defined]

    written = env.from_string("{{ said }}").render(said="<b>&\"'")

    assert written == "&lt;b&gt;&amp;&#34;&#39;"


@pytest.mark.parametrize(
    ("name", "parts", "address"),
    [
        ("home", {}, "/"),
        ("reception:need", {"deal_number": "D000001"}, "/deals/D000001/need/"),
        (
            "reception:deal_list",
            {"query": {"after": "a=", "q": "王 & 李"}},
            "/deals/?after=a%3D&q=%E7%8E%8B+%26+%E6%9D%8E",
        ),
    ],
)
def test_an_address_is_written_with_its_query_quoted(
    name: str, parts: dict[str, Any], address: str
) -> None:
    assert url(name, **parts) == address
