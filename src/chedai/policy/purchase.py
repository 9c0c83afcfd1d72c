"""Cost of purchase (落地价): what is paid on the day, and what may come back later."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from chedai.core.money import ROUNDINGS
from chedai.core.rules.facts import Power, VehicleCondition, VehicleUse
from chedai.policy.later_money import LaterMoney, OldCarExit, trade_in_money
from chedai.policy.ltv import LtvBase, ltv_base
from chedai.policy.scope import Scope
from chedai.policy.units import band_for
from chedai.policy.wording import limit_text, yuan_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from chedai.core.rules.finding import Citation
    from chedai.policy.book import PolicyBook
    from chedai.policy.day import PolicyDay

__all__ = [
    "LaterMoney",
    "LtvBase",
    "OldCarExit",
    "PurchaseCost",
    "PurchaseLine",
    "PurchaseNote",
    "VehicleFacts",
    "cost_of_purchase",
    "ltv_base",
]

_USUAL_SEATS = 5


@dataclass(frozen=True, kw_only=True)
class VehicleFacts:
    """The car as bought. ``price_fen`` is the invoice price with VAT, in fen.

    ``displacement_cc`` is ``None`` for a battery car and for an unknown engine;
    ``is_on_relief_catalogue`` is ``None`` where nobody has looked yet.
    """

    price_fen: int
    vehicle_use: VehicleUse
    vehicle_condition: VehicleCondition
    power: Power
    seats: int | None = None
    displacement_cc: int | None = None
    is_on_relief_catalogue: bool | None = None
    province: str | None = None


@dataclass(frozen=True, kw_only=True)
class PurchaseLine:
    """One payment of the purchase, with who receives it and from which text it follows."""

    code: str
    name_zh: str
    amount_fen: int
    is_estimate: bool
    payee: str
    citation: Citation | None
    derivation: str = ""


@dataclass(frozen=True, kw_only=True)
class PurchaseNote:
    """A remark on the cost that is not an amount."""

    text_zh: str
    citation: Citation | None


@dataclass(frozen=True, kw_only=True)
class PurchaseCost:
    """Everything paid to own the car, and apart from it what may be paid back later.

    ``later_money`` is conditional and never counts as down payment.
    """

    lines: tuple[PurchaseLine, ...]
    later_money: tuple[LaterMoney, ...]
    notes: tuple[PurchaseNote, ...]
    policy: PolicyDay

    @property
    def total_fen(self) -> int:
        """The on-road price in fen; later money is not taken off."""
        return sum(line.amount_fen for line in self.lines)

    @property
    def beside_vehicle_fen(self) -> int:
        """Tax, insurance and fees in fen: what comes on top of the car's price."""
        return sum(line.amount_fen for line in self.lines if line.code != "vehicle_price")

    @property
    def estimated_fen(self) -> int:
        """The part of the total in fen that is an estimate."""
        return sum(line.amount_fen for line in self.lines if line.is_estimate)

    def line(self, code: str) -> PurchaseLine | None:
        """Return the line of that code, or ``None``."""
        return next((line for line in self.lines if line.code == code), None)


def cost_of_purchase(
    *,
    vehicle: VehicleFacts,
    invoice_on: date,
    policy: PolicyBook,
    commercial_insurance_fen: int | None = None,
    old_car: OldCarExit | None = None,
    further_lines: tuple[PurchaseLine, ...] = (),
) -> PurchaseCost:
    """Add up what the buyer pays, by the rules of the invoice day.

    Parameters
    ----------
    commercial_insurance_fen
        A quote or estimate in fen; left out where ``None``, with a note.
    old_car
        What happens to the customer's old car; decides which later money is shown.
    further_lines
        The dealer's own fees, already with payee.
    """
    scope = Scope(
        vehicle_use=vehicle.vehicle_use,
        vehicle_condition=vehicle.vehicle_condition,
        power=vehicle.power,
        province=vehicle.province,
    )
    day = policy.on(invoice_on, scope=scope)
    later = trade_in_money(
        price_fen=vehicle.price_fen,
        displacement_cc=vehicle.displacement_cc,
        old_car=old_car,
        policy=day,
    )
    lines = (
        PurchaseLine(
            code="vehicle_price",
            name_zh="车价",
            amount_fen=vehicle.price_fen,
            is_estimate=False,
            payee="经销商",
            citation=None,
        ),
        _purchase_tax(vehicle, day),
        _compulsory_insurance(vehicle, day),
        *_vehicle_tax(vehicle, day),
        _plate_fee(day),
        *_commercial_insurance(commercial_insurance_fen),
        *further_lines,
    )
    notes = (*_luxury_note(vehicle, day), *_gaps(vehicle, commercial_insurance_fen))
    return PurchaseCost(lines=lines, later_money=later, notes=notes, policy=day)


