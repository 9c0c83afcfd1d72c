from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.lenders.packs import World, make_world, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with serving(make_world(tmp_path)) as served:
        yield served
