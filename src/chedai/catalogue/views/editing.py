from __future__ import annotations

import secrets
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chedai.catalogue import operations
from chedai.catalogue.forms import GROUPS, ROWS, EditedTerms, blank_values, read_editor, values_of
from chedai.catalogue.forms.editor import ROWS_MAX, blank_row
from chedai.catalogue.models import Lender
from chedai.catalogue.packs.example_prices import example_prices
from chedai.catalogue.queries.wording import changes_between
from chedai.catalogue.views.answering import now_of, page, today_of, user_of
from chedai.catalogue.views.finding import (
    CONFLICT,
    UNPROCESSABLE,
    WRITERS,
    lender_or_404,
    organisation_id_of,
    product_or_404,
    version_or_404,
)
from chedai.core.plans.product import ProductTerms
from chedai.staff.roles import require_role

if TYPE_CHECKING:
    from chedai.catalogue.models import Product, ProductVersion


@require_GET
@require_role(*WRITERS)
def product_new(request: HttpRequest) -> HttpResponse:
    """Choose the lender, then write the product."""
    code = request.GET.get("lender", "")
    if not code:
        lenders = Lender.objects.filter(organisation_id=organisation_id_of(request))
        return page(request, "catalogue/product_new.html", lenders=lenders.order_by("kind", "code"))
    values, counts = blank_values(effective_from=today_of(request) + timedelta(days=1))
    return _editor(request, lender_or_404(request, code), values=values, counts=counts)


@require_POST
@require_role(*WRITERS)
def lender_products(request: HttpRequest, code: str) -> HttpResponse:
    """A new product of a lender, with its earliest version as a draft."""
    return _draft(request, lender_or_404(request, code), product=None, based_on=None)


@require_GET
@require_role(*WRITERS)
def version_new(request: HttpRequest, code: str) -> HttpResponse:
    """Start from the newest version, or from the one asked for."""
    product = product_or_404(code)
    base = _base(request.GET.get("base", ""), product)
    terms = ProductTerms.from_json(base.terms)
    values, counts = values_of(terms, effective_from=today_of(request) + timedelta(days=1))
    return _editor(
        request, product.lender, values=values, counts=counts, product=product, based_on=base
    )


@require_POST
@require_role(*WRITERS)
def product_versions(request: HttpRequest, code: str) -> HttpResponse:
    product = product_or_404(code)
    base = _base(request.POST.get("based_on", ""), product)
    return _draft(request, product.lender, product=product, based_on=base)


@require_http_methods(["GET", "POST"])
@require_role(*WRITERS)
def version_draft(request: HttpRequest, version_id: int) -> HttpResponse:
    version = version_or_404(version_id)
    if request.method == "GET":
        terms = ProductTerms.from_json(version.terms)
        values, counts = values_of(terms, effective_from=version.effective_from)
        return _editor(
            request,
            version.product.lender,
            values=values,
            counts=counts,
            product=version.product,
            version=version,
            revision=version.revision,
        )
    return _amend(request, version)


@require_GET
@require_role(*WRITERS)
def draft_row(request: HttpRequest, list_name: str) -> HttpResponse:
    """One more empty row; its number only has to differ from those on the page."""
    if list_name not in ROWS:
        raise Http404("没有这种行")
    i = 1_000 + secrets.randbelow(900_000_000)
    return page(
        request,
        "catalogue/editor_row.html",
        rows=ROWS[list_name],
        i=i,
        values=blank_row(ROWS[list_name], i),
        errors={},
    )


@require_POST
@require_role(*WRITERS)
def draft_preview(request: HttpRequest, lender_code: str) -> HttpResponse:
    """What the terms as typed cost on the example amount."""
    lender = lender_or_404(request, lender_code)
    edited = read_editor(request.POST, lender=lender, code=request.POST.get("code", "x-preview"))
    return page(request, "catalogue/editor.html", block="preview", **_preview(edited.terms, edited))


def _draft(
    request: HttpRequest,
    lender: Lender,
    *,
    product: Product | None,
    based_on: ProductVersion | None,
) -> HttpResponse:
    form_key = _form_key(request)
    edited = read_editor(request.POST, lender=lender, code=product.code if product else None)
    errors = dict(edited.errors)
    if edited.terms is not None and edited.effective_from is not None:
        try:
            version, is_new = operations.draft_version(
                lender=lender,
                terms=edited.terms,
                effective_from=edited.effective_from,
                form_key=form_key,
                based_on=based_on,
                is_new_product=product is None,
                by=user_of(request),
                at=now_of(request),
            )
        except operations.ProductCodeTakenError as taken:
            errors["code"] = str(taken)
        else:
            said = "草稿已保存，提交后由另一个人审核" if is_new else "这份草稿刚才已经保存过"
            messages.success(request, said)
            return redirect("catalogue:version", version_id=version.pk)
    return _refused(
        request, lender, edited, errors, product=product, based_on=based_on, form_key=str(form_key)
    )


