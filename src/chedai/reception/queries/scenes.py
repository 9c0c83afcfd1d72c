"""The scene: need, car, cost of purchase and offers put together, with every assumption named.

Reception asks what would change it; planning prices it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Final

from django.conf import settings

from chedai.core.dates import add_months
from chedai.core.plans.plan import CarFacts, ContractDates, CostLine
from chedai.core.plans.pricing import dates_of
from chedai.core.plans.product import ProductVersion
from chedai.core.rules import facts as rule_facts
from chedai.needs.facts import NeedFacts
from chedai.policy.book import PolicyBook
from chedai.policy.purchase import OldCarExit, PurchaseCost, VehicleFacts, cost_of_purchase

STEP_FEN: Final = 100_00
USUAL_DOWN_PAYMENT_RATIO_BP: Final = 3_000
BP: Final = 10_000
ADD_ONS_PAID: Final = "add_ons_paid"
ADD_ONS_FINANCED: Final = "add_ons_financed"
ADD_ONS_PAYEE: Final = "经销商"
TERM_CHOICES: Final = (12, 24, 36, 48, 60, 72, 84)
NEW_ENERGY: Final = frozenset(
    {"battery_electric", "plug_in_hybrid", "range_extender", "new_energy"}
)


@dataclass(frozen=True, kw_only=True)
class Vehicle:
    """A car of the catalogue, as far as the desk needs it; fen and cc."""

    code: str
    brand: str
    label: str
    list_price_fen: int | None
    appraised_price_fen: int | None
    seats: int | None
    displacement_cc: int | None
    is_on_relief_catalogue: bool | None
    insurance_estimate_fen: int | None
    age_months: int | None = None
    mileage_km: int | None = None


@dataclass(frozen=True, kw_only=True)
class DeskChoice:
    """What the advisor set by hand; None = as the need says.

    ``add_ons_fen`` is the price of what is bought with the car beside tax and insurance,
    ``add_ons_financed_fen`` the part of it that is added to the loan.
    """

    vehicle: Vehicle | None = None
    vehicle_price_fen: int | None = None
    down_payment_fen: int | None = None
    down_payment_step_fen: int | None = None
    terms_months: tuple[int, int, int] | None = None
    condition: str | None = None
    power: str | None = None
    use: str | None = None
    prepayment_month: int | None = None
    add_ons_fen: int = 0
    add_ons_financed_fen: int = 0


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Everything a search needs; ``assumptions`` are the dashed chips (label, words)."""

    facts: NeedFacts
    choice: DeskChoice
    car: CarFacts
    purchase: PurchaseCost
    costs: tuple[CostLine, ...]
    products: tuple[ProductVersion, ...]
    province: str
    on: date
    first_due_on: date
    down_payment_fen: int
    down_payment_step_fen: int
    terms_months: tuple[int, int, int]
    payment_max_fen: int | None
    cash_max_fen: int | None
    prepayment_month: int | None
    assumptions: tuple[tuple[str, str], ...]

    def dates_for(self, product: ProductVersion) -> ContractDates:
        """Return the days of a contract disbursed today, by the product's own rule."""
        return dates_of(product.terms, first_due_on=self.first_due_on, disbursed_on=self.on)


class NoPriceError(ValueError):
    """Nobody has said what the car costs, or too little; no plan can be made of nothing."""


@lru_cache(maxsize=1)
def policy_book() -> PolicyBook:
    """Load the policy book of this installation, once a process."""
    return PolicyBook.load(settings.CHEDAI_POLICY_OVERLAY)


def scene_of(
    facts: NeedFacts,
    *,
    products: Sequence[ProductVersion],
    province: str,
    on: date,
    choice: DeskChoice | None = None,
) -> Scene:
    """Put the scene together for one day; NoPriceError when nobody named a price."""
    chosen = choice or DeskChoice()
    assumed: list[tuple[str, str]] = []
    car = _car(facts, chosen, province, assumed)
    purchase = _purchase(car, chosen.vehicle, facts, on)
    if chosen.vehicle_price_fen is None and facts.is_price_on_road:
        car, purchase = _below_on_road(car, chosen.vehicle, facts, on)
    down_fen = _down_payment(facts, chosen, car, purchase, assumed)
    return Scene(
        facts=facts,
        choice=chosen,
        car=car,
        purchase=purchase,
        costs=_cost_lines(purchase, chosen),
        products=tuple(products),
        province=province,
        on=on,
        first_due_on=add_months(on, 1),
        down_payment_fen=down_fen,
        down_payment_step_fen=chosen.down_payment_step_fen or _step(car.vehicle_price_fen),
        terms_months=_terms(facts, chosen, assumed),
        payment_max_fen=facts.monthly_max_fen,
        cash_max_fen=_cash_max(facts, purchase),
        prepayment_month=chosen.prepayment_month or facts.prepayment_month,
        assumptions=tuple(assumed),
    )


