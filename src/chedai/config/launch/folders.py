"""Where things lie: the checkout, and the folder with everything an installation must keep."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chedai.config.launch.refusal import LaunchRefusedError

ROOT_DATA_FOLDER: Final = Path("/var/lib/chedai")


@dataclass(frozen=True, slots=True)
class DataFolder:
    """What one installation keeps: database, keys, logs. Back up all of it."""

    path: Path

    @property
    def keys(self) -> Path:
        return self.path / "keys.env"

    @property
    def lock(self) -> Path:
        return self.path / "running.lock"

    @property
    def state(self) -> Path:
        return self.path / "running.json"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def kernel(self) -> Path:
        """Machine code of the quote kernel; may be deleted."""
        return self.path / "kernel"

    @property
    def sandbox(self) -> Path:
        """Memory of the lender sandbox of a demo world."""
        return self.path / "sandbox"

    def make(self) -> None:
        """Create the folder.

        Raises
        ------
        LaunchRefusedError
            It cannot be created or written.
        """
        try:
            self.path.mkdir(mode=0o755, parents=True, exist_ok=True)
            self.logs.mkdir(mode=0o700, exist_ok=True)
            (self.path / "write-check").write_bytes(b"")
            (self.path / "write-check").unlink()
        except OSError as error:
            raise LaunchRefusedError(
                f"无法写入数据目录 {self.path}（{error.strerror}）。"
                "请检查权限和磁盘空间，或用 CHEDAI_DATA_DIR 指定别的目录。",
                english=f"Cannot write to {self.path}: check permissions and disk space, or set "
                "CHEDAI_DATA_DIR.",
            ) from error


def checkout_folder() -> Path:
    return Path(__file__).resolve().parents[4]


def data_folder(checkout: Path) -> DataFolder:
    """Choose the folder: as told, or one of this checkout's own.

    Root's server runs as another account, which may be unable to enter root's home: its
    folder lies under /var/lib, named after the checkout so that several do not meet.
    """
    told = os.environ.get("CHEDAI_DATA_DIR")
    if told:
        return DataFolder(Path(told).expanduser().resolve())
    if os.geteuid() == 0:
        digest = hashlib.sha256(str(checkout).encode()).hexdigest()[:8]
        return DataFolder(ROOT_DATA_FOLDER / f"{checkout.name}-{digest}")
    return DataFolder(checkout / ".data")
