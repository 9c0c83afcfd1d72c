"""What a chapter of the demo world is handed, and the two organisations it is about."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from chedai.staff.models import Organisation, User

PASSWORD: Final = "linjiang-demo-2026"  # noqa: S105 - printed on purpose
PACKS: Final = Path(__file__).parent / "packs"
GROUP_CODE: Final = "linjiang"
BROKER_CODE: Final = "duxing"
# Names of things that are made once, however often the demo is loaded.
NAMES: Final = uuid.UUID("5b0f3c1e-6f0b-4f52-9a55-3d3d0f6b7c11")


@dataclass(frozen=True)
class World:
    """One loading of the demo world: its moment, and where it says what it does."""

    now: datetime
    say: Callable[[str], None]


def key_of(*parts: object) -> uuid.UUID:
    """Give the form key of a thing of the demo, the same at every loading."""
    return uuid.uuid5(NAMES, "/".join(map(str, parts)))


def organisation_of(code: str) -> Organisation:
    """Find an organisation of the demo; call inside ``directory_window`` or acting for it."""
    return Organisation.objects.get(code=code)


def person(username: str) -> User:
    """Find a person of the organisation acted for."""
    return User.objects.select_related("organisation", "store").get(username=username)
