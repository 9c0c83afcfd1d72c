"""The scene of one deal: its need, its desk, today's products and the store's province."""

from __future__ import annotations

from datetime import date

from chedai.catalogue.queries.products import product_versions_on
from chedai.catalogue.queries.vehicles import VehicleOption, vehicle_by_code
from chedai.deals.models import Deal
from chedai.needs.facts import NeedFacts
from chedai.planning.models import DeskSetup
from chedai.reception.queries.scenes import DeskChoice, Scene, Vehicle, scene_of


def scene_for(*, deal: Deal, facts: NeedFacts, choice: DeskChoice, on: date) -> Scene:
    """Put the scene of a deal together; NoPriceError when nobody named a price."""
    return scene_of(
        facts,
        products=product_versions_on(on),
        province=deal.store.province,
        on=on,
        choice=choice,
    )


def choice_from(setup: DeskSetup | None, *, on: date) -> DeskChoice:
    """Read what the advisor set on the desk."""
    if setup is None:
        return DeskChoice()
    option = vehicle_by_code(setup.vehicle.code, day=on) if setup.vehicle else None
    return choice_with(setup, option, on=on)


def choice_with(setup: DeskSetup, option: VehicleOption | None, *, on: date) -> DeskChoice:
    """Read what the advisor set on the desk, its car looked up already."""
    first, second, third = setup.terms_months
    return DeskChoice(
        vehicle=vehicle_of(option, on=on) if option else None,
        vehicle_price_fen=setup.vehicle_price_fen,
        down_payment_fen=setup.down_payment_fen,
        down_payment_step_fen=setup.down_payment_step_fen,
        terms_months=(first, second, third),
        condition=setup.vehicle_condition,
        power=setup.power,
        use=setup.vehicle_use,
        prepayment_month=setup.prepayment_month,
        add_ons_fen=setup.add_ons_fen,
        add_ons_financed_fen=setup.add_ons_financed_fen,
    )


def vehicle_of(option: VehicleOption, *, on: date) -> Vehicle:
    """Give what the desk needs of a car of the catalogue."""
    return Vehicle(
        code=option.code,
        brand=option.brand,
        label=option.label,
        list_price_fen=option.list_price_fen,
        appraised_price_fen=option.appraised_price_fen,
        seats=option.seats,
        displacement_cc=option.displacement_cc,
        is_on_relief_catalogue=option.is_on_relief_catalogue,
        insurance_estimate_fen=option.insurance_first_year_fen,
        age_months=option.age_months_on(on),
        mileage_km=option.mileage_km,
    )