def _purchase_tax(vehicle: VehicleFacts, day: PolicyDay) -> PurchaseLine:
    if vehicle.vehicle_condition == VehicleCondition.USED:
        cited = day.clause("purchase-tax-law", article="第三条")
        return _tax_line(0, citation=cited, derivation="二手车已征过购置税，不再征收")
    rate, vat = day.value("purchase_tax_rate"), day.value("vat_rate_goods")
    net = Fraction(vehicle.price_fen) / (1 + Fraction(vat.decimal))
    full = net * Fraction(rate.decimal)
    how = (
        f"{yuan_text(vehicle.price_fen)} ÷ (1+{limit_text(vat.decimal)})"
        f" × {limit_text(rate.decimal)} = {yuan_text(_fen(full))}"
    )
    share = day.value("purchase_tax_relief_share")
    if not share.decimal or vehicle.is_on_relief_catalogue is False:
        return _tax_line(_fen(full), citation=rate.citation, derivation=how)
    cap = day.value("purchase_tax_relief_cap_fen")
    relief = min(full * Fraction(share.decimal), Fraction(cap.whole))
    return _tax_line(
        _fen(full - relief),
        citation=share.citation,
        derivation=f"{how}；新能源减免 {limit_text(share.decimal)}，上限 {yuan_text(cap.whole)}，"
        f"减免 {yuan_text(_fen(relief))}",
        is_estimate=vehicle.is_on_relief_catalogue is None,
    )


def _tax_line(
    amount_fen: int, *, citation: Citation | None, derivation: str, is_estimate: bool = False
) -> PurchaseLine:
    return PurchaseLine(
        code="purchase_tax",
        name_zh="车辆购置税",
        amount_fen=amount_fen,
        is_estimate=is_estimate,
        payee="税务机关",
        citation=citation,
        derivation=derivation,
    )


def _compulsory_insurance(vehicle: VehicleFacts, day: PolicyDay) -> PurchaseLine:
    premium = day.value("compulsory_insurance_fen")
    band = band_for(premium.bands, vehicle.seats or _USUAL_SEATS)
    is_usual = (
        vehicle.seats is not None
        and vehicle.vehicle_use == VehicleUse.PRIVATE
        and vehicle.vehicle_condition == VehicleCondition.NEW
    )
    return PurchaseLine(
        code="compulsory_insurance",
        name_zh="交强险",
        amount_fen=band.high_fen,
        is_estimate=not is_usual,
        payee="保险公司",
        citation=premium.citation,
        derivation=f"按 {vehicle.seats or _USUAL_SEATS} 座首年基础保费",
    )


def _vehicle_tax(vehicle: VehicleFacts, day: PolicyDay) -> Iterator[PurchaseLine]:
    if vehicle.power == Power.NEW_ENERGY:
        free = day.value("vehicle_tax_new_energy_fen")
        amount_fen, cited, how = free.whole, free.citation, "新能源乘用车免征或不征"
    elif vehicle.displacement_cc is not None:
        scale = day.value("vehicle_tax_fen")
        band = band_for(scale.bands, vehicle.displacement_cc)
        amount_fen, cited = band.high_fen, scale.citation
        how = (
            f"{vehicle.displacement_cc} 毫升，年税额 {yuan_text(band.low_fen)} 至 "
            f"{yuan_text(band.high_fen)}，按上限估算；当年按月折算"
        )
    else:
        return
    yield PurchaseLine(
        code="vehicle_tax",
        name_zh="车船税",
        amount_fen=amount_fen,
        is_estimate=True,
        payee="保险公司代收",
        citation=cited,
        derivation=how,
    )


def _plate_fee(day: PolicyDay) -> PurchaseLine:
    fee = day.value("plate_fee_fen")
    return PurchaseLine(
        code="plate_fee",
        name_zh="上牌工本费",
        amount_fen=fee.whole,
        is_estimate=True,
        payee="车辆管理所",
        citation=fee.citation,
        derivation=fee.note,
    )


def _commercial_insurance(amount_fen: int | None) -> Iterator[PurchaseLine]:
    if amount_fen is not None:
        yield PurchaseLine(
            code="commercial_insurance",
            name_zh="商业险",
            amount_fen=amount_fen,
            is_estimate=True,
            payee="保险公司",
            citation=None,
            derivation="按提供的估价，以保单为准",
        )


def _luxury_note(vehicle: VehicleFacts, day: PolicyDay) -> Iterator[PurchaseNote]:
    if vehicle.vehicle_condition == VehicleCondition.USED:
        return
    threshold = day.value("luxury_car_price_fen")
    net = Fraction(vehicle.price_fen) / (1 + Fraction(day.value("vat_rate_goods").decimal))
    if net >= threshold.whole:
        rate = day.value("luxury_car_tax_rate")
        yield PurchaseNote(
            text_zh=f"不含增值税车价 {yuan_text(_fen(net))} 达到 {yuan_text(threshold.whole)}，"
            f"零售环节另有 {limit_text(rate.decimal)} 消费税，请向经销商确认车价是否已含",
            citation=threshold.citation,
        )


def _gaps(vehicle: VehicleFacts, commercial_insurance_fen: int | None) -> Iterator[PurchaseNote]:
    if commercial_insurance_fen is None:
        yield PurchaseNote(text_zh="商业险未计入，取得报价后补充", citation=None)
    if vehicle.power == Power.COMBUSTION and vehicle.displacement_cc is None:
        yield PurchaseNote(text_zh="排气量未知，车船税未计入", citation=None)
    if vehicle.seats is None:
        yield PurchaseNote(text_zh=f"座位数未知，交强险按 {_USUAL_SEATS} 座估算", citation=None)


def _fen(amount: Fraction) -> int:
    return ROUNDINGS["half_up"](amount.numerator, amount.denominator)
