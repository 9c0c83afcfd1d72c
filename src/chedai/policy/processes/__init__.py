"""Process definitions as shipped: one YAML file a version, never edited after it was used."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

SHIPPED: Final = Path(__file__).parent
#: The definition a new organisation begins with.
DEFAULT: Final = "car_loan_1"


@cache
def shipped_text(name: str = DEFAULT) -> str:
    """Give the text of a shipped definition by the name of its file."""
    return (SHIPPED / f"{name}.yaml").read_text("utf-8")


def shipped_names() -> tuple[str, ...]:
    """Name every shipped definition."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.yaml")))
