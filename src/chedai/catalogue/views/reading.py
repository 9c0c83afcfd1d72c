from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from chedai.catalogue import queries
from chedai.catalogue.models import Lender
from chedai.catalogue.packs.example_prices import example_prices
from chedai.catalogue.queries.listing import STATE_LABELS, VersionRow
from chedai.catalogue.queries.wording import changes_between, sheet_of
from chedai.catalogue.views.answering import page, today_of
from chedai.catalogue.views.finding import (
    READERS,
    may_approve,
    may_write,
    organisation_id_of,
    product_or_404,
    version_or_404,
)
from chedai.core.plans.product import (
    CONTRACT_NATURE_LABELS,
    FAMILY_LABELS,
    LENDER_KIND_LABELS,
    ProductTerms,
    ownership_banner,
)
from chedai.staff.roles import require_role


@require_GET
@require_role(*READERS)
def product_list(request: HttpRequest) -> HttpResponse:
    narrowed = queries.ProductFilter(
        lender_kind=_said(request, "kind"),
        family=_said(request, "family"),
        state=_said(request, "state"),
        text=_said(request, "q"),
    )
    try:
        result = queries.product_page(
            day=today_of(request), narrowed=narrowed, cursor=_said(request, "after", 400)
        )
    except queries.UnreadableCursorError:
        return redirect("catalogue:product_list")
    lenders = Lender.objects.filter(organisation_id=organisation_id_of(request)).order_by("code")
    return page(
        request,
        "catalogue/product_list.html",
        block=_block(request),
        result=result,
        narrowed=narrowed,
        lenders=lenders,
        kinds=LENDER_KIND_LABELS,
        families=FAMILY_LABELS,
        states=STATE_LABELS,
        may_write=may_write(request),
    )


@require_GET
@require_role(*READERS)
def product(request: HttpRequest, code: str) -> HttpResponse:
    """The version of today, or the nearest thing to it."""
    found = product_or_404(code)
    rows = queries.versions_of(found, day=today_of(request))
    return _sheet(request, found, rows, _most_telling(rows))


@require_GET
@require_role(*READERS)
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    wanted = version_or_404(version_id)
    rows = queries.versions_of(wanted.product, day=today_of(request))
    shown = next(row for row in rows if row.version.pk == wanted.pk)
    return _sheet(request, product_or_404(wanted.product.code), rows, shown)


@require_GET
@require_role(*READERS)
def vehicle_list(request: HttpRequest) -> HttpResponse:
    text, condition = _said(request, "q"), _said(request, "condition")
    condition = condition if condition in {"new", "used"} else ""
    day = today_of(request)
    try:
        result = queries.vehicle_page(
            day=day, text=text, condition=condition, cursor=_said(request, "after", 400)
        )
    except queries.UnreadableCursorError:
        return redirect("catalogue:vehicle_list")
    return page(
        request,
        "catalogue/vehicle_list.html",
        block=_block(request),
        result=result,
        text=text,
        condition=condition,
        day=day,
    )


def _said(request: HttpRequest, name: str, length: int = 60) -> str:
    return request.GET.get(name, "")[:length].replace("\x00", "").strip()


def _block(request: Any) -> str | None:
    if not request.htmx:
        return None
    return "more" if request.GET.get("after") else "rows"


def _most_telling(rows: tuple[VersionRow, ...]) -> VersionRow:
    order = ("in_force", "future", "waiting", "ended", "rejected", "draft")
    return min(rows, key=lambda row: order.index(row.state))


def _sheet(
    request: HttpRequest, found: Any, rows: tuple[VersionRow, ...], shown: VersionRow
) -> HttpResponse:
    earlier = [row for row in rows if row.version.number < shown.version.number]
    before: ProductTerms | None = earlier[0].terms if earlier else None
    return page(
        request,
        "catalogue/product.html",
        product=found,
        withdrawal=getattr(found, "withdrawal", None),
        rows=rows,
        shown=shown,
        terms=shown.terms,
        lines=sheet_of(shown.terms),
        prices=example_prices(shown.terms),
        changes=changes_between(before, shown.terms),
        compared_with=earlier[0].version.number if earlier else None,
        nature_label=CONTRACT_NATURE_LABELS[shown.terms.contract_nature],
        ownership=ownership_banner(shown.terms.contract_nature),
        may_write=may_write(request),
        may_approve=may_approve(request),
        errors={},
    )
