"""How a lender is reached: one line for each way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, Protocol

import httpx

from chedai.lenders.port import Capabilities, LenderAdapter
from chedai.lenders.sandbox.personalities import PERSONALITIES, needs_of
from chedai.lenders.sandbox.secrets import secret_of
from chedai.lenders.standard.adapter import StandardAdapter


class Opened(Protocol):
    """Make an adapter for one lender at one address."""

    def __call__(
        self,
        *,
        base_url: str,
        secret: bytes,
        client: httpx.Client,
        clock: Callable[[], datetime],
        nonce: Callable[[], str],
    ) -> LenderAdapter:
        """Open one lender; nothing is sent yet."""


CHANNELS: Final[Mapping[str, Opened]] = {
    "standard": StandardAdapter,
}
SANDBOX: Final = "sandbox:"
CHANNEL_LABELS: Final[Mapping[str, str]] = {"standard": "资金方接口（HTTP）"}


def sandbox_address(lender: str, *, sandbox_url: str) -> str:
    """Give where one lender of the sandbox of this installation listens."""
    return f"{sandbox_url.rstrip('/')}/{lender}"


def sandbox_lenders() -> dict[str, Capabilities]:
    """Give the invented lenders and what each of them needs, as they would say themselves."""
    return {code: needs_of(mind) for code, mind in PERSONALITIES.items()}


def sandbox_secret(lender: str, *, root: str) -> bytes:
    """Give the secret shared with one lender of the sandbox."""
    return secret_of(root.encode(), lender)
