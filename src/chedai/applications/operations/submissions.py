"""Sending a deal to a lender, and everything said to the lender after it.

Each act writes its message in the same transaction; a job sends it, again and again with the
same key, until it counted. So nothing acknowledged here is lost, and nothing counts twice there.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from chedai.applications.models import (
    DealFile,
    LenderConnection,
    LenderConsent,
    OutboxMessage,
    Submission,
    SubmissionEvent,
)
from chedai.applications.operations.sheets import open_sealed
from chedai.applications.queries.sheets import (
    files_of,
    known_values,
    latest_sheet,
    readiness,
    valid_consents,
)
from chedai.audit.operations import record
from chedai.core.plans.plan import Plan
from chedai.deals.models import Deal
from chedai.deals.operations.processes import signal
from chedai.lenders.port import Application, pack_digest, unmet
from chedai.reception.queries.scenes import Scene
from chedai.staff.models import User

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
ENDED: Final = frozenset({"refused", "withdrawn", "disbursed"})


class NotReadyError(Exception):
    """Something the lender asks for, or the customer's consent, is missing."""


class SameDayReapplicationError(Exception):
    """The lender refused today; another try today needs a manager's note."""


class StillOpenError(Exception):
    """An application of this deal at this lender is still running."""


class NotItsTurnError(Exception):
    """The application is not where this act belongs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The plan to apply for, and the scene it was priced in."""

    plan: Plan
    scene: Scene
    need_number: int


@transaction.atomic
def submit(
    *,
    deal: Deal,
    connection: LenderConnection,
    chosen: Chosen,
    form_key: UUID,
    reapplication_note: str = "",
    created_by: User,
    created_at: datetime,
) -> Submission:
    """Build the pack and put it into the outbox; the same ``form_key`` gives the same submission.

    Refused with ``NotReadyError`` naming everything that is missing, ``StillOpenError`` while one
    is running at this lender, ``SameDayReapplicationError`` after today's refusal without a
    manager's note.
    """
    Deal.objects.select_for_update().get(pk=deal.pk)
    held = Submission.objects.filter(form_key=form_key, deal=deal).first()
    if held is not None:
        return held
    _refuse_again(deal, connection, reapplication_note, by=created_by, at=created_at)
    reference = secrets.token_hex(12)
    application = _pack(deal, connection, chosen, reference=reference, by=created_by, at=created_at)
    submission = Submission.objects.create(
        organisation_id=deal.organisation_id,
        store_id=deal.store_id,
        deal=deal,
        connection=connection,
        lender=connection.lender,
        reference=reference,
        form_key=form_key,
        product_name=chosen.plan.product.name,
        principal_fen=application.principal_fen,
        term_months=application.term_months,
        monthly_payment_fen=application.monthly_payment_fen,
        nominal_rate_annual=application.nominal_rate_annual,
        pack=application.model_dump_json(),
        pack_digest=pack_digest(application),
        need_number=chosen.need_number,
        reapplication_note=reapplication_note.strip(),
        created_at=created_at,
        created_by=created_by,
    )
    signal(deal=deal, name="application_submitted", by=created_by, at=created_at)
    _say(submission, OutboxMessage.Act.SUBMIT, key="submit", by=created_by, at=created_at)
    record(
        organisation_id=deal.organisation_id,
        actor=created_by,
        action="submission.make",
        subject_type="deal",
        subject_id=deal.number,
        after={"lender": connection.lender.code, "pack_sha256": submission.pack_digest},
        detail={"reference": reference, "note": submission.reapplication_note},
        at=created_at,
    )
    return submission


@transaction.atomic
def answer_stipulation(
    *, submission: Submission, code: str, file: DealFile, said_by: User, said_at: datetime
) -> OutboxMessage:
    """Send a paper for one thing the lender asked for.

    Raises
    ------
    NotItsTurnError
        The lender asked for no such thing.
    """
    locked = Submission.objects.select_for_update().get(pk=submission.pk)
    asked = {item["code"] for event in _events(locked) for item in event.body["stipulations"]}
    if code not in asked:
        raise NotItsTurnError("资金方没有要过这一项")
    body = {"code": code, "type": file.type, "sha256": file.sha256}
    return _say(
        locked, OutboxMessage.Act.ANSWER, key=f"answer-{code}", body=body, by=said_by, at=said_at
    )


@transaction.atomic
def take_step(
    *, submission: Submission, act: str, taken_by: User, taken_at: datetime
) -> OutboxMessage:
    """Accept, confirm the disclosure, confirm the signing, or withdraw; twice is once.

    Raises
    ------
    NotItsTurnError
        What must come before has not happened at the lender.
    """
    locked = Submission.objects.select_for_update().get(pk=submission.pk)
    events = _events(locked)
    latest = events[-1].kind if events else ""
    if latest not in STEPS_AFTER[act]:
        raise NotItsTurnError("资金方那边还没有走到这一步，或者已经结束")
    return _say(locked, OutboxMessage.Act(act), key=act, by=taken_by, at=taken_at)


