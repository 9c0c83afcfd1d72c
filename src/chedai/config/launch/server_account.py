"""Which account runs the database server: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chedai.config.launch.refusal import LaunchRefusedError

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class ServerAccount:
    """The account of the server; `is_ours` when it is simply whoever started us."""

    name: str
    uid: int
    gid: int
    is_ours: bool

    @property
    def as_this_account(self) -> dict[str, Any]:
        """Arguments for `subprocess` that make the child run as this account."""
        if self.is_ours:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def may_read(self, path: Path) -> bool:
        if self.is_ours:
            return os.access(path, os.R_OK)
        answer = subprocess.run(
            ["/bin/sh", "-c", 'test -r "$1"', "sh", str(path)],
            cwd="/",
            check=False,
            **self.as_this_account,
        )
        return answer.returncode == 0

    def make_private_folder(self, folder: Path) -> None:
        """Make a folder that only this account (and root) may enter."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.is_ours:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)


def choose_account() -> ServerAccount:
    """Choose ourselves, or for root the first system account that fits.

    Raises
    ------
    LaunchRefusedError
        We are root and the machine has neither of the accounts.
    """
    if os.geteuid() != 0:
        return ServerAccount(name="", uid=os.geteuid(), gid=os.getegid(), is_ours=True)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerAccount(name=name, uid=entry.pw_uid, gid=entry.pw_gid, is_ours=False)
    raise LaunchRefusedError(
        "PostgreSQL 不能以 root 运行，而本机没有 postgres 或 nobody 账号。"
        "请以普通用户运行，或设置 DATABASE_URL 使用已有的数据库。",
        english="PostgreSQL does not run as root and this machine has no account postgres or "
        "nobody: run as an ordinary user, or set DATABASE_URL.",
    )
