"""What lenders need to know: the sheet of a deal's people, its papers, the customer's consents."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.db import transaction

from chedai.applications.models import (
    ApplicantSheet,
    DealFile,
    LenderConsent,
    LenderConsentWithdrawal,
)
from chedai.applications.queries.sheets import latest_sheet
from chedai.audit.operations import record
from chedai.catalogue.models import Lender
from chedai.deals.models import Deal
from chedai.lenders.port import DOCUMENTS, FIELDS
from chedai.privacy.operations import reveal
from chedai.staff.models import User

FILE_BYTES_MAX: Final = 5_000_000
MEDIA_TYPES: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)


class FileRefusedError(Exception):
    """Not a paper that can be kept; the message says what to bring instead."""


class ConsentPeriodError(ValueError):
    """The period of a consent is impossible or over."""


@transaction.atomic
def save_sheet(
    *,
    deal: Deal,
    values: Mapping[str, str | int],
    cleared: frozenset[str] = frozenset(),
    recorded_by: User,
    recorded_at: datetime,
) -> ApplicantSheet:
    """Keep the next version: what is given replaces, what is not given stays.

    What identifies a person is sealed; the audit event names fields, never values.
    """
    Deal.objects.select_for_update().get(pk=deal.pk)
    before = latest_sheet(deal)
    plain = dict(before.values) if before else {}
    secret = open_sealed(before, by=recorded_by, at=recorded_at) if before else {}
    for name, value in values.items():
        (secret if FIELDS[name].is_sensitive else plain)[name] = value
    for name in cleared:
        plain.pop(name, None)
        secret.pop(name, None)
    sheet = ApplicantSheet.objects.create(
        organisation_id=deal.organisation_id,
        deal=deal,
        number=before.number + 1 if before else 1,
        values=plain,
        sealed=json.dumps(secret, ensure_ascii=False),
        sealed_names=sorted(secret),
        recorded_at=recorded_at,
        recorded_by=recorded_by,
    )
    record(
        organisation_id=deal.organisation_id,
        actor=recorded_by,
        action="applicant.record",
        subject_type="deal",
        subject_id=deal.number,
        detail={"sheet": sheet.number, "fields": sorted(values), "cleared": sorted(cleared)},
        at=recorded_at,
    )
    return sheet


def open_sealed(sheet: ApplicantSheet, *, by: User | None, at: datetime) -> dict[str, str | int]:
    """Open what identifies the people of a sheet; every opening is in the audit chain."""
    if not sheet.sealed_names:
        return {}
    sheet.refresh_from_db(fields=["sealed"])
    plain = reveal(
        sheet.sealed,
        reason="进件资料",
        subject_type="deal",
        subject_id=sheet.deal.number,
        revealed_by=by,
        revealed_at=at,
    )
    opened: dict[str, str | int] = json.loads(plain)
    return opened


@transaction.atomic
def keep_file(
    *, deal: Deal, kind: str, content: bytes, recorded_by: User, recorded_at: datetime
) -> DealFile:
    """Keep a paper, sealed; the same bytes again are the same paper.

    Raises
    ------
    FileRefusedError
        Unknown kind, empty, too large, or neither PDF, JPEG nor PNG by its first bytes.
    """
    if kind not in DOCUMENTS:
        raise FileRefusedError("请选资料的种类")
    if not content:
        raise FileRefusedError("文件是空的，请重新选择")
    if len(content) > FILE_BYTES_MAX:
        raise FileRefusedError("文件超过 5 MB，请压缩或分开上传")
    media = next((kind for start, kind in MEDIA_TYPES if content.startswith(start)), None)
    if media is None:
        raise FileRefusedError("只收 PDF、JPG 和 PNG；按内容识别，改扩展名没有用")
    digest = hashlib.sha256(content).hexdigest()
    kept, is_new = DealFile.objects.get_or_create(
        deal=deal,
        type=kind,
        sha256=digest,
        defaults={
            "organisation_id": deal.organisation_id,
            "media_type": media,
            "size_bytes": len(content),
            "content": base64.b64encode(content).decode("ascii"),
            "recorded_at": recorded_at,
            "recorded_by": recorded_by,
        },
    )
    if is_new:
        record(
            organisation_id=deal.organisation_id,
            actor=recorded_by,
            action="file.keep",
            subject_type="deal",
            subject_id=deal.number,
            detail={"type": kind, "sha256": digest, "size_bytes": len(content)},
            at=recorded_at,
        )
    return kept


@transaction.atomic
def record_consent(
    *,
    deal: Deal,
    lender: Lender,
    kind: str,
    purpose: str,
    signed_on: date,
    expires_on: date,
    recorded_by: User,
    recorded_at: datetime,
) -> LenderConsent:
    """Record one signed consent: one lender, one purpose, one period.

    Raises
    ------
    ConsentPeriodError
        Signed in the future, or over already.
    """
    if signed_on > recorded_at.date():
        raise ConsentPeriodError("签署日期不能在今天之后")
    if expires_on < recorded_at.date() or expires_on < signed_on:
        raise ConsentPeriodError("有效期已经过了，请客户重新签署")
    consent = LenderConsent.objects.create(
        organisation_id=deal.organisation_id,
        deal=deal,
        lender=lender,
        kind=kind,
        lender_legal_name=lender.legal_name,
        purpose=purpose,
        signed_on=signed_on,
        expires_on=expires_on,
        recorded_at=recorded_at,
        recorded_by=recorded_by,
    )
    record(
        organisation_id=deal.organisation_id,
        actor=recorded_by,
        action="consent.record",
        subject_type="deal",
        subject_id=deal.number,
        after={"kind": kind, "lender": lender.legal_name, "purpose": purpose},
        detail={"signed_on": str(signed_on), "expires_on": str(expires_on)},
        at=recorded_at,
    )
    return consent


@transaction.atomic
def withdraw_consent(
    *, consent: LenderConsent, recorded_by: User, recorded_at: datetime
) -> LenderConsentWithdrawal:
    """Take a consent back at the customer's wish; a second time changes nothing."""
    found, is_new = LenderConsentWithdrawal.objects.get_or_create(
        consent=consent,
        defaults={
            "organisation_id": consent.organisation_id,
            "recorded_at": recorded_at,
            "recorded_by": recorded_by,
        },
    )
    if is_new:
        record(
            organisation_id=consent.organisation_id,
            actor=recorded_by,
            action="consent.withdraw",
            subject_type="deal",
            subject_id=consent.deal.number,
            detail={"consent": consent.pk, "lender": consent.lender_legal_name},
            at=recorded_at,
        )
    return found