def _car(
    facts: NeedFacts, chosen: DeskChoice, province: str, assumed: list[tuple[str, str]]
) -> CarFacts:
    price_fen = chosen.vehicle_price_fen or facts.vehicle_price_fen
    if not price_fen:
        msg = "还不知道车价，先问一句大概多少钱的车"
        raise NoPriceError(msg)
    if chosen.vehicle_price_fen is None and facts.is_price_on_road is None:
        assumed.append(("价格", "先按车价算"))
    condition = (
        chosen.condition or facts.vehicle_condition or _assume(assumed, "新旧", "新车", "new")
    )
    power = chosen.power or _power_of(facts) or _assume(assumed, "动力", "燃油", "combustion")
    use = chosen.use or _use_of(facts) or _assume(assumed, "用途", "自用", "private")
    vehicle = chosen.vehicle
    return CarFacts(
        vehicle_price_fen=price_fen,
        condition=condition,  # type: ignore[arg-type]
        power=power,  # type: ignore[arg-type]
        use=use,  # type: ignore[arg-type]
        list_price_fen=vehicle.list_price_fen if vehicle else None,
        appraised_price_fen=vehicle.appraised_price_fen if vehicle else None,
        vehicle_code=vehicle.code if vehicle else None,
        brand=vehicle.brand if vehicle else None,
        province=province,
        age_months=vehicle.age_months if vehicle else None,
        mileage_km=vehicle.mileage_km if vehicle else None,
    )


def _assume(assumed: list[tuple[str, str]], label: str, words: str, value: str) -> str:
    assumed.append((label, words))
    return value


def _power_of(facts: NeedFacts) -> str | None:
    if facts.power is None:
        return None
    return "new_energy" if facts.power in NEW_ENERGY else "combustion"


def _use_of(facts: NeedFacts) -> str | None:
    if facts.vehicle_use is None:
        return None
    return "private" if facts.vehicle_use == "private" else "commercial"


def _purchase(car: CarFacts, vehicle: Vehicle | None, facts: NeedFacts, on: date) -> PurchaseCost:
    return cost_of_purchase(
        vehicle=VehicleFacts(
            price_fen=car.vehicle_price_fen,
            vehicle_use=rule_facts.VehicleUse(car.use),
            vehicle_condition=rule_facts.VehicleCondition(car.condition),
            power=rule_facts.Power(car.power),
            seats=vehicle.seats if vehicle else None,
            displacement_cc=vehicle.displacement_cc if vehicle else None,
            is_on_relief_catalogue=vehicle.is_on_relief_catalogue if vehicle else None,
            province=car.province,
        ),
        invoice_on=on,
        policy=policy_book(),
        commercial_insurance_fen=vehicle.insurance_estimate_fen if vehicle else None,
        old_car=_old_car(facts),
    )


def _old_car(facts: NeedFacts) -> OldCarExit | None:
    if facts.trade_in is None:
        return None
    return OldCarExit.SCRAPPED if facts.trade_in == "scrap" else OldCarExit.REPLACED


def _below_on_road(
    car: CarFacts, vehicle: Vehicle | None, facts: NeedFacts, on: date
) -> tuple[CarFacts, PurchaseCost]:
    """Find the dearest car, in steps of 100 yuan, whose purchase stays within the price said."""
    limit_fen = car.vehicle_price_fen
    low, high = 0, limit_fen // STEP_FEN
    while low < high:
        middle = (low + high + 1) // 2
        tried = replace(car, vehicle_price_fen=middle * STEP_FEN)
        if _purchase(tried, vehicle, facts, on).total_fen <= limit_fen:
            low = middle
        else:
            high = middle - 1
    if not low:
        msg = "这个全办下来的价，扣掉税费保险就不够买车了，再问一句大概多少钱的车"
        raise NoPriceError(msg)
    found = replace(car, vehicle_price_fen=low * STEP_FEN)
    return found, _purchase(found, vehicle, facts, on)


