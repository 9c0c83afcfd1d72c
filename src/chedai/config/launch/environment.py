"""The environment of every process that runs Django."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DemoMarker:
    """Says that a data folder holds the demo world, whose sign-ins are public, and which one."""

    folder: Path
    sources: Path | None = None

    @property
    def file(self) -> Path:
        return self.folder / "demo-world"

    @property
    def exists(self) -> bool:
        return self.file.exists()

    @property
    def is_loaded(self) -> bool:
        """Whether the world of these sources was told to its end."""
        return self.exists and self.file.read_text(encoding="ascii") == self._fingerprint()

    def begin(self) -> None:
        self.file.write_text("", encoding="ascii")

    def finish(self) -> None:
        self.file.write_text(self._fingerprint(), encoding="ascii")

    def forget(self) -> None:
        self.file.unlink(missing_ok=True)

    def _fingerprint(self) -> str:
        digest = hashlib.sha256()
        files = self.sources.rglob("*") if self.sources else ()
        for file in sorted(file for file in files if file.suffix in {".py", ".yaml", ".json"}):
            digest.update(file.name.encode() + file.read_bytes())
        return digest.hexdigest()


def child_environment(
    variables: Mapping[str, str], *, checkout: Path, kernel: Path, is_demo: bool
) -> dict[str, str]:
    """Give the environment of every process that runs Django.

    ``kernel`` is the folder of the quote kernel's machine code, unless the environment names one.
    """
    source = str(checkout / "src")
    others = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    return {
        "NUMBA_CACHE_DIR": str(kernel),
        **os.environ,
        **variables,
        "DJANGO_SETTINGS_MODULE": "chedai.config.settings",
        "PYTHONPATH": os.pathsep.join(dict.fromkeys([source, *others])),
        "PYTHONUNBUFFERED": "1",
        **({"CHEDAI_DEMO": "1"} if is_demo else {}),
    }
