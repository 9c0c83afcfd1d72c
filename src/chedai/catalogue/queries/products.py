"""What may be sold on a day: read by the desk on every request, so kept parsed in memory."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from chedai.catalogue.models import CatalogueRevision, ProductVersion, Publication
from chedai.core.plans.product import ProductTerms
from chedai.core.plans.product import ProductVersion as ProductVersionTerms
from chedai.staff.isolation import acting_organisation_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

KEPT_MAX: Final = 64
Versions = tuple[ProductVersionTerms, ...]


class UnknownVersionError(Exception):
    """No such version in this organisation."""


class _Kept:
    """Parsed versions by organisation and day, as of the catalogue revision they were read at."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, date], tuple[int, Versions]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[int, date], revision: int) -> Versions | None:
        with self._lock:
            held = self._kept.get(key)
            if held is None or held[0] != revision:
                return None
            self._kept.move_to_end(key)
            return held[1]

    def put(self, key: tuple[int, date], revision: int, versions: Versions) -> None:
        with self._lock:
            self._kept[key] = (revision, versions)
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT_MAX:
                self._kept.popitem(last=False)


_kept = _Kept()


def product_versions_on(day: date) -> Versions:
    """Every version in force on a day for the organisation acted for, by product code.

    One query when nothing changed since it was last asked in this process, two otherwise. The
    revision is read before the versions: what is kept can only be newer than its number says,
    and is then read again.
    """
    organisation_id = acting_organisation_id()
    revision = (
        CatalogueRevision.objects.filter(organisation_id=organisation_id)
        .values_list("revision", flat=True)
        .first()
    ) or 0
    key = (organisation_id, day)
    versions = _kept.get(key, revision)
    if versions is None:
        versions = _read_versions(organisation_id, day)
        _kept.put(key, revision, versions)
    return versions


def product_terms_on(day: date) -> list[tuple[int, ProductTerms]]:
    """Give (id of the version, its terms) of everything that may be sold on a day."""
    versions = product_versions_on(day)
    return [(int(version.version_id), version.terms) for version in versions]


def terms_of_versions(version_ids: Iterable[int]) -> dict[int, ProductTerms]:
    """Terms of these versions, in force or not: what a stored plan was computed from.

    Raises
    ------
    UnknownVersionError
        One of them does not exist here.
    """
    wanted = set(version_ids)
    rows = ProductVersion.objects.filter(pk__in=wanted).select_related("product__lender")
    found = {row.pk: ProductTerms.from_json(row.terms) for row in rows}
    missing = wanted - set(found)
    if missing:
        message = f"没有编号为 {sorted(missing)} 的产品版本"
        raise UnknownVersionError(message)
    return found


def _read_versions(organisation_id: int, day: date) -> Versions:
    rows = (
        Publication.objects.filter(organisation_id=organisation_id, effective__contains=day)
        .filter(
            Q(product__withdrawal__isnull=True) | Q(product__withdrawal__withdrawn_from__gt=day)
        )
        .order_by("product__code")
        .values_list("version_id", "version__terms")
    )
    return tuple(
        ProductVersionTerms(version_id=str(version_id), terms=ProductTerms.from_json(terms))
        for version_id, terms in rows
    )
