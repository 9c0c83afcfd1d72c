"""Appending to the chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import connection, transaction

from chedai.audit.models import AuditCheckpoint

APPEND = "SELECT audit_append(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb)"


class Actor(Protocol):
    """Whoever acts: a user of ours, seen from below."""

    @property
    def pk(self) -> Any:
        """Give the number of the row."""

    def get_username(self) -> str:
        """Give the name it signs in with."""


def record(
    *,
    organisation_id: int,
    actor: Actor | None,
    action: str,
    subject_type: str,
    subject_id: object,
    at: datetime,
    before: object = None,
    after: object = None,
    detail: Mapping[str, Any] | None = None,
) -> int:
    """Append one event to the organisation's chain, in the caller's transaction.

    Only digests of ``before`` and ``after`` are kept, so they may hold anything JSON
    can; ``detail`` is kept as it is and must hold nothing personal. If the
    transaction is rolled back, the event never was.

    Parameters
    ----------
    actor
        The user who acts; None when the system does.
    action
        ``subject.verb``, for example ``deal.open``.

    Returns
    -------
    int
        The event's id.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            APPEND,
            [
                organisation_id,
                at,
                None if actor is None else actor.pk,
                "系统" if actor is None else actor.get_username(),
                action,
                subject_type,
                str(subject_id),
                digest_of(before),
                digest_of(after),
                json.dumps(dict(detail or {}), ensure_ascii=False),
            ],
        )
        row = cursor.fetchone()
    return int(row[0])


def digest_of(content: object) -> bytes | None:
    """SHA-256 of the content as canonical JSON; None stays None."""
    if content is None:
        return None
    text = json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    )
    return hashlib.sha256(text.encode()).digest()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """All heads of an organisation at one moment; keep the digest outside of the database."""

    organisation_id: int
    number: int
    at: datetime
    digest: str


@transaction.atomic
def take_checkpoint(*, organisation_id: int, at: datetime) -> Checkpoint:
    """Fix all heads of the organisation's chain in one digest.

    Returns
    -------
    Checkpoint
        To be printed and kept elsewhere: ``manage.py audit_verify --kept <digest>``
        finds out a chain that was cut short and patched up since.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_take_checkpoint(%s, %s)", [organisation_id, at])
        row = cursor.fetchone()
    point = AuditCheckpoint.objects.get(pk=row[0])
    return Checkpoint(organisation_id, point.number, point.at, bytes(point.digest).hex())
