"""Secrets of one installation: generated once, kept in a file only its owner may read."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path
from typing import Final

from chedai.config.launch.refusal import LaunchRefusedError

OWNER_PASSWORD: Final = "CHEDAI_OWNER_PASSWORD"  # noqa: S105 - the name, not the secret
APP_PASSWORD: Final = "CHEDAI_APP_PASSWORD"  # noqa: S105
SECRET_KEY: Final = "CHEDAI_SECRET_KEY"  # noqa: S105
MASTER_KEYS: Final = "CHEDAI_MASTER_KEYS"
NAMES: Final = (OWNER_PASSWORD, APP_PASSWORD, SECRET_KEY, MASTER_KEYS)

MASTER_KEY_BYTES: Final = 32
HEADER: Final = (
    "# 车贷的密钥：丢失后已加密的资料无法恢复，请与数据库一起备份，不要放进代码库。\n"
    "# Keys of Chedai: back up with the database; without them sealed fields stay sealed.\n"
)


def read_keys(file: Path) -> dict[str, str]:
    """Read the file; empty when there is none."""
    if not file.exists():
        return {}
    lines = file.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def keep_keys(file: Path, *, is_new_installation: bool) -> dict[str, str]:
    """Read the keys, generating those that a new installation lacks.

    Raises
    ------
    LaunchRefusedError
        The database is there but its keys are gone: new ones could not open what the old sealed.
    """
    kept = read_keys(file)
    missing = [name for name in NAMES if name not in kept]
    if not missing:
        return kept
    if not is_new_installation:
        raise LaunchRefusedError(
            f"数据库还在，但密钥文件 {file} 缺失或不完整。请从备份恢复该文件；"
            "没有它，已加密的资料无法打开。",
            english=f"The database is there but {file} is missing or incomplete: restore it "
            "from your backup.",
        )
    fresh = {**_generate(), **kept}
    _write(file, fresh)
    return fresh


def _generate() -> dict[str, str]:
    master_key = base64.b64encode(secrets.token_bytes(MASTER_KEY_BYTES)).decode("ascii")
    return {
        OWNER_PASSWORD: secrets.token_urlsafe(24),
        APP_PASSWORD: secrets.token_urlsafe(24),
        SECRET_KEY: secrets.token_urlsafe(48),
        MASTER_KEYS: f"1:{master_key}",
    }


def _write(file: Path, keys: dict[str, str]) -> None:
    """Write under another name first: a killed launcher leaves either no keys or all of them."""
    unfinished = file.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(HEADER)
        stream.writelines(f"{name}={value}\n" for name, value in keys.items())
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.rename(file)
