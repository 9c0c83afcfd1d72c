"""The environment of every process that runs Django."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

# In a data folder that once held the demo world: its sign-ins are public.
DEMO_MARKER: Final = "demo-world"


def child_environment(
    variables: Mapping[str, str], *, checkout: Path, is_demo: bool
) -> dict[str, str]:
    """Give the environment of every process that runs Django."""
    source = str(checkout / "src")
    others = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    return {
        **os.environ,
        **variables,
        "DJANGO_SETTINGS_MODULE": "chedai.config.settings",
        "PYTHONPATH": os.pathsep.join(dict.fromkeys([source, *others])),
        "PYTHONUNBUFFERED": "1",
        **({"CHEDAI_DEMO": "1"} if is_demo else {}),
    }
