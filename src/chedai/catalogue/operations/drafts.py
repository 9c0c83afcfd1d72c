"""Writing a product version: draft, amend, hand to a second person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.db.models import Max

from chedai.audit.operations import record
from chedai.catalogue.models import (
    Amendment,
    Lender,
    Product,
    ProductVersion,
    Publication,
    Rejection,
    Submission,
)
from chedai.core.plans.product import FieldError, ProductTerms, mandatory_gaps

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from chedai.core.plans.product.terms import LenderKind
    from chedai.staff.models import User


class GapsInTermsError(Exception):
    """The terms leave something open or contradict themselves; ``errors`` says where."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__("; ".join(f"{error.path}: {error.message}" for error in errors))
        self.errors = errors


class ProductCodeTakenError(Exception):
    """The code belongs to another product, or to a product of another lender."""


class StaleDraftError(Exception):
    """Somebody changed the draft since this form was opened; ``revision`` is the present one."""

    def __init__(self, *, expected: int, revision: int) -> None:
        super().__init__(f"expected revision {expected}, the draft is at {revision}")
        self.revision = revision


class DraftLockedError(Exception):
    """The version is submitted or published and does not change any more."""


@transaction.atomic
def draft_version(
    *,
    lender: Lender,
    terms: ProductTerms,
    effective_from: date,
    form_key: UUID,
    by: User,
    at: datetime,
    based_on: ProductVersion | None = None,
    is_new_product: bool = False,
) -> tuple[ProductVersion, bool]:
    """Draft a version of the product named by ``terms.code``, opening the product if needed.

    The same ``form_key`` gives the same version and False. The lender's own name and kind
    replace what the terms say about it. Refused with ``GapsInTermsError`` when something is left
    open or contradicts itself, with ``ProductCodeTakenError`` when the code is in use elsewhere.

    Parameters
    ----------
    is_new_product
        The writer means to open a product: any code in use is refused.
    """
    # The lender's row is the turnstile: two copies of one form go through one after the other.
    lender = Lender.objects.select_for_update().get(pk=lender.pk)
    held = ProductVersion.objects.filter(
        organisation_id=lender.organisation_id, form_key=form_key
    ).first()
    if held is not None:
        return held, False
    terms = _checked(terms, lender)
    product = _product_for(lender, terms, is_new_product=is_new_product, by=by, at=at)
    latest = product.versions.aggregate(latest=Max("number"))["latest"] or 0
    version = ProductVersion.objects.create(
        organisation_id=lender.organisation_id,
        product=product,
        number=latest + 1,
        based_on=based_on,
        terms=terms.to_json(),
        effective_from=effective_from,
        form_key=form_key,
        drafted_at=at,
        drafted_by=by,
    )
    _write_down(version, by=by, at=at)
    _record("product_version.draft", version, by=by, at=at)
    return version, True


@transaction.atomic
def amend_draft(
    *,
    version: ProductVersion,
    terms: ProductTerms,
    effective_from: date,
    expected_revision: int,
    by: User,
    at: datetime,
) -> ProductVersion:
    """Replace what a draft says; sending the same words again changes nothing.

    Refused with ``GapsInTermsError`` as in ``draft_version``, with ``DraftLockedError`` once the
    version is submitted.

    Raises
    ------
    StaleDraftError
        Somebody else amended it in between.
    ProductCodeTakenError
        The terms carry another product's code.
    """
    version = _open_draft(version)
    terms = _checked(terms, version.product.lender)
    if terms.code != version.product.code:
        message = f"产品代码定了就不能改（{version.product.code}）"
        raise ProductCodeTakenError(message)
    written = terms.to_json()
    is_same = version.terms == written and version.effective_from == effective_from
    if is_same and expected_revision in {version.revision, version.revision - 1}:
        return version
    if version.revision != expected_revision:
        raise StaleDraftError(expected=expected_revision, revision=version.revision)
    version.terms = written
    version.effective_from = effective_from
    version.revision += 1
    version.save(update_fields=["terms", "effective_from", "revision"])
    _name_after(version.product, terms)
    _write_down(version, by=by, at=at)
    _record("product_version.amend", version, by=by, at=at)
    return version


@transaction.atomic
def submit_version(
    *, version: ProductVersion, expected_revision: int, by: User, at: datetime
) -> Submission:
    """Hand the draft, as it is, to a second person; from now on it does not change.

    Submitting the submitted revision again gives the same submission.

    Raises
    ------
    StaleDraftError
        What would be submitted is not what was looked at.
    GapsInTermsError
        A rule of completeness came after the draft was written.
    """
    locked = ProductVersion.objects.select_for_update().get(pk=version.pk)
    if locked.revision != expected_revision:
        raise StaleDraftError(expected=expected_revision, revision=locked.revision)
    held = Submission.objects.filter(version=locked, revision=locked.revision).first()
    if held is not None:
        return held
    gaps = mandatory_gaps(ProductTerms.from_json(locked.terms))
    if gaps:
        raise GapsInTermsError(gaps)
    submission = Submission.objects.create(
        organisation_id=locked.organisation_id,
        version=locked,
        revision=locked.revision,
        submitted_at=at,
        submitted_by=by,
    )
    _record("product_version.submit", locked, by=by, at=at)
    return submission


def _checked(terms: ProductTerms, lender: Lender) -> ProductTerms:
    terms = replace(
        terms,
        lender_code=lender.code,
        lender_name=lender.name,
        lender_kind=cast("LenderKind", lender.kind),
    )
    gaps = mandatory_gaps(terms)
    if gaps:
        raise GapsInTermsError(gaps)
    return terms


def _product_for(
    lender: Lender, terms: ProductTerms, *, is_new_product: bool, by: User, at: datetime
) -> Product:
    product, is_new = Product.objects.get_or_create(
        organisation_id=lender.organisation_id,
        code=terms.code,
        defaults={
            "lender": lender,
            "name": terms.name,
            "family": terms.family,
            "opened_at": at,
            "opened_by": by,
        },
    )
    if is_new:
        return product
    if product.lender_id != lender.pk or is_new_product:
        message = f"代码 {terms.code} 已经用于“{product.name}”，请换一个代码"
        raise ProductCodeTakenError(message)
    _name_after(product, terms)
    return product


def _name_after(product: Product, terms: ProductTerms) -> None:
    if (product.name, product.family) != (terms.name, terms.family):
        product.name, product.family = terms.name, terms.family
        product.save(update_fields=["name", "family"])


def _open_draft(version: ProductVersion) -> ProductVersion:
    # Lock the version alone: the joined lender and product stay free for others.
    locked = (
        ProductVersion.objects.select_for_update(of=("self",))
        .select_related("product__lender")
        .get(pk=version.pk)
    )
    latest = Submission.objects.filter(version=locked).order_by("-revision").first()
    is_published = Publication.objects.filter(version=locked).exists()
    is_waiting = latest is not None and not Rejection.objects.filter(submission=latest).exists()
    if is_published or is_waiting:
        message = "这一版已经提交或发布，不能再改。请新建一版"
        raise DraftLockedError(message)
    return locked


def _write_down(version: ProductVersion, *, by: User, at: datetime) -> None:
    Amendment.objects.create(
        organisation_id=version.organisation_id,
        version=version,
        revision=version.revision,
        amended_at=at,
        amended_by=by,
    )


def _record(action: str, version: ProductVersion, *, by: User, at: datetime) -> None:
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
            "effective_from": version.effective_from.isoformat(),
        },
        at=at,
    )
