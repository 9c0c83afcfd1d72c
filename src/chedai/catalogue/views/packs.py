from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from chedai.catalogue import operations
from chedai.catalogue.forms import PackForm
from chedai.catalogue.models import Lender
from chedai.catalogue.packs.text import PACK_BYTES_MAX, FaultyPackError, decode_pack
from chedai.catalogue.views.answering import now_of, page, today_of, user_of
from chedai.catalogue.views.finding import (
    UNPROCESSABLE,
    WRITERS,
    lender_or_404,
    organisation_id_of,
)
from chedai.staff.roles import require_role

SHOWN_ERRORS_MAX = 100


@require_GET
@require_role(*WRITERS)
def pack_import(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@require_role(*WRITERS)
def pack_imports(request: HttpRequest) -> HttpResponse:
    """A file is looked at; the text that was looked at is imported once confirmed."""
    form = PackForm(request.POST, request.FILES)
    if not form.is_valid():
        said = next(iter(form.errors.values()))[0]
        return _page(request, fault=str(said), status=UNPROCESSABLE)
    is_confirmed = bool(form.cleaned_data["text"])
    try:
        text = form.cleaned_data["text"] or decode_pack(
            form.cleaned_data["pack"].read(PACK_BYTES_MAX + 1)
        )
        preview = operations.import_pack(
            organisation_id=organisation_id_of(request),
            text=text,
            by=user_of(request),
            at=now_of(request),
            is_dry_run=not is_confirmed,
        )
    except FaultyPackError as faulty:
        return _page(request, faults=faulty.errors, status=UNPROCESSABLE)
    except operations.GapsInTermsError as gaps:
        return _page(request, fault=gaps.errors[0].message, status=UNPROCESSABLE)
    if is_confirmed:
        messages.success(
            request, f"已导入 {preview.changed_count} 项；产品以草稿保存，提交审核后生效"
        )
        return redirect("catalogue:product_list")
    return _page(request, preview=preview, text=text)


@require_POST
@require_role(*WRITERS)
def lender_pack(request: HttpRequest, code: str) -> HttpResponse:
    """Download a lender's products; that it was done is on record."""
    lender = lender_or_404(request, code)
    text = operations.export_pack(
        lender=lender, day=today_of(request), by=user_of(request), at=now_of(request)
    )
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{lender.code}-products.yaml"'
    return response


def _page(
    request: HttpRequest,
    *,
    preview: operations.PackPreview | None = None,
    text: str = "",
    faults: tuple[object, ...] = (),
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    lenders = Lender.objects.filter(organisation_id=organisation_id_of(request)).order_by("code")
    return page(
        request,
        "catalogue/pack_import.html",
        status=status,
        preview=preview,
        text=text,
        faults=faults[:SHOWN_ERRORS_MAX],
        fault_count=len(faults),
        fault=fault,
        lenders=lenders,
    )
