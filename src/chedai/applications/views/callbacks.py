"""Lenders telling us what happened: no sign-in, a signature instead."""

from __future__ import annotations

import json
import re
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from chedai.applications.models import Submission
from chedai.applications.operations.deliveries import ReplayedCallbackError, take_callback
from chedai.applications.queries.adapters import LenderUnreachableError, adapter_of
from chedai.applications.queries.outbox import submission_by_reference
from chedai.lenders.port import AnswerUnreadableError, SignatureRefusedError
from chedai.staff.isolation import acting_for
from chedai.web import clock

BODY_BYTES_MAX: Final = 256_000
REFERENCE: Final = re.compile(r"[0-9a-f]{24}")


@csrf_exempt
@login_not_required
@require_POST
def lender_callback(request: HttpRequest, lender: str) -> HttpResponse:
    """Take one event in: 204 now or before; 401 not from the lender; 404 nobody knows it."""
    if int(request.headers.get("content-length") or 0) > BODY_BYTES_MAX:
        return _no(413, "太大")
    body = request.body
    found = _submission_named_in(body)
    if found is None:
        return _no(404, "没有这一单")
    with acting_for(found.organisation_id):
        return _take(request, lender, found.pk, body)


def _take(request: HttpRequest, lender: str, submission_id: int, body: bytes) -> HttpResponse:
    submission = Submission.objects.select_related("connection__lender", "deal").get(
        pk=submission_id
    )
    connection, now = submission.connection, clock.now()
    if connection.lender.code != lender:
        return _no(404, "没有这一单")
    try:
        event, nonce = adapter_of(connection, at=now).read_callback(
            headers=request.headers, method="POST", path=request.path, body=body
        )
        if event.application_ref != submission.reference:
            return _no(404, "没有这一单")
        take_callback(
            connection=connection, submission=submission, event=event, nonce=nonce, at=now
        )
    except SignatureRefusedError as error:
        return _no(401, str(error))
    except (AnswerUnreadableError, LenderUnreachableError) as error:
        return _no(422, str(error))
    except ReplayedCallbackError as error:
        return _no(409, str(error))
    return HttpResponse(status=204)


def _submission_named_in(body: bytes) -> Submission | None:
    """Find whose event it may be; nothing of the body is believed before its signature."""
    try:
        plain = json.loads(body)
    except ValueError:
        return None
    reference = plain.get("application_ref") if isinstance(plain, dict) else None
    if not (isinstance(reference, str) and REFERENCE.fullmatch(reference)):
        return None
    return submission_by_reference(reference)


def _no(status: int, said: str) -> HttpResponse:
    return JsonResponse({"error": said}, status=status, json_dumps_params={"ensure_ascii": False})
