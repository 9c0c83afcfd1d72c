"""How a lender is reached: one line for each way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, Protocol

import httpx

from chedai.lenders.port import LenderAdapter
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
CHANNEL_LABELS: Final[Mapping[str, str]] = {"standard": "资金方接口（HTTP）"}
