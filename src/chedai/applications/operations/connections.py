"""Reaching a lender: registering where, and asking what it needs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import transaction

from chedai.applications.models import LenderConnection
from chedai.audit.operations import record
from chedai.catalogue.models import Lender
from chedai.lenders.port import Capabilities, LenderAdapter
from chedai.lenders.registry import CHANNELS, SANDBOX
from chedai.staff.models import User

SECRET_CHARS_MIN: Final = 32


class WayRefusedError(ValueError):
    """The way to the lender is not one that can be used; the message says what to write."""


@transaction.atomic
def connect_lender(
    *,
    lender: Lender,
    channel: str,
    base_url: str,
    secret: str = "",
    registered_by: User,
    registered_at: datetime,
) -> LenderConnection:
    """List a lender as one that may be sent to; again changes its address and secret.

    Raises
    ------
    WayRefusedError
        Unknown channel, an address that is not encrypted, a secret that is too short.
    """
    if channel not in CHANNELS:
        raise WayRefusedError("没有这种连接方式")
    if base_url != SANDBOX:
        if not base_url.startswith("https://"):
            raise WayRefusedError("地址要以 https:// 开头；练习请填 sandbox:")
        if len(secret) < SECRET_CHARS_MIN:
            raise WayRefusedError(f"共用密钥至少 {SECRET_CHARS_MIN} 个字符")
    connection, _ = LenderConnection.objects.update_or_create(
        lender=lender,
        defaults={
            "organisation_id": lender.organisation_id,
            "channel": channel,
            "base_url": base_url,
            "registered_at": registered_at,
            "registered_by": registered_by,
            "failures_in_a_row": 0,
            "resting_until": None,
        },
    )
    if secret:
        connection.secret = secret
        connection.save(update_fields=["secret"])
    record(
        organisation_id=lender.organisation_id,
        actor=registered_by,
        action="lender.connect",
        subject_type="lender",
        subject_id=lender.code,
        after={"channel": channel, "base_url": base_url},
        at=registered_at,
    )
    return connection


def keep_needs(*, connection: LenderConnection, needs: Capabilities) -> LenderConnection:
    """Keep what the lender said it needs."""
    connection.capabilities = json.loads(needs.model_dump_json())
    connection.save(update_fields=["capabilities"])
    return connection


def ask_for_needs(
    *, connection: LenderConnection, open_adapter: Callable[[LenderConnection], LenderAdapter]
) -> LenderConnection:
    """Ask the lender what it needs and keep the answer; its silence is the adapter's error."""
    return keep_needs(connection=connection, needs=open_adapter(connection).capabilities())
