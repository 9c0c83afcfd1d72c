"""Lenders and vehicles as entries of a pack, read as strictly as product terms."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal, TypeVar

from chedai.catalogue.packs.text import FaultyPackError, Pack, PackError
from chedai.core.plans.product import FieldError, MalformedTermsError
from chedai.core.plans.product.reading import Between, from_plain
from chedai.core.plans.product.terms import Fen, LenderKind, Power, Text, VehicleCondition

T = TypeVar("T")

BodyType = Literal["sedan", "suv", "mpv", "hatchback", "pickup", "microvan", "light_truck"]
Powertrain = Literal["petrol", "diesel", "hybrid", "phev", "erev", "bev"]

BODY_TYPE_LABELS: Final[dict[BodyType, str]] = {
    "sedan": "轿车",
    "suv": "SUV",
    "mpv": "MPV",
    "hatchback": "两厢车",
    "pickup": "皮卡",
    "microvan": "微型客货车",
    "light_truck": "轻型货车",
}
POWERTRAIN_LABELS: Final[dict[Powertrain, str]] = {
    "petrol": "汽油",
    "diesel": "柴油",
    "hybrid": "油电混动",
    "phev": "插电混动",
    "erev": "增程",
    "bev": "纯电",
}


@dataclass(frozen=True)
class LenderRecord:
    """Who lends: the legal name is what contracts and fee receipts must show."""

    code: Text
    name: Text
    kind: LenderKind
    legal_name: Text
    note: str = ""
    service_phone: str = ""


@dataclass(frozen=True)
class PriceRecord:
    """Prices of a vehicle from a day on.

    ``list_price_fen`` is the maker's published price when new. A used car also has what the
    store asks and what the appraiser says.
    """

    effective_from: date
    list_price_fen: Fen
    dealer_discount_fen: Fen = 0
    asking_price_fen: Fen | None = None
    appraised_price_fen: Fen | None = None


@dataclass(frozen=True)
class VehicleRecord:
    """One variant on sale, or one particular used car.

    ``insurance_first_year_fen`` estimates compulsory and commercial cover together.
    """

    code: Text
    brand: Text
    series: Text
    variant: Text
    model_year: Annotated[int, Between(1990, 2100)]
    condition: VehicleCondition
    body_type: BodyType
    power: Power
    powertrain: Powertrain
    seats: Annotated[int, Between(1, 20)]
    curb_weight_kg: Annotated[int, Between(100, 20_000)]
    is_on_relief_catalogue: bool
    insurance_first_year_fen: Fen
    prices: tuple[PriceRecord, ...]
    displacement_cc: Annotated[int, Between(1, 20_000)] | None = None
    battery_kwh: Annotated[Decimal, Between(0, 1_000)] | None = None
    first_registered_on: date | None = None
    mileage_km: Annotated[int, Between(0, 2_000_000)] | None = None


def packed_lenders(pack: Pack) -> tuple[LenderRecord, ...]:
    """Every lender of a pack; a ``FaultyPackError`` names every fault with its line."""
    return _records(pack, LenderRecord, "lenders", lambda _record: ())


def packed_vehicles(pack: Pack) -> tuple[VehicleRecord, ...]:
    """Every vehicle of a pack; a ``FaultyPackError`` names every fault with its line."""
    return _records(pack, VehicleRecord, "vehicles", vehicle_gaps)


def vehicle_gaps(vehicle: VehicleRecord) -> tuple[FieldError, ...]:
    """Name what a well-formed vehicle still leaves open or contradicts."""
    gaps = []
    if not vehicle.prices:
        gaps.append(FieldError("prices", "至少要有一个价格"))
    if (vehicle.power == "new_energy") != (vehicle.powertrain in {"phev", "erev", "bev"}):
        gaps.append(FieldError("powertrain", "动力形式与新能源、燃油的分类不符"))
    if vehicle.powertrain != "bev" and vehicle.displacement_cc is None:
        gaps.append(FieldError("displacement_cc", "有发动机的车必须写排量"))
    if vehicle.powertrain in {"bev", "phev", "erev"} and vehicle.battery_kwh is None:
        gaps.append(FieldError("battery_kwh", "能充电的车必须写电池容量"))
    gaps += _used_gaps(vehicle)
    for i, price in enumerate(vehicle.prices):
        if price.dealer_discount_fen >= price.list_price_fen:
            gaps.append(FieldError(f"prices[{i}].dealer_discount_fen", "优惠不能达到指导价"))
    return tuple(gaps)


def _used_gaps(vehicle: VehicleRecord) -> list[FieldError]:
    is_used = vehicle.condition == "used"
    gaps = [
        FieldError(name, "二手车必须写明" if is_used else "只有二手车才写")
        for name in ("first_registered_on", "mileage_km")
        if (getattr(vehicle, name) is not None) != is_used
    ]
    gaps += [
        FieldError(f"prices[{i}].{name}", "二手车必须写明" if is_used else "只有二手车才写")
        for i, price in enumerate(vehicle.prices)
        for name in ("asking_price_fen", "appraised_price_fen")
        if (getattr(price, name) is not None) != is_used
    ]
    return gaps


def _records(
    pack: Pack, kind: type[T], key: str, gaps_of: Callable[[T], tuple[FieldError, ...]]
) -> tuple[T, ...]:
    errors: list[PackError] = []
    records: list[T] = []
    seen: dict[str, int] = {}
    for i, entry in enumerate(pack.entries):
        at = f"{key}[{i}]"
        try:
            record = from_plain(kind, entry)
        except MalformedTermsError as error:
            faults: tuple[FieldError, ...] = error.errors
        else:
            records.append(record)
            faults = gaps_of(record)
            faults += _repeated(str(getattr(record, "code", "")), pack.line_of(at), seen)
        errors += [
            PackError(pack.line_of(f"{at}.{fault.path}"), f"{at}.{fault.path}", fault.message)
            for fault in faults
        ]
    if errors:
        raise FaultyPackError(tuple(errors))
    return tuple(records)


def _repeated(code: str, line: int, seen: dict[str, int]) -> tuple[FieldError, ...]:
    if code in seen:
        return (FieldError("code", f"代码 {code} 在第 {seen[code]} 行已写过"),)
    seen[code] = line
    return ()
