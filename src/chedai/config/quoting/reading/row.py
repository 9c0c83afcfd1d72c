from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chedai.config.quoting.faults import Fault


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line (CSV) or number (JSON), its entries by column, and itself as it came."""

    line: int
    cells: dict[str, str]
    faults: tuple[Fault, ...]
    original: Any
