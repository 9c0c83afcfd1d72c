"""Acts of the flow that leave a trace of their own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from chedai.audit.operations import record
from chedai.staff.models import User


@transaction.atomic
def record_export(*, kind: str, what: str, rows: int, exported_by: User, at: datetime) -> None:
    """Note that somebody took a table out of the system."""
    record(
        organisation_id=exported_by.organisation_id,
        actor=exported_by,
        action="process.export",
        subject_type="process",
        subject_id=what,
        detail={"kind": kind, "rows": rows},
        at=at,
    )
