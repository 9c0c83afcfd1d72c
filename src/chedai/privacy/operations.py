"""Seeing what is sealed, and changing the keys."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from chedai.audit.operations import record
from chedai.privacy.sealed import Sealed, unseal
from chedai.staff.models import User


class ReasonMissingError(Exception):
    """Nobody sees a sealed value without saying why."""


@transaction.atomic
def reveal(
    sealed: Sealed,
    *,
    reason: str,
    subject_type: str,
    subject_id: object,
    revealed_by: User | None,
    revealed_at: datetime,
) -> str:
    """Give the plain text of a sealed value and record who saw it and why.

    Parameters
    ----------
    subject_type, subject_id
        Whose value it is, for the audit event: ``"deal"`` and its number.
    revealed_by
        None when the system itself needs it, for a print or a lender.

    Raises
    ------
    ReasonMissingError
        The reason is empty.
    """
    if not reason.strip():
        msg = "查看完整信息要写明用途,例如「与客户核对手机号」"
        raise ReasonMissingError(msg)
    record(
        organisation_id=sealed.organisation_id,
        actor=revealed_by,
        action="privacy.reveal",
        subject_type=subject_type,
        subject_id=subject_id,
        detail={"place": sealed.place, "reason": reason.strip()},
        at=revealed_at,
    )
    return unseal(sealed)
