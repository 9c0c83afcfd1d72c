"""Finding what an address names, for the organisation acted for; else 404."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest

from chedai.catalogue import queries
from chedai.catalogue.models import Lender, Product, ProductVersion
from chedai.catalogue.views.answering import user_of

WRITERS: Final = ("manager",)
APPROVERS: Final = ("manager", "compliance")
READERS: Final = ("front_desk", "advisor", "reviewer", "back_office", "manager", "compliance")
CONFLICT: Final = 409
UNPROCESSABLE: Final = 422
ID_MAX: Final = 2**63 - 1


def product_or_404(code: str) -> Product:
    """The product with this code."""
    found = queries.product_by_code(code) if "\x00" not in code else None
    if found is None:
        raise Http404("没有这个产品")
    return found


def version_or_404(version_id: int) -> ProductVersion:
    """The version with this number."""
    found = queries.version_by_id(version_id) if version_id <= ID_MAX else None
    if found is None:
        raise Http404("没有这个产品版本")
    return found


def lender_or_404(request: HttpRequest, code: str) -> Lender:
    """The lender with this code."""
    found = (
        Lender.objects.filter(organisation_id=organisation_id_of(request), code=code).first()
        if "\x00" not in code
        else None
    )
    if found is None:
        raise Http404("没有这个资金方")
    return found


def organisation_id_of(request: HttpRequest) -> int:
    """The organisation of whoever signed in."""
    return user_of(request).organisation_id


def may_write(request: HttpRequest) -> bool:
    """Whether the page offers drafting and submitting."""
    return user_of(request).has_any_role(*WRITERS)


def may_approve(request: HttpRequest) -> bool:
    """Whether the page offers approving."""
    return user_of(request).has_any_role(*APPROVERS)
