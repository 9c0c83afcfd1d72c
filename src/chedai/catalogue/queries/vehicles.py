"""Cars to choose from, each with the price of the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from chedai.catalogue.models import Vehicle, VehiclePrice
from chedai.catalogue.packs.records import BODY_TYPE_LABELS, POWERTRAIN_LABELS
from chedai.catalogue.queries.cursors import cursor_of, read_cursor
from chedai.staff.isolation import acting_organisation_id

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

PAGE_SIZE: Final = 30
WORDS_MAX: Final = 6


@dataclass(frozen=True, kw_only=True)
class VehicleOption:
    """A car with what it costs on a day.

    ``usual_price_fen`` is the list price less the usual discount, or what a used car is asked for.
    """

    id: int
    code: str
    brand: str
    series: str
    variant: str
    model_year: int
    condition: str
    body_type: str
    power: str
    powertrain: str
    displacement_cc: int | None
    battery_kwh: Decimal | None
    seats: int
    curb_weight_kg: int
    is_on_relief_catalogue: bool
    insurance_first_year_fen: int
    first_registered_on: date | None
    mileage_km: int | None
    list_price_fen: int
    dealer_discount_fen: int
    asking_price_fen: int | None
    appraised_price_fen: int | None

    @property
    def usual_price_fen(self) -> int:
        """What the car usually sells for."""
        if self.asking_price_fen is not None:
            return self.asking_price_fen
        return self.list_price_fen - self.dealer_discount_fen

    @property
    def label(self) -> str:
        """Series and variant in one line."""
        return f"{self.series} {self.variant}"

    @property
    def body_type_label(self) -> str:
        """Body in Chinese."""
        return BODY_TYPE_LABELS[self.body_type]  # type: ignore[index]

    @property
    def powertrain_label(self) -> str:
        """Powertrain in Chinese."""
        return POWERTRAIN_LABELS[self.powertrain]  # type: ignore[index]

    def age_months_on(self, day: date) -> int | None:
        """Whole months since first registration; None for a new car."""
        first = self.first_registered_on
        if first is None:
            return None
        months = (day.year - first.year) * 12 + day.month - first.month
        return max(0, months - (day.day < first.day))


@dataclass(frozen=True)
class VehiclePage:
    """A page of cars; ``next_cursor`` is empty on the last one."""

    vehicles: tuple[VehicleOption, ...]
    next_cursor: str


def vehicle_options(
    *,
    day: date,
    condition: str = "",
    brand: str = "",
    power: str = "",
    body_type: str = "",
    price_max_fen: int | None = None,
    limit: int = 200,
) -> tuple[VehicleOption, ...]:
    """Cars that have a price on a day, by brand and series."""
    rows = _priced(day)
    for name, value in (
        ("condition", condition),
        ("brand", brand),
        ("power", power),
        ("body_type", body_type),
    ):
        if value:
            rows = rows.filter(**{name: value})
    if price_max_fen is not None:
        rows = rows.filter(
            Q(price_asking_fen__lte=price_max_fen)
            | Q(
                price_asking_fen__isnull=True,
                price_list_fen__lte=F("price_discount_fen") + price_max_fen,
            )
        )
    return tuple(_option(row) for row in rows[:limit])


def search_vehicles(text: str, *, day: date, limit: int = 12) -> tuple[VehicleOption, ...]:
    """Cars whose words, pinyin or initials hold every word typed."""
    return tuple(_option(row) for row in _matching(text, day)[:limit])


def vehicle_page(
    *, day: date, text: str = "", condition: str = "", cursor: str = ""
) -> VehiclePage:
    """One page of the showroom; an ``UnreadableCursorError`` when the cursor is not ours."""
    rows = _matching(text, day)
    if condition:
        rows = rows.filter(condition=condition)
    if cursor:
        brand, series, pk = read_cursor(cursor, 3)
        rows = rows.filter(
            Q(brand__gt=brand)
            | Q(brand=brand, series__gt=series)
            | Q(brand=brand, series=series, pk__gt=int(pk))
        )
    found = list(rows[: PAGE_SIZE + 1])
    shown = tuple(_option(row) for row in found[:PAGE_SIZE])
    edge = shown[-1] if len(found) > PAGE_SIZE else None
    return VehiclePage(shown, cursor_of(edge.brand, edge.series, edge.id) if edge else "")


def vehicle_by_code(code: str, *, day: date) -> VehicleOption | None:
    """One car with its price on a day; None when there is none, or no price yet."""
    row = _priced(day).filter(code=code).first()
    return _option(row) if row is not None else None


def vehicle_by_id(vehicle_id: int, *, day: date) -> VehicleOption | None:
    """One car with its price on a day; None when there is none, or no price yet."""
    row = _priced(day).filter(pk=vehicle_id).first()
    return _option(row) if row is not None else None


def _matching(text: str, day: date) -> QuerySet[Vehicle]:
    rows = _priced(day)
    for word in text.lower().split()[:WORDS_MAX]:
        rows = rows.filter(search_text__contains=word)
    return rows


def _priced(day: date) -> QuerySet[Vehicle]:
    prices = VehiclePrice.objects.filter(
        vehicle_id=OuterRef("pk"), effective_from__lte=day
    ).order_by("-effective_from")
    return (
        Vehicle.objects.filter(organisation_id=acting_organisation_id())
        .annotate(price_id=Subquery(prices.values("pk")[:1]))
        .filter(price_id__isnull=False)
        .annotate(
            price_list_fen=Subquery(prices.values("list_price_fen")[:1]),
            price_discount_fen=Subquery(prices.values("dealer_discount_fen")[:1]),
            price_asking_fen=Subquery(prices.values("asking_price_fen")[:1]),
            price_appraised_fen=Subquery(prices.values("appraised_price_fen")[:1]),
        )
        .order_by("brand", "series", "pk")
    )


def _option(row: Vehicle) -> VehicleOption:
    facts = {name: getattr(row, name) for name in _OWN_FIELDS}
    return VehicleOption(
        **facts,
        list_price_fen=row.price_list_fen,  # type: ignore[attr-defined]
        dealer_discount_fen=row.price_discount_fen,  # type: ignore[attr-defined]
        asking_price_fen=row.price_asking_fen,  # type: ignore[attr-defined]
        appraised_price_fen=row.price_appraised_fen,  # type: ignore[attr-defined]
    )


_OWN_FIELDS: Final = (
    "id",
    "code",
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
