"""Reading the golden numbers."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "vectors" / "loans"


def read(name: str) -> dict[str, Any]:
    """Return one file of golden numbers; every file names its source."""
    numbers: dict[str, Any] = json.loads((FOLDER / name).read_text("utf-8"))
    return numbers


def vectors(name: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = read(name)["vectors"]
    return listed
