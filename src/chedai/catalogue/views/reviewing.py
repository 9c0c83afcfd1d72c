from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET, require_POST

from chedai.catalogue import operations, queries
from chedai.catalogue.forms import RejectionForm, ReviewForm, WithdrawalForm
from chedai.catalogue.models import ProductVersion
from chedai.catalogue.packs.example_prices import example_prices
from chedai.catalogue.queries.wording import changes_between, sheet_of
from chedai.catalogue.views.answering import now_of, page, today_of, user_of
from chedai.catalogue.views.finding import (
    APPROVERS,
    CONFLICT,
    UNPROCESSABLE,
    WRITERS,
    product_or_404,
    version_or_404,
)
from chedai.core.plans.product import CONTRACT_NATURE_LABELS, ownership_banner
from chedai.staff.roles import require_role

REFUSALS = (
    operations.NotSubmittedError,
    operations.OwnWorkError,
    operations.VersionOverlapError,
    operations.ProductWithdrawnError,
)
STALE = "你看的不是最新的内容，页面已换成最新的，请重新核对"


@require_POST
@require_role(*WRITERS)
def version_submission(request: HttpRequest, version_id: int) -> HttpResponse:
    version = version_or_404(version_id)
    form = ReviewForm(request.POST)
    if form.is_valid():
        try:
            operations.submit_version(
                version=version,
                expected_revision=form.cleaned_data["revision"],
                by=user_of(request),
                at=now_of(request),
            )
        except operations.StaleDraftError:
            messages.error(request, STALE)
        except operations.GapsInTermsError as gaps:
            messages.error(request, "还不能提交：" + "；".join(e.message for e in gaps.errors))
        else:
            messages.success(request, "已提交，等另一位经理或合规审核")
    return redirect("catalogue:version", version_id=version.pk)


@require_GET
@require_role(*APPROVERS)
def version_review(request: HttpRequest, version_id: int) -> HttpResponse:
    """What changes, whom it touches, and the two answers."""
    return _review(request, version_or_404(version_id))


@require_POST
@require_role(*APPROVERS)
def version_publication(request: HttpRequest, version_id: int) -> HttpResponse:
    version = version_or_404(version_id)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _review(request, version, errors=form.errors, status=UNPROCESSABLE)
    try:
        publication = operations.approve_version(
            version=version,
            expected_revision=form.cleaned_data["revision"],
            by=user_of(request),
            at=now_of(request),
        )
    except operations.StaleDraftError:
        return _review(request, version_or_404(version_id), refusal=STALE, status=CONFLICT)
    except REFUSALS as refusal:
        return _review(request, version, refusal=str(refusal), status=CONFLICT)
    messages.success(request, f"已发布，{publication.effective.lower} 起生效")
    return redirect("catalogue:product", code=version.product.code)


@require_POST
@require_role(*APPROVERS)
def version_rejection(request: HttpRequest, version_id: int) -> HttpResponse:
    version = version_or_404(version_id)
    form = RejectionForm(request.POST)
    if not form.is_valid():
        return _review(request, version, errors=form.errors, status=UNPROCESSABLE)
    try:
        operations.reject_version(
            version=version,
            reason=form.cleaned_data["reason"],
            expected_revision=form.cleaned_data["revision"],
            by=user_of(request),
            at=now_of(request),
        )
    except operations.StaleDraftError:
        return _review(request, version_or_404(version_id), refusal=STALE, status=CONFLICT)
    except REFUSALS as refusal:
        return _review(request, version, refusal=str(refusal), status=CONFLICT)
    messages.success(request, "已退回，起草人能看到原因")
    return redirect("catalogue:version", version_id=version.pk)


@require_POST
@require_role(*WRITERS)
def product_withdrawal(request: HttpRequest, code: str) -> HttpResponse:
    product = product_or_404(code)
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        messages.error(request, "；".join(str(errors[0]) for errors in form.errors.values()))
        return redirect("catalogue:product", code=code)
    operations.withdraw_product(
        product=product,
        withdrawn_from=form.cleaned_data["withdrawn_from"],
        reason=form.cleaned_data["reason"],
        by=user_of(request),
        at=now_of(request),
    )
    messages.success(request, "已停办：新方案里不再出现，已打印的方案不变")
    return redirect("catalogue:product", code=code)


def _review(
    request: HttpRequest,
    version: ProductVersion,
    *,
    errors: Any = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    rows = queries.versions_of(version.product, day=today_of(request))
    shown = next(row for row in rows if row.version.pk == version.pk)
    before = queries.published_before(version)
    return page(
        request,
        "catalogue/version_review.html",
        status=status,
        product=version.product,
        shown=shown,
        terms=shown.terms,
        before=before,
        changes=changes_between(before, shown.terms),
        lines=sheet_of(shown.terms),
        prices=example_prices(shown.terms),
        nature_label=CONTRACT_NATURE_LABELS[shown.terms.contract_nature],
        ownership=ownership_banner(shown.terms.contract_nature),
        impact_url=_impact_url(version),
        refusal=refusal,
        errors={name: said[0] for name, said in (errors or {}).items()},
        typed_reason=request.POST.get("reason", "")[:300],
    )


def _impact_url(version: ProductVersion) -> str:
    """Where a later step says which open proposals the change touches, if it is installed."""
    try:
        return reverse("planning:product_impact", kwargs={"version_id": version.pk})
    except NoReverseMatch:
        return ""
