"""The second person's word: publish, send back, and take a product off the list."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from chedai.audit.operations import record
from chedai.catalogue.models import (
    Amendment,
    Product,
    ProductVersion,
    ProductWithdrawal,
    Publication,
    Rejection,
    Submission,
)
from chedai.catalogue.operations.drafts import StaleDraftError
from chedai.catalogue.operations.revision import bump_revision

if TYPE_CHECKING:
    from chedai.staff.models import User


class NotSubmittedError(Exception):
    """There is no open submission to answer: never submitted, or answered already."""


class OwnWorkError(Exception):
    """Whoever wrote or submitted a version cannot publish it."""


class VersionOverlapError(Exception):
    """Another version of the product takes effect on that very day."""


class ProductWithdrawnError(Exception):
    """The product is off the list."""


@transaction.atomic
def approve_version(
    *, version: ProductVersion, expected_revision: int, by: User, at: datetime
) -> Publication:
    """Publish a submitted version from its day on, at the earliest from the day of approval.

    The version in force until then ends the day before; one already published for later keeps
    its day. Approving what is published already gives the same publication. Refused with
    ``NotSubmittedError`` when nothing is waiting, ``StaleDraftError`` when it is not what was
    looked at, ``OwnWorkError`` when ``by`` wrote or submitted it, ``VersionOverlapError`` when
    another version takes effect on that very day.

    Raises
    ------
    ProductWithdrawnError
        The product is off the list.
    """
    product = _locked_product(version)
    held = Publication.objects.filter(version=version).first()
    if held is not None:
        return held
    if ProductWithdrawal.objects.filter(product=product).exists():
        message = "这个产品已经停办，不能再发布新版本"
        raise ProductWithdrawnError(message)
    submission = _open_submission(version, expected_revision)
    _refuse_own_work(submission, by)
    publication = Publication.objects.create(
        organisation_id=product.organisation_id,
        product=product,
        version=submission.version,
        submission=submission,
        effective=_room_for(product, submission.version, at),
        approved_at=at,
        approved_by=by,
    )
    bump_revision(product.organisation_id)
    _record("product_version.publish", submission.version, publication.effective, by=by, at=at)
    return publication


@transaction.atomic
def reject_version(
    *, version: ProductVersion, reason: str, expected_revision: int, by: User, at: datetime
) -> Rejection:
    """Send a submitted version back with a reason; it is a draft again.

    Refused with ``NotSubmittedError`` and ``StaleDraftError`` as in ``approve_version``.
    """
    _locked_product(version)
    submission = _open_submission(version, expected_revision)
    rejection = Rejection.objects.create(
        organisation_id=submission.organisation_id,
        submission=submission,
        reason=reason,
        rejected_at=at,
        rejected_by=by,
    )
    _record("product_version.reject", submission.version, reason, by=by, at=at)
    return rejection


@transaction.atomic
def withdraw_product(
    *, product: Product, withdrawn_from: date, reason: str, by: User, at: datetime
) -> ProductWithdrawal:
    """Offer the product no longer from a day on; doing it twice keeps the earlier row."""
    product = Product.objects.select_for_update().get(pk=product.pk)
    withdrawal, is_new = ProductWithdrawal.objects.get_or_create(
        product=product,
        defaults={
            "organisation_id": product.organisation_id,
            "withdrawn_from": withdrawn_from,
            "reason": reason,
            "recorded_at": at,
            "recorded_by": by,
        },
    )
    if is_new:
        bump_revision(product.organisation_id)
        record(
            organisation_id=product.organisation_id,
            actor=by,
            action="product.withdraw",
            subject_type="product",
            subject_id=product.code,
            detail={"withdrawn_from": withdrawn_from.isoformat(), "reason": reason},
            at=at,
        )
    return withdrawal


def _locked_product(version: ProductVersion) -> Product:
    # One publication of a product at a time, so that ranges are cut in order.
    return Product.objects.select_for_update().get(pk=version.product_id)


def _open_submission(version: ProductVersion, expected_revision: int) -> Submission:
    submission = (
        Submission.objects.select_related("version")
        .filter(version_id=version.pk, rejection__isnull=True, publication__isnull=True)
        .order_by("-revision")
        .first()
    )
    if submission is None:
        message = "这一版没有等待审核的提交：可能还没提交，或者已经有人处理过"
        raise NotSubmittedError(message)
    if submission.revision != expected_revision:
        raise StaleDraftError(expected=expected_revision, revision=submission.revision)
    return submission


def _refuse_own_work(submission: Submission, by: User) -> None:
    wrote = Amendment.objects.filter(version_id=submission.version_id, amended_by=by).exists()
    if wrote or submission.submitted_by_id == by.pk:
        message = "自己起草、修改或提交的版本，要由另一个人审核发布"
        raise OwnWorkError(message)


def _room_for(product: Product, version: ProductVersion, at: datetime) -> DateRange:
    # The version in force is cut short; later ones keep their days.
    starts_on = max(version.effective_from, timezone.localdate(at))
    ends_before: date | None = None
    for other in Publication.objects.filter(product=product):
        lower, upper = other.effective.lower, other.effective.upper
        if lower == starts_on:
            message = f"{starts_on} 起已有另一个版本生效，请退回并改生效日"
            raise VersionOverlapError(message)
        if lower > starts_on:
            ends_before = lower if ends_before is None else min(ends_before, lower)
        elif upper is None or upper > starts_on:
            other.effective = DateRange(lower, starts_on, "[)")
            other.save(update_fields=["effective"])
    return DateRange(starts_on, ends_before, "[)")


def _record(
    action: str, version: ProductVersion, outcome: object, *, by: User, at: datetime
) -> None:
    record(
        organisation_id=version.organisation_id,
        actor=by,
        action=action,
        subject_type="product_version",
        subject_id=str(version.pk),
        after=version.terms,
        detail={
            "product": version.terms["code"],
            "number": version.number,
            "revision": version.revision,
            "outcome": str(outcome),
        },
        at=at,
    )
