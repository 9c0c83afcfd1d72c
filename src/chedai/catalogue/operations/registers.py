"""Registering lenders and vehicles; saying the same again changes nothing."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.db import transaction
from pypinyin import Style, lazy_pinyin

from chedai.audit.operations import record
from chedai.catalogue.models import Lender, Vehicle, VehiclePrice
from chedai.catalogue.operations.revision import bump_revision

if TYPE_CHECKING:
    from datetime import datetime

    from chedai.catalogue.packs.records import LenderRecord, VehicleRecord
    from chedai.staff.models import User


@transaction.atomic
def register_lender(
    *, organisation_id: int, lender: LenderRecord, by: User, at: datetime
) -> tuple[Lender, bool]:
    """Register a lender, or bring it up to date; False when nothing changed."""
    said = {name: value for name, value in asdict(lender).items() if name != "code"}
    row, is_new = Lender.objects.select_for_update().get_or_create(
        organisation_id=organisation_id,
        code=lender.code,
        defaults={**said, "registered_at": at, "registered_by": by},
    )
    if not is_new and not _bring_up_to_date(row, said):
        return row, False
    bump_revision(organisation_id)
    record(
        organisation_id=organisation_id,
        actor=by,
        action="lender.register",
        subject_type="lender",
        subject_id=row.code,
        after=said,
        detail={"name": row.name, "kind": row.kind},
        at=at,
    )
    return row, True


@transaction.atomic
def register_vehicle(
    *, organisation_id: int, vehicle: VehicleRecord, by: User, at: datetime
) -> tuple[Vehicle, bool]:
    """Register a vehicle and its prices, or bring them up to date; False when nothing changed."""
    said = {name: getattr(vehicle, name) for name in _VEHICLE_FIELDS}
    said["search_text"] = search_text_of(vehicle)
    row, is_new = Vehicle.objects.select_for_update().get_or_create(
        organisation_id=organisation_id,
        code=vehicle.code,
        defaults={**said, "registered_at": at, "registered_by": by},
    )
    has_changed = is_new or _bring_up_to_date(row, said)
    has_changed = _register_prices(row, vehicle, by=by, at=at) or has_changed
    if has_changed:
        record(
            organisation_id=organisation_id,
            actor=by,
            action="vehicle.register",
            subject_type="vehicle",
            subject_id=row.code,
            detail={"variant": f"{row.series} {row.variant}", "prices": len(vehicle.prices)},
            at=at,
        )
    return row, has_changed


def search_text_of(vehicle: VehicleRecord) -> str:
    """Everything a person may type to find the vehicle, lower case, in one line."""
    words = f"{vehicle.brand} {vehicle.series} {vehicle.variant}"
    series = vehicle.series.replace(" ", "")
    spelt = "".join(lazy_pinyin(series))
    initials = "".join(lazy_pinyin(series, style=Style.FIRST_LETTER))
    return f"{words} {vehicle.code} {spelt} {initials}".lower()[:400]


def _register_prices(row: Vehicle, vehicle: VehicleRecord, *, by: User, at: datetime) -> bool:
    known = {price.effective_from: price for price in row.prices.all()}
    has_changed = False
    for price in vehicle.prices:
        said = {name: value for name, value in asdict(price).items() if name != "effective_from"}
        held = known.get(price.effective_from)
        if held is not None:
            has_changed = _bring_up_to_date(held, said) or has_changed
            continue
        VehiclePrice.objects.create(
            organisation_id=row.organisation_id,
            vehicle=row,
            effective_from=price.effective_from,
            registered_at=at,
            registered_by=by,
            **said,
        )
        has_changed = True
    return has_changed


def _bring_up_to_date(row: Any, said: dict[str, Any]) -> bool:
    changed = [name for name, value in said.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, said[name])
    if changed:
        row.save(update_fields=changed)
    return bool(changed)


_VEHICLE_FIELDS = (
    "brand",
    "series",
    "variant",
    "model_year",
    "condition",
    "body_type",
    "power",
    "powertrain",
    "displacement_cc",
    "battery_kwh",
    "seats",
    "curb_weight_kg",
    "is_on_relief_catalogue",
    "insurance_first_year_fen",
    "first_registered_on",
    "mileage_km",
)
