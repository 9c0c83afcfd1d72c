"""Jobs of the flow: send what is in the outbox, ask lenders what happened."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from procrastinate.contrib.django import app

from chedai.applications.models import LenderConnection, Submission
from chedai.applications.operations.deliveries import deliver, take_in
from chedai.applications.queries.adapters import LenderUnreachableError, adapter_of
from chedai.applications.queries.outbox import due_messages, submissions_to_ask_about
from chedai.lenders.port import (
    AnswerUnreadableError,
    LenderAdapter,
    LenderUnavailableError,
    UnknownApplicationError,
)
from chedai.staff.isolation import runs_for_organisation
from chedai.staff.queries import organisation_ids
from chedai.web import clock

logger = logging.getLogger("chedai.lenders")
ASK_AFTER: Final = timedelta(minutes=2)


@app.task(queue="lenders", pass_context=False)
@runs_for_organisation
def deliver_message(*, organisation_id: int, message_id: int) -> bool:  # noqa: ARG001
    """Send one message; sent again by the sweep if it did not count."""
    return _deliver(message_id)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="lender_sweep", pass_context=False)
def sweep_lenders(timestamp: int) -> None:  # noqa: ARG001 - the moment is the clock's
    """Send what is due, ask about what is silent: whoever died in between loses nothing."""
    for organisation_id in organisation_ids():
        sweep_organisation(organisation_id=organisation_id)


@runs_for_organisation
def sweep_organisation(*, organisation_id: int) -> int:
    """Sweep one organisation; how many messages counted."""
    now = clock.now()
    sent = sum(_deliver(pk) for pk in due_messages(organisation_id=organisation_id, at=now))
    silent_since = now - ASK_AFTER
    for submission in submissions_to_ask_about(
        organisation_id=organisation_id, silent_since=silent_since
    ):
        ask_about(submission)
    return sent


def ask_about(submission: Submission) -> int:
    """Ask the lender what happened; silence is no news."""
    try:
        status = _open(submission.connection).status(submission.reference)
    except (
        AnswerUnreadableError,
        LenderUnavailableError,
        LenderUnreachableError,
        UnknownApplicationError,
    ) as error:
        logger.warning("asking about %s: %s", submission.reference, error)
        return 0
    return take_in(submission=submission, events=status.events, by="poll", at=clock.now())


def _deliver(message_id: int) -> bool:
    try:
        return deliver(message_id=message_id, open_adapter=_open, clock=clock.now)
    except LenderUnreachableError as error:
        logger.warning("message %s: %s", message_id, error)
        return False


def _open(connection: LenderConnection) -> LenderAdapter:
    return adapter_of(connection, at=clock.now())