def _amend(request: HttpRequest, version: ProductVersion) -> HttpResponse:
    lender = version.product.lender
    edited = read_editor(request.POST, lender=lender, code=version.product.code)
    revision = _revision(request)
    if edited.terms is None or edited.effective_from is None:
        return _refused(
            request,
            lender,
            edited,
            dict(edited.errors),
            product=version.product,
            version=version,
            revision=revision,
        )
    try:
        operations.amend_draft(
            version=version,
            terms=edited.terms,
            effective_from=edited.effective_from,
            expected_revision=revision,
            by=user_of(request),
            at=now_of(request),
        )
    except operations.StaleDraftError as stale:
        return _stale(request, version, edited, stale.revision)
    except operations.DraftLockedError as locked:
        messages.error(request, str(locked))
        return redirect("catalogue:version", version_id=version.pk)
    messages.success(request, "草稿已保存")
    return redirect("catalogue:version", version_id=version.pk)


def _stale(
    request: HttpRequest, version: ProductVersion, edited: EditedTerms, revision: int
) -> HttpResponse:
    """Keep what was typed, and show how it differs from what is there now."""
    present = version_or_404(version.pk)
    assert edited.terms is not None
    return _editor(
        request,
        present.product.lender,
        values=edited.values,
        counts=edited.row_counts,
        product=present.product,
        version=present,
        revision=revision,
        stale_changes=changes_between(ProductTerms.from_json(present.terms), edited.terms),
        status=CONFLICT,
    )


def _refused(
    request: HttpRequest,
    lender: Lender,
    edited: EditedTerms,
    errors: dict[str, str],
    **more: Any,
) -> HttpResponse:
    return _editor(
        request,
        lender,
        values=edited.values,
        counts=edited.row_counts,
        errors=errors,
        status=UNPROCESSABLE,
        **more,
    )


def _editor(
    request: HttpRequest,
    lender: Lender,
    *,
    values: Any,
    counts: Any,
    errors: dict[str, str] | None = None,
    product: Product | None = None,
    version: ProductVersion | None = None,
    based_on: ProductVersion | None = None,
    revision: int = 0,
    form_key: str = "",
    stale_changes: Any = None,
    status: int = 200,
) -> HttpResponse:
    return page(
        request,
        "catalogue/editor.html",
        status=status,
        lender=lender,
        product=product,
        version=version,
        based_on=based_on,
        revision=revision,
        form_key=form_key or str(uuid.uuid4()),
        groups=GROUPS,
        values=values,
        counts=counts,
        errors=errors or {},
        labels=_labels(errors or {}),
        stale_changes=stale_changes,
        rows_max=ROWS_MAX,
        **_preview(_terms_of(version, based_on), None),
    )


def _terms_of(version: Any, based_on: Any) -> ProductTerms | None:
    source = version or based_on
    return ProductTerms.from_json(source.terms) if source is not None else None


def _preview(terms: ProductTerms | None, edited: EditedTerms | None) -> dict[str, Any]:
    return {
        "prices": example_prices(terms) if terms is not None else (),
        "open_errors": len(edited.errors) if edited is not None else 0,
    }


def _labels(errors: dict[str, str]) -> dict[str, str]:
    """Name each faulty input in the summary: 「费用 2 · 收款方全称」."""
    named = {field.name: field.label for group in GROUPS for field in group.fields}
    labels = {}
    for path in errors:
        labels[path] = named.get(path) or _row_label(path)
    return labels


def _row_label(path: str) -> str:
    for rows in ROWS.values():
        if not path.startswith(rows.name):
            continue
        number, _, name = path.removeprefix(rows.name).partition("].")
        label = next((field.label for field in rows.fields if field.name == name), "")
        title = rows.title.partition("(")[0]
        index = number.strip("[]")
        return " · ".join(
            part for part in (f"{title} {int(index) + 1}" if index else title, label) if part
        )
    return "生效日" if path == "effective_from" else path


def _base(number: str, product: Product) -> ProductVersion:
    versions = product.versions.order_by("-number")
    if number.isdecimal() and len(number) < 10:
        versions = versions.filter(number=int(number))
    found = versions.first()
    if found is None:
        raise Http404("没有这一版")
    return found


def _form_key(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("form_key", ""))
    except ValueError as error:
        raise BadRequest("页面已过期，请刷新后再提交") from error


def _revision(request: HttpRequest) -> int:
    typed = request.POST.get("revision", "")
    if not typed.isdecimal() or len(typed) > 9:
        raise BadRequest("页面已过期，请刷新后再提交")
    return int(typed)
