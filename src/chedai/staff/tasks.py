"""Jobs of the ground: the day's checkpoint of every audit chain."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from procrastinate.contrib.django import app

from chedai.audit.operations import take_checkpoint
from chedai.staff.isolation import runs_for_organisation
from chedai.staff.queries import organisation_ids

logger = logging.getLogger("chedai.audit")


@app.periodic(cron="50 15 * * *")  # 23:50 in Shanghai
@app.task(queueing_lock="audit_checkpoints", pass_context=False)
def checkpoint_every_chain(timestamp: int) -> None:
    """Take a checkpoint of every organisation's chain; the digests go to the log, too."""
    at = datetime.fromtimestamp(timestamp, tz=UTC)
    for organisation_id in organisation_ids():
        checkpoint_chain(organisation_id=organisation_id, at=at)


@runs_for_organisation
def checkpoint_chain(*, organisation_id: int, at: datetime) -> str:
    """Take one; the log leaves the database, so a digest in it is kept elsewhere."""
    point = take_checkpoint(organisation_id=organisation_id, at=at)
    logger.info("audit checkpoint %s/%s %s", organisation_id, point.number, point.digest)
    return point.digest