@transaction.atomic
def try_again(*, message: OutboxMessage, tried_by: User, tried_at: datetime) -> OutboxMessage:
    """Take a message off the pile of those given up, with the same key."""
    locked = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if locked.given_up_at is None:
        return locked
    locked.given_up_at, locked.tries, locked.next_try_at = None, 0, tried_at
    locked.save(update_fields=["given_up_at", "tries", "next_try_at"])
    record(
        organisation_id=locked.organisation_id,
        actor=tried_by,
        action="outbox.try_again",
        subject_type="submission",
        subject_id=locked.submission.reference,
        detail={"act": locked.act, "trouble": locked.last_trouble},
        at=tried_at,
    )
    _enqueue(locked)
    return locked


STEPS_AFTER: Final[Mapping[str, frozenset[str]]] = {
    "accept": frozenset({"approved", "countered"}),
    "confirm_disclosure": frozenset({"disclosed"}),
    "confirm_signing": frozenset({"contract_ready"}),
    "withdraw": frozenset(
        {
            "received",
            "in_review",
            "stipulated",
            "approved",
            "countered",
            "disclosed",
            "contract_ready",
        }
    ),
}


def _events(submission: Submission) -> list[SubmissionEvent]:
    return list(SubmissionEvent.objects.filter(submission=submission).order_by("sequence"))


def _refuse_again(
    deal: Deal, connection: LenderConnection, note: str, *, by: User, at: datetime
) -> None:
    earlier = Submission.objects.filter(deal=deal, connection=connection).order_by("-pk").first()
    if earlier is None:
        return
    events = _events(earlier)
    if not events or events[-1].kind not in ENDED:
        raise StillOpenError("这家资金方还有一单没有结果，先等它或撤回它")
    is_today = events[-1].received_at.astimezone(SHANGHAI).date() == at.astimezone(SHANGHAI).date()
    may_note = by.has_any_role("manager") and note.strip()
    if events[-1].kind == "refused" and is_today and not may_note:
        raise SameDayReapplicationError("今天刚被这家拒绝，当天再报要店经理写明原因")


def _pack(
    deal: Deal,
    connection: LenderConnection,
    chosen: Chosen,
    *,
    reference: str,
    by: User,
    at: datetime,
) -> Application:
    today = at.astimezone(SHANGHAI).date()
    sheet = latest_sheet(deal)
    values = known_values(sheet, chosen.scene)
    files = files_of(deal)
    consents = valid_consents(deal, on=today)
    (state,) = readiness(
        [connection],
        values=values,
        sealed_names=sheet.sealed_names if sheet else (),
        files=files,
        consents=consents,
    )
    lacks = (*state.missing_fields, *state.missing_documents, *state.missing_consents)
    if state.needs is None or lacks:
        raise NotReadyError("还缺：" + "、".join(lacks) if lacks else "还没有问到资金方的要求")
    borrower = values | (open_sealed(sheet, by=by, at=at) if sheet else {})
    faults = unmet(state.needs.required_fields, borrower)
    if faults:
        raise NotReadyError("；".join(faults.values()))
    credit = next(c for c in state.consents if c.kind == LenderConsent.Kind.CREDIT)
    return Application.model_validate(
        {
            "application_ref": reference,
            "product_code": "standard",
            "store": deal.store.name,
            **_figures(chosen.plan),
            "borrower": {name: borrower[name] for name in state.needs.required_fields},
            "documents": [{"type": file.type, "sha256": file.sha256} for file in files],
            "authorisation": {
                "reference": f"C{credit.pk}",
                "purpose": credit.purpose,
                "signed_at": datetime.combine(
                    credit.signed_on, datetime.min.time(), tzinfo=SHANGHAI
                ),
                "expires_on": credit.expires_on,
            },
        }
    )


def _figures(plan: Plan) -> dict[str, Any]:
    return {
        "principal_fen": plan.principal_fen,
        "down_payment_fen": plan.down_payment_fen,
        "term_months": plan.term_months,
        "nominal_rate_annual": str(plan.loan_terms.nominal_rate_annual),
        "monthly_payment_fen": plan.payment_fen,
    }


def _say(
    submission: Submission,
    act: OutboxMessage.Act,
    *,
    key: str,
    body: Mapping[str, Any] | None = None,
    by: User,
    at: datetime,
) -> OutboxMessage:
    message, is_new = OutboxMessage.objects.get_or_create(
        submission=submission,
        key=f"{submission.reference}-{key}",
        defaults={
            "organisation_id": submission.organisation_id,
            "act": act,
            "body": json.loads(json.dumps(body or {})),
            "created_at": at,
            "created_by": by,
            "next_try_at": at,
        },
    )
    if is_new:
        record(
            organisation_id=submission.organisation_id,
            actor=by,
            action=f"submission.{act}",
            subject_type="submission",
            subject_id=submission.reference,
            detail=dict(body or {}),
            at=at,
        )
        _enqueue(message)
    return message


def _enqueue(message: OutboxMessage) -> None:
    """Put the job into the queue of the same database, in this transaction."""
    from procrastinate.contrib.django import app  # noqa: PLC0415 - the queue starts with Django

    app.configure_task("chedai.applications.tasks.deliver_message").defer(
        organisation_id=message.organisation_id, message_id=message.pk
    )
