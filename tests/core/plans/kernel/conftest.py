import pytest
from tests.core.plans.compiled import compile_once


@pytest.fixture(autouse=True, scope="session")
def compiled_kernel() -> None:
    compile_once()
