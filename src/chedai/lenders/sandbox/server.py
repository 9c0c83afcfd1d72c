"""The sandbox as a process: one folder for its memory, one thread that tells what happened."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import httpx

from chedai.lenders.sandbox.app import SandboxApplication
from chedai.lenders.sandbox.callbacks import CallbackPump
from chedai.lenders.sandbox.lender import SandboxLender
from chedai.lenders.sandbox.personalities import PERSONALITIES
from chedai.lenders.sandbox.secrets import secret_of
from chedai.lenders.sandbox.store import Store

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
TURN_SECONDS: Final = 0.3
CALLBACK_TIMEOUT_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class SandboxWishes:
    """What the sandbox is started with. ``callback`` holds ``{lender}``; empty = tell nobody."""

    folder: Path
    secret: bytes
    callback: str = ""
    seed: int = 1
    speed: float = 60.0


def wishes_from_environment() -> SandboxWishes:
    """Read ``CHEDAI_SANDBOX_*``."""
    told = os.environ
    return SandboxWishes(
        folder=Path(told["CHEDAI_SANDBOX_DIR"]),
        secret=told["CHEDAI_SANDBOX_SECRET"].encode(),
        callback=told.get("CHEDAI_SANDBOX_CALLBACK", ""),
        seed=int(told.get("CHEDAI_SANDBOX_SEED", "1")),
        speed=float(told.get("CHEDAI_SANDBOX_SPEED", "60")),
    )


def now() -> datetime:
    """Ask the time: the sandbox is a server of its own, with a clock of its own."""
    return datetime.fromtimestamp(time.time(), tz=SHANGHAI)


def application(wishes: SandboxWishes) -> SandboxApplication:
    """Open the memory and put the lenders behind their addresses."""
    store = Store(wishes.folder / "lenders.sqlite3")
    lenders = {
        code: SandboxLender(
            code=code,
            personality=personality,
            store=store,
            seed=wishes.seed,
            speed=wishes.speed,
            clock=now,
        )
        for code, personality in PERSONALITIES.items()
    }
    return SandboxApplication(
        lenders=lenders,
        store=store,
        secret_of=lambda code: secret_of(wishes.secret, code),
        clock=now,
    )


def start_telling(sandbox: SandboxApplication, wishes: SandboxWishes) -> None:
    """Start the thread that sends callbacks, if anybody is to be told."""
    if not wishes.callback:
        return
    pump = CallbackPump(
        store=sandbox.store,
        address_of=lambda code: wishes.callback.format(lender=code),
        secret_of=sandbox.secret_of,
        clock=now,
        client=httpx.Client(timeout=CALLBACK_TIMEOUT_SECONDS),
    )

    def turn_for_ever() -> None:
        while True:
            pump.turn()
            time.sleep(TURN_SECONDS)

    threading.Thread(target=turn_for_ever, name="callbacks", daemon=True).start()
