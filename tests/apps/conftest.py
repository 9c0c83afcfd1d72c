"""A day that stands still, products on sale, and a customer who has just said a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from tests.factories import MOMENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from chedai.reception.models import NeedVersion
    from chedai.staff.models import Organisation, Store, User

SENTENCE = "首付5万，月供别超过3500，想买个15万的SUV，打算两年提前还"


@pytest.fixture
def still_clock(settings: Any) -> None:
    settings.CHEDAI_CLOCK_FIXED_AT = MOMENT.isoformat()


@pytest.fixture
def on_sale(still_clock: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three products on sale."""
    from tests.apps.showroom import put_on_sale, three_products

    put_on_sale(monkeypatch, three_products())


@pytest.fixture
def visit(acting: Organisation, store: Store, advisor: User) -> Callable[..., NeedVersion]:
    """Open a visit of the advisor's store."""
    from chedai.reception.operations import open_visit

    def open_it(sentence: str = SENTENCE, **changes: Any) -> NeedVersion:
        defaults = {
            "store": store,
            "advisor": advisor,
            "call_name": "陈先生",
            "form_key": uuid4(),
            "opened_at": MOMENT,
        }
        return open_visit(sentence=sentence, **{**defaults, **changes})

    return open_it
