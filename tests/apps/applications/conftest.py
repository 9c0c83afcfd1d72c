from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.apps.applications.lending import Lending, make_lending
from tests.factories import MOMENT
from tests.lenders.packs import World, make_world, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from chedai.reception.models import NeedVersion
    from chedai.staff.models import User


@pytest.fixture
def lenders(tmp_path: Path) -> Iterator[World]:
    world = make_world(tmp_path)
    world.clock.at = MOMENT
    with serving(world) as served:
        yield served


@pytest.fixture
def lending(
    still_clock: None,
    visit: Callable[..., NeedVersion],
    advisor: User,
    lenders: World,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Lending:
    """A deal with a need, and one lender that answers."""
    from tests.apps.showroom import put_on_sale, three_products
    from tests.lenders.packs import ROOT

    own = [
        replace(product, terms=replace(product.terms, lender_code="xinghe"))
        for product in three_products()
    ]
    put_on_sale(monkeypatch, own)
    settings.CHEDAI_SANDBOX_URL = lenders.url
    settings.CHEDAI_SANDBOX_SECRET = ROOT.decode()
    return make_lending(visit().deal, advisor, lenders)
