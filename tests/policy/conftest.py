from __future__ import annotations

import pytest

from chedai.policy.book import PolicyBook


@pytest.fixture(scope="session")
def book() -> PolicyBook:
    return PolicyBook.load()
