"""Packs in and out: look at what an import would do, do it, write a lender's products out."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from django.db import transaction
from django.db.models import Q

from chedai.audit.operations import record
from chedai.catalogue.models import Lender, Product, ProductVersion, Publication, Vehicle
from chedai.catalogue.operations.drafts import ProductCodeTakenError, draft_version
from chedai.catalogue.operations.registers import register_lender, register_vehicle
from chedai.catalogue.packs.products import (
    PackedVersion,
    PackLender,
    packed_versions,
    write_products,
)
from chedai.catalogue.packs.records import packed_lenders, packed_vehicles
from chedai.catalogue.packs.text import FaultyPackError, Pack, PackError, read_pack
from chedai.core.plans.product import ProductTerms

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from chedai.staff.models import User

Outcome = Literal["new", "changed", "same"]
OUTCOME_LABELS: Final[dict[Outcome, str]] = {
    "new": "新建",
    "changed": "新的一版",
    "same": "没有变化，跳过",
}


@dataclass(frozen=True)
class PackItem:
    """What an import does with one entry."""

    line: int
    code: str
    name: str
    outcome: Outcome
    version_id: int | None = None

    @property
    def outcome_label(self) -> str:
        """The outcome in Chinese."""
        return OUTCOME_LABELS[self.outcome]


@dataclass(frozen=True)
class PackPreview:
    """What an import does, entry by entry."""

    kind: str
    items: tuple[PackItem, ...]

    @property
    def changed_count(self) -> int:
        """How many entries change anything."""
        return sum(item.outcome != "same" for item in self.items)


def import_pack(
    *, organisation_id: int, text: str, by: User, at: datetime, is_dry_run: bool = False
) -> PackPreview:
    """Import a pack: all of it or nothing. Product versions become drafts, never publications.

    A dry run goes the whole way and is then thrown away, so that it finds what the import would.
    A pack with faults is refused with ``FaultyPackError``, every fault with its line.
    """
    pack = read_pack(text)
    with transaction.atomic():
        items = _IMPORTERS[pack.kind](pack, organisation_id=organisation_id, by=by, at=at)
        preview = PackPreview(kind=pack.kind, items=items)
        if is_dry_run:
            transaction.set_rollback(True)
        elif preview.changed_count:
            record(
                organisation_id=organisation_id,
                actor=by,
                action="pack.import",
                subject_type="pack",
                subject_id=pack.kind,
                detail={"entries": len(items), "changed": preview.changed_count},
                at=at,
            )
    return preview


@transaction.atomic
def export_pack(*, lender: Lender, day: date, by: User, at: datetime) -> str:
    """Write out the lender's products as they stand on a day and later; who did so is recorded."""
    publications = (
        Publication.objects.filter(product__lender=lender, product__withdrawal__isnull=True)
        .filter(Q(effective__contains=day) | Q(effective__startswith__gt=day))
        .select_related("version")
        .order_by("product__code", "effective")
    )
    versions = [
        (publication.effective.lower, ProductTerms.from_json(publication.version.terms))
        for publication in publications
    ]
    record(
        organisation_id=lender.organisation_id,
        actor=by,
        action="pack.export",
        subject_type="lender",
        subject_id=lender.code,
        detail={"versions": len(versions)},
        at=at,
    )
    return write_products(lender.code, versions)


def _import_products(
    pack: Pack, *, organisation_id: int, by: User, at: datetime
) -> tuple[PackItem, ...]:
    lender = _lender_of(pack, organisation_id)
    versions = packed_versions(
        pack, lender=PackLender(code=lender.code, name=lender.name, kind=lender.kind)
    )
    known = set(Product.objects.filter(lender=lender).values_list("code", flat=True))
    written = [
        (version.effective_from, version.terms)
        for version in ProductVersion.objects.filter(product__lender=lender)
    ]
    return tuple(
        _import_version(
            version,
            lender=lender,
            is_known=version.terms.code in known,
            is_same=(version.effective_from, version.terms.to_json()) in written,
            by=by,
            at=at,
        )
        for version in versions
    )


def _import_version(
    packed: PackedVersion,
    *,
    lender: Lender,
    is_known: bool,
    is_same: bool,
    by: User,
    at: datetime,
) -> PackItem:
    terms = packed.terms
    if is_same:
        return PackItem(packed.line, terms.code, terms.name, "same")
    try:
        version, _ = draft_version(
            lender=lender,
            terms=terms,
            effective_from=packed.effective_from,
            form_key=uuid.uuid4(),
            by=by,
            at=at,
        )
    except ProductCodeTakenError as taken:
        raise FaultyPackError((PackError(packed.line, "code", str(taken)),)) from taken
    outcome: Outcome = "changed" if is_known or version.number > 1 else "new"
    return PackItem(packed.line, terms.code, terms.name, outcome, version.pk)


def _lender_of(pack: Pack, organisation_id: int) -> Lender:
    code = pack.header.get("lender_code")
    lender = Lender.objects.filter(organisation_id=organisation_id, code=code or "").first()
    if lender is None:
        message = f"没有代码为 {code} 的资金方，请先导入或登记资金方"
        at = pack.line_of("lender_code")
        raise FaultyPackError((PackError(at, "lender_code", message),))
    return lender


def _import_lenders(
    pack: Pack, *, organisation_id: int, by: User, at: datetime
) -> tuple[PackItem, ...]:
    known = set(
        Lender.objects.filter(organisation_id=organisation_id).values_list("code", flat=True)
    )
    items = []
    for i, lender in enumerate(packed_lenders(pack)):
        row, has_changed = register_lender(
            organisation_id=organisation_id, lender=lender, by=by, at=at
        )
        line = pack.line_of(f"lenders[{i}]")
        outcome = _outcome(is_known=row.code in known, has_changed=has_changed)
        items.append(PackItem(line, row.code, row.name, outcome))
    return tuple(items)


def _import_vehicles(
    pack: Pack, *, organisation_id: int, by: User, at: datetime
) -> tuple[PackItem, ...]:
    known = set(
        Vehicle.objects.filter(organisation_id=organisation_id).values_list("code", flat=True)
    )
    items = []
    for i, vehicle in enumerate(packed_vehicles(pack)):
        row, has_changed = register_vehicle(
            organisation_id=organisation_id, vehicle=vehicle, by=by, at=at
        )
        line = pack.line_of(f"vehicles[{i}]")
        outcome = _outcome(is_known=row.code in known, has_changed=has_changed)
        items.append(PackItem(line, row.code, f"{row.series} {row.variant}", outcome))
    return tuple(items)


def _outcome(*, is_known: bool, has_changed: bool) -> Outcome:
    if not has_changed:
        return "same"
    return "changed" if is_known else "new"


_IMPORTERS: Final[dict[str, Callable[..., tuple[PackItem, ...]]]] = {
    "lenders/1": _import_lenders,
    "products/1": _import_products,
    "vehicles/1": _import_vehicles,
}
