import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[2] / "src"
LOOK = """
import sys, threading
import chedai.config.wsgi
print("chedai.planning.views" in sys.modules, "numba" in sys.modules)
print([thread.name for thread in threading.enumerate()][1:])
"""


def look(**variables: str) -> list[str]:
    """Say what a web process holds once it may be asked."""
    environment = {name: text for name, text in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    answer = subprocess.run(
        [sys.executable, "-W", "error", "-c", LOOK],
        env={
            **environment,
            "PYTHONPATH": str(SOURCES),
            "CHEDAI_DEMO": "1",
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
            **variables,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout.splitlines()


def test_every_view_is_imported_before_the_first_request_and_no_compiler_is() -> None:
    assert look() == ["True False", "[]"]


@pytest.mark.parametrize("folder", ["missing", "a-file"])
def test_a_folder_without_a_kernel_keeps_nobody_from_serving(tmp_path: Path, folder: str) -> None:
    (tmp_path / "a-file").write_text("no folder", encoding="utf-8")

    told = look(NUMBA_CACHE_DIR=str(tmp_path / folder))

    assert told == ["True False", "['quote-kernel']"]
