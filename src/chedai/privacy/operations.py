"""Seeing what is sealed, and changing the keys."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction

from chedai.audit.operations import record
from chedai.privacy.fields import EncryptedTextField
from chedai.privacy.keys import current_version
from chedai.privacy.queries import sealed_before
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
        msg = "查看完整信息要写明用途，例如「与客户核对手机号」"
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


@transaction.atomic
def reseal_batch(
    *,
    organisation_id: int,
    model: type[models.Model],
    field: EncryptedTextField,
    rotated_at: datetime,
    batch_rows: int = 500,
) -> int:
    """Seal a batch of values anew under the current key; interrupted, it goes on later.

    Rows another process holds are left for the next batch.

    Returns
    -------
    int
        How many values were sealed anew; 0 when none is left.
    """
    version = current_version()
    held = (
        sealed_before(model, field, version=version)
        .order_by("pk")
        .select_for_update(skip_locked=True, of=("self",))
        .values_list("pk", field.attname)[:batch_rows]
    )
    count = 0
    for pk, sealed in held:
        model._base_manager.filter(pk=pk).update(**{field.attname: unseal(sealed)})
        count += 1
    if count:
        record(
            organisation_id=organisation_id,
            actor=None,
            action="privacy.rotate",
            subject_type="key",
            subject_id=version,
            detail={"place": field.place, "count": count},
            at=rotated_at,
        )
    return count