def _down_payment(
    facts: NeedFacts,
    chosen: DeskChoice,
    car: CarFacts,
    purchase: PurchaseCost,
    assumed: list[tuple[str, str]],
) -> int:
    price_fen = car.vehicle_price_fen
    if chosen.down_payment_fen is not None:
        return min(chosen.down_payment_fen, price_fen)
    if facts.down_payment_ratio_bp is not None:
        return _to_step(price_fen * facts.down_payment_ratio_bp // BP)
    said = [
        fen for fen in (facts.down_payment_min_fen, facts.down_payment_max_fen) if fen is not None
    ]
    if not said:
        assumed.append(("首付", "先按三成算"))
        return _to_step(price_fen * USUAL_DOWN_PAYMENT_RATIO_BP // BP)
    middle_fen = sum(said) // len(said)
    if facts.is_cost_inside_down_payment is None:
        assumed.append(("税费保险", "先按另外出算"))
    elif facts.is_cost_inside_down_payment:
        middle_fen -= purchase.beside_vehicle_fen
    return _to_step(min(max(middle_fen, 0), price_fen))


def _cash_max(facts: NeedFacts, purchase: PurchaseCost) -> int | None:
    if facts.down_payment_max_fen is None:
        return None
    inside = facts.is_cost_inside_down_payment
    return facts.down_payment_max_fen + (0 if inside else purchase.beside_vehicle_fen)


def _terms(
    facts: NeedFacts, chosen: DeskChoice, assumed: list[tuple[str, str]]
) -> tuple[int, int, int]:
    if chosen.terms_months:
        return chosen.terms_months
    wanted = facts.term_months_max or facts.term_months_min
    if wanted is None:
        assumed.append(("期限", "先看 3、4、5 年"))
        return (36, 48, 60)
    nearest = min(range(len(TERM_CHOICES)), key=lambda i: abs(TERM_CHOICES[i] - wanted))
    start = min(max(nearest - 1, 0), len(TERM_CHOICES) - 3)
    return TERM_CHOICES[start : start + 3]  # type: ignore[return-value]


def _step(price_fen: int) -> int:
    """A tenth of the price in whole thousands, at least 5,000 yuan."""
    return max(round(price_fen / 10 / 5_000_00) * 5_000_00, 5_000_00)


def _to_step(fen: int) -> int:
    return fen // STEP_FEN * STEP_FEN


def _cost_lines(purchase: PurchaseCost, chosen: DeskChoice) -> tuple[CostLine, ...]:
    bought = (
        CostLine(code=line.code, name=line.name_zh, amount_fen=line.amount_fen, payee=line.payee)
        for line in purchase.lines
        if line.code != "vehicle_price" and line.amount_fen
    )
    return (*bought, *_add_on_lines(chosen))


def _add_on_lines(chosen: DeskChoice) -> Iterator[CostLine]:
    """What is lent for add-ons is a line of its own: it has a cap of its own."""
    paid_fen = chosen.add_ons_fen - chosen.add_ons_financed_fen
    if paid_fen:
        yield CostLine(
            code=ADD_ONS_PAID, name="附加品（现付）", amount_fen=paid_fen, payee=ADD_ONS_PAYEE
        )
    if chosen.add_ons_financed_fen:
        yield CostLine(
            code=ADD_ONS_FINANCED,
            name="附加品（贷款）",
            amount_fen=chosen.add_ons_financed_fen,
            payee=ADD_ONS_PAYEE,
            is_financed=True,
        )


def purchase_at(scene: Scene, price_fen: int) -> tuple[CostLine, ...]:
    """Give the purchase costs the same car would have at another price."""
    car = replace(scene.car, vehicle_price_fen=price_fen)
    bought = _purchase(car, scene.choice.vehicle, scene.facts, scene.on)
    return _cost_lines(bought, scene.choice)
