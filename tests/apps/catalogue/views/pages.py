"""What the tests of the catalogue's pages share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from chedai.catalogue.models import (
    ProductVersion,
)
from chedai.staff.models import User

Make = Callable[..., ProductVersion]
SignIn = Callable[[User], Client]
READERS = ("front_desk", "advisor", "reviewer", "back_office", "manager", "compliance")


def page_of(client: Client, name: str, **kwargs: Any) -> Any:
    return client.get(reverse(f"catalogue:{name}", kwargs=kwargs))


def text_of(response: Any) -> str:
    return str(response.content.decode())
