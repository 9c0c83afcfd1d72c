"""Sending what is in the outbox, and taking in what lenders say happened."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction

from chedai.applications.models import (
    CallbackNonce,
    LenderConnection,
    OutboxMessage,
    Submission,
    SubmissionEvent,
)
from chedai.audit.operations import record
from chedai.lenders.port import (
    REPLAY_WINDOW_SECONDS,
    AnswerUnreadableError,
    Application,
    ApplicationConflictError,
    Document,
    LenderAdapter,
    LenderEvent,
    LenderUnavailableError,
    PackRefusedError,
    StipulationAnswer,
    UnknownApplicationError,
)
from chedai.privacy.operations import reveal

TRIES_MAX: Final = 12
BACK_OFF_SECONDS: Final = (5, 15, 45, 120, 300, 900, 1_800, 3_600)
# While one process sends, no other does; one that died is taken over after this.
LEASE_SECONDS: Final = 60
BREAKER_AFTER: Final = 5
REST_SECONDS: Final = 300
TROUBLE_CHARS_MAX: Final = 300
FINAL: Final = (
    AnswerUnreadableError,
    ApplicationConflictError,
    PackRefusedError,
    UnknownApplicationError,
)
Opener = Callable[[LenderConnection], LenderAdapter]


class ReplayedCallbackError(Exception):
    """A signature that was seen before."""


def deliver(*, message_id: int, open_adapter: Opener, clock: Callable[[], datetime]) -> bool:
    """Try to send one message; True when it counted, now or before.

    Whatever happens between the two transactions, the message stays due and is sent again with
    the same key: at the lender it counts once.
    """
    message = _leased(message_id, at=clock())
    if message is None:
        return OutboxMessage.objects.filter(pk=message_id, done_at__isnull=False).exists()
    submission = message.submission
    try:
        adapter = open_adapter(submission.connection)
        events = _send(adapter, message, at=clock())
    except LenderUnavailableError as error:
        _put_off(message, str(error), at=clock())
        return False
    except FINAL as error:
        _give_up(message, str(error), at=clock())
        return False
    _done(message, events, at=clock())
    return True


def take_in(*, submission: Submission, events: Iterable[LenderEvent], by: str, at: datetime) -> int:
    """Keep what happened at the lender, each event once; how many were new.

    An event may come twice, late, or before an earlier one: order is the lender's own numbering.
    """
    with transaction.atomic():
        locked = Submission.objects.select_for_update().get(pk=submission.pk)
        known = set(
            SubmissionEvent.objects.filter(submission=locked).values_list("sequence", flat=True)
        )
        fresh = [event for event in events if event.sequence not in known]
        for event in fresh:
            _keep(locked, event, by=by, at=at)
    return len(fresh)


@transaction.atomic
def take_callback(
    *,
    connection: LenderConnection,
    submission: Submission,
    event: LenderEvent,
    nonce: str,
    at: datetime,
) -> int:
    """Take one signed callback in.

    Raises
    ------
    ReplayedCallbackError
        Its signature was used before.
    """
    try:
        with transaction.atomic():
            CallbackNonce.objects.create(
                organisation_id=connection.organisation_id,
                connection=connection,
                nonce=nonce,
                seen_at=at,
            )
    except IntegrityError as error:
        raise ReplayedCallbackError("这条通知的签名用过了") from error
    limit = at - timedelta(seconds=2 * REPLAY_WINDOW_SECONDS)
    CallbackNonce.objects.filter(connection=connection, seen_at__lt=limit).delete()
    return take_in(submission=submission, events=[event], by="callback", at=at)


def _leased(message_id: int, *, at: datetime) -> OutboxMessage | None:
    """Take the message for a minute, or None: done, given up, not due, or another has it."""
    with transaction.atomic():
        message = (
            OutboxMessage.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("submission__connection__lender", "submission__deal")
            .filter(
                pk=message_id, done_at__isnull=True, given_up_at__isnull=True, next_try_at__lte=at
            )
            .first()
        )
        if message is None:
            return None
        resting = message.submission.connection.resting_until
        if resting is not None and resting > at:
            message.next_try_at = resting
            message.save(update_fields=["next_try_at"])
            return None
        message.tries += 1
        message.next_try_at = at + timedelta(seconds=LEASE_SECONDS)
        message.save(update_fields=["tries", "next_try_at"])
    return message


def _send(adapter: LenderAdapter, message: OutboxMessage, *, at: datetime) -> list[LenderEvent]:
    """Say it; what the lender answers is taken as what happened so far."""
    submission, key = message.submission, message.key
    reference = submission.reference
    if message.act == OutboxMessage.Act.SUBMIT:
        adapter.submit(_application(submission, at=at), key=key)
        return list(adapter.status(reference).events)
    if message.act == OutboxMessage.Act.ANSWER:
        paper = Document(type=message.body["type"], sha256=message.body["sha256"])
        answer = StipulationAnswer(code=message.body["code"], documents=(paper,))
        return list(adapter.answer(reference, answer, key=key).events)
    steps: Mapping[str, Callable[..., Any]] = {
        "accept": adapter.accept,
        "confirm_disclosure": adapter.confirm_disclosure,
        "confirm_signing": adapter.confirm_signing,
        "withdraw": adapter.withdraw,
    }
    return list(steps[message.act](reference, key=key).events)


def _application(submission: Submission, *, at: datetime) -> Application:
    plain = reveal(
        submission.pack,
        reason="发送给资金方",
        subject_type="submission",
        subject_id=submission.reference,
        revealed_by=None,
        revealed_at=at,
    )
    return Application.model_validate_json(plain)


def _put_off(message: OutboxMessage, trouble: str, *, at: datetime) -> None:
    if message.tries >= TRIES_MAX:
        _give_up(message, trouble, at=at)
        return
    wait = BACK_OFF_SECONDS[min(message.tries, len(BACK_OFF_SECONDS)) - 1]
    with transaction.atomic():
        message.next_try_at = at + timedelta(seconds=wait)
        message.last_trouble = trouble[:TROUBLE_CHARS_MAX]
        message.save(update_fields=["next_try_at", "last_trouble"])
        connection = LenderConnection.objects.select_for_update().get(
            pk=message.submission.connection_id
        )
        connection.failures_in_a_row += 1
        if connection.failures_in_a_row >= BREAKER_AFTER:
            connection.resting_until = at + timedelta(seconds=REST_SECONDS)
        connection.save(update_fields=["failures_in_a_row", "resting_until"])


def _give_up(message: OutboxMessage, trouble: str, *, at: datetime) -> None:
    with transaction.atomic():
        message.given_up_at = at
        message.last_trouble = trouble[:TROUBLE_CHARS_MAX]
        message.save(update_fields=["given_up_at", "last_trouble"])
        record(
            organisation_id=message.organisation_id,
            actor=None,
            action="outbox.give_up",
            subject_type="submission",
            subject_id=message.submission.reference,
            detail={"act": message.act, "trouble": message.last_trouble},
            at=at,
        )


def _done(message: OutboxMessage, events: list[LenderEvent], *, at: datetime) -> None:
    with transaction.atomic():
        message.done_at, message.last_trouble = at, ""
        message.save(update_fields=["done_at", "last_trouble"])
        LenderConnection.objects.filter(pk=message.submission.connection_id).update(
            failures_in_a_row=0, resting_until=None
        )
        take_in(submission=message.submission, events=events, by="poll", at=at)


def _keep(submission: Submission, event: LenderEvent, *, by: str, at: datetime) -> None:
    body = json.loads(event.model_dump_json())
    SubmissionEvent.objects.create(
        organisation_id=submission.organisation_id,
        submission=submission,
        sequence=event.sequence,
        event_id=event.event_id,
        kind=event.kind,
        body=body,
        occurred_at=event.occurred_at,
        received_at=at,
        received_by=by,
    )
    record(
        organisation_id=submission.organisation_id,
        actor=None,
        action=f"lender.{event.kind}",
        subject_type="submission",
        subject_id=submission.reference,
        after=body,
        detail={"sequence": event.sequence, "by": by},
        at=at,
    )
