"""Cheap suites first: a mistake in the arithmetic shows before a browser is started."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

TESTS = Path(__file__).parent
EARLIEST = ("core", "policy", "portfolio", "needs", "documents", "lenders", "house", "catalogue")
LATEST = ("apps", "launch", "journeys")


def rank(path: Path) -> int:
    """Place a test file; a suite that is not listed comes between the cheap and the dear."""
    suite = path.relative_to(TESTS).parts[0] if path.is_relative_to(TESTS) else ""
    if suite in EARLIEST:
        return EARLIEST.index(suite)
    if suite in LATEST:
        return len(EARLIEST) + 1 + LATEST.index(suite)
    return len(EARLIEST)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: rank(item.path))
