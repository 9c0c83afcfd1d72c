"""The adapter of a connection: its address, its secret, the network, the clock."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import lru_cache

import httpx
from django.conf import settings

from chedai.applications.models import LenderConnection
from chedai.lenders.port import LenderAdapter
from chedai.lenders.registry import CHANNELS, SANDBOX, sandbox_address, sandbox_secret
from chedai.privacy.operations import reveal
from chedai.web import clock


class LenderUnreachableError(Exception):
    """The connection names the sandbox, and this installation has none running."""


@lru_cache(maxsize=1)
def network() -> httpx.Client:
    """Give the one pool of connections of this process."""
    return httpx.Client(timeout=10.0, trust_env=False, follow_redirects=False)


def adapter_of(connection: LenderConnection, *, at: datetime) -> LenderAdapter:
    """Open the adapter of one connection; ``LenderUnreachableError`` without a sandbox."""
    address, secret = _address_and_secret(connection, at=at)
    return CHANNELS[connection.channel](
        base_url=address,
        secret=secret,
        client=network(),
        clock=clock.now,
        nonce=lambda: secrets.token_hex(16),
    )


def _address_and_secret(connection: LenderConnection, *, at: datetime) -> tuple[str, bytes]:
    code = connection.lender.code
    if connection.base_url == SANDBOX:
        url, root = settings.CHEDAI_SANDBOX_URL, settings.CHEDAI_SANDBOX_SECRET
        if not (url and root):
            msg = "资金方沙盒没有启动：用 make run 启动演示世界，或把资金方改接到真实地址"
            raise LenderUnreachableError(msg)
        return sandbox_address(code, sandbox_url=url), sandbox_secret(code, root=root)
    plain = reveal(
        connection.secret,
        reason="与资金方互相签名",
        subject_type="lender",
        subject_id=code,
        revealed_by=None,
        revealed_at=at,
    )
    return connection.base_url, plain.encode()
