"""The scene: what was said, what was set, what is assumed, and what the purchase costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.factories import MOMENT

from chedai.needs.facts import NeedFacts
from chedai.reception.queries.scenes import (
    STEP_FEN,
    DeskChoice,
    NoPriceError,
    Scene,
    Vehicle,
    purchase_at,
    scene_of,
)

TODAY = MOMENT.date()
IN_2025 = date(2025, 6, 1)
PRICE_FEN = 150_000_00


def scene(
    *, on: date = TODAY, province: str = "320000", choice: DeskChoice | None = None, **said: Any
) -> Scene:
    facts = NeedFacts(**{"vehicle_price_fen": PRICE_FEN, "is_price_on_road": False, **said})
    return scene_of(facts, products=(), province=province, on=on, choice=choice)


def a_vehicle(**changes: Any) -> Vehicle:
    plain = {
        "code": "lingyun-01",
        "brand": "凌云",
        "label": "凌云 01",
        "list_price_fen": 160_000_00,
        "appraised_price_fen": None,
        "seats": 7,
        "displacement_cc": 1_998,
        "is_on_relief_catalogue": None,
        "insurance_estimate_fen": 6_543_00,
    }
    return Vehicle(**{**plain, **changes})


def labels(found: Scene) -> list[str]:
    return [label for label, _ in found.assumptions]


@pytest.mark.parametrize("price_fen", [None, 0])
def test_without_a_price_there_is_no_scene(price_fen: int | None) -> None:
    with pytest.raises(NoPriceError, match="还不知道车价"):
        scene(vehicle_price_fen=price_fen)


def test_a_price_set_on_the_desk_does_for_one_nobody_said() -> None:
    found = scene(vehicle_price_fen=None, choice=DeskChoice(vehicle_price_fen=PRICE_FEN))

    assert found.car.vehicle_price_fen == PRICE_FEN


# --- Assumptions ------------------------------------------------------------------------------


def test_everything_nobody_said_is_listed_as_assumed() -> None:
    found = scene(is_price_on_road=None)

    assert labels(found) == ["价格", "新旧", "动力", "用途", "首付", "期限"]


def test_nothing_is_assumed_when_everything_was_said() -> None:
    found = scene(
        vehicle_condition="new",
        power="combustion",
        vehicle_use="private",
        down_payment_min_fen=50_000_00,
        down_payment_max_fen=50_000_00,
        is_cost_inside_down_payment=False,
        term_months_max=36,
    )

    assert found.assumptions == ()


def test_nothing_is_assumed_that_was_set_on_the_desk() -> None:
    chosen = DeskChoice(
        vehicle_price_fen=PRICE_FEN,
        down_payment_fen=50_000_00,
        terms_months=(24, 36, 48),
        condition="used",
        power="new_energy",
        use="commercial",
    )

    found = scene(is_price_on_road=None, choice=chosen)

    assert found.assumptions == ()
    assert (found.car.condition, found.car.power, found.car.use) == (
        "used",
        "new_energy",
        "commercial",
    )


def test_a_down_payment_whose_share_of_the_costs_is_open_says_how_it_is_counted() -> None:
    found = scene(down_payment_min_fen=50_000_00, down_payment_max_fen=50_000_00)

    assert ("税费保险", "先按另外出算") in found.assumptions


@pytest.mark.parametrize(
    ("said", "power"),
    [
        ("battery_electric", "new_energy"),
        ("plug_in_hybrid", "new_energy"),
        ("range_extender", "new_energy"),
        ("new_energy", "new_energy"),
        ("combustion", "combustion"),
    ],
)
def test_every_power_said_is_one_the_lender_knows(said: str, power: str) -> None:
    assert scene(power=said).car.power == power


@pytest.mark.parametrize(
    ("said", "use"),
    [("private", "private"), ("ride_hailing", "commercial"), ("commercial", "commercial")],
)
def test_every_use_said_is_one_the_law_knows(said: str, use: str) -> None:
    assert scene(vehicle_use=said).car.use == use


# --- The price on the road --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit_fen", "said"),
    [
        (100_000_00, {}),
        (150_000_00, {}),
        (150_050_00, {}),
        (160_000_00, {"power": "new_energy"}),
        (1_400_000_00, {}),
        (150_000_00, {"vehicle_condition": "used"}),
        (150_000_00, {"vehicle_use": "commercial"}),
        (150_000_00, {"trade_in": "scrap"}),
        (350_000_00, {"power": "battery_electric", "trade_in": "yes"}),
    ],
)
def test_an_on_road_price_buys_the_dearest_car_within_it(
    limit_fen: int, said: dict[str, str]
) -> None:
    found = scene(vehicle_price_fen=limit_fen, is_price_on_road=True, **said)

    def total_fen(price_fen: int) -> int:
        return price_fen + sum(line.amount_fen for line in purchase_at(found, price_fen))

    price_fen = found.car.vehicle_price_fen
    dearer = range(price_fen + STEP_FEN, limit_fen + 1, STEP_FEN)
    assert price_fen % STEP_FEN == 0
    assert total_fen(price_fen) == found.purchase.total_fen <= limit_fen
    assert not [fen for fen in dearer if total_fen(fen) <= limit_fen]


def test_an_on_road_price_that_not_even_the_costs_fit_in_is_no_price() -> None:
    with pytest.raises(NoPriceError, match="税费保险"):
        scene(vehicle_price_fen=1_000_00, is_price_on_road=True)


def test_a_price_set_on_the_desk_is_that_of_the_car_whatever_was_said() -> None:
    found = scene(is_price_on_road=True, choice=DeskChoice(vehicle_price_fen=PRICE_FEN))

    assert found.car.vehicle_price_fen == PRICE_FEN


# --- The down payment -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "down_fen"),
    [
        ({}, 45_000_00),
        ({"down_payment_min_fen": 45_000_00, "down_payment_max_fen": 55_000_00}, 50_000_00),
        ({"down_payment_max_fen": 50_000_00}, 50_000_00),
        ({"down_payment_min_fen": 50_000_00}, 50_000_00),
        ({"down_payment_max_fen": 0, "down_payment_min_fen": 0}, 0),
        ({"down_payment_max_fen": 50_050_00}, 50_000_00),
        ({"down_payment_max_fen": 500_000_00}, PRICE_FEN),
        ({"down_payment_ratio_bp": 3_000}, 45_000_00),
        ({"down_payment_ratio_bp": 0}, 0),
        ({"down_payment_ratio_bp": 10_000}, PRICE_FEN),
        ({"down_payment_ratio_bp": 3_333}, 49_900_00),
    ],
)
def test_the_down_payment_is_what_was_said_in_whole_hundreds(
    said: dict[str, int], down_fen: int
) -> None:
    assert scene(**said).down_payment_fen == down_fen


def test_costs_paid_out_of_the_down_payment_leave_the_rest_for_the_car() -> None:
    said = {"down_payment_min_fen": 50_000_00, "down_payment_max_fen": 50_000_00}
    inside = scene(**said, is_cost_inside_down_payment=True)
    beside = scene(**said, is_cost_inside_down_payment=False)

    left_fen = 50_000_00 - inside.purchase.beside_vehicle_fen
    assert inside.down_payment_fen == left_fen // STEP_FEN * STEP_FEN
    assert beside.down_payment_fen == 50_000_00
    assert inside.cash_max_fen == 50_000_00
    assert beside.cash_max_fen == 50_000_00 + beside.purchase.beside_vehicle_fen


def test_costs_that_eat_the_whole_down_payment_leave_nothing_for_the_car() -> None:
    found = scene(down_payment_max_fen=1_000_00, is_cost_inside_down_payment=True)

    assert found.down_payment_fen == 0


def test_a_down_payment_set_on_the_desk_never_exceeds_the_price() -> None:
    chosen = DeskChoice(vehicle_price_fen=100_000_00, down_payment_fen=120_000_00)

    assert scene(choice=chosen).down_payment_fen == 100_000_00


@pytest.mark.parametrize(
    ("price_fen", "step_fen"),
    [
        (10_000_00, 5_000_00),
        (80_000_00, 10_000_00),
        (150_000_00, 15_000_00),
        (1_000_000_00, 100_000_00),
    ],
)
def test_a_step_is_about_a_tenth_of_the_price(price_fen: int, step_fen: int) -> None:
    assert scene(vehicle_price_fen=price_fen).down_payment_step_fen == step_fen


# --- Terms ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "terms"),
    [
        ({}, (36, 48, 60)),
        ({"term_months_max": 36}, (24, 36, 48)),
        ({"term_months_min": 48}, (36, 48, 60)),
        ({"term_months_max": 12}, (12, 24, 36)),
        ({"term_months_max": 1}, (12, 24, 36)),
        ({"term_months_max": 84}, (60, 72, 84)),
        ({"term_months_max": 120}, (60, 72, 84)),
        ({"term_months_max": 40}, (24, 36, 48)),
    ],
)
def test_the_terms_beside_the_one_wanted_are_shown(
    said: dict[str, int], terms: tuple[int, int, int]
) -> None:
    assert scene(**said).terms_months == terms


# --- Place, day, car --------------------------------------------------------------------------


def test_the_province_reaches_the_car_and_the_costs() -> None:
    found = scene(province="530000")

    assert (found.province, found.car.province) == ("530000", "530000")


def test_a_car_of_the_catalogue_brings_what_lenders_look_at() -> None:
    vehicle = a_vehicle(age_months=40, mileage_km=52_000, appraised_price_fen=140_000_00)

    found = scene(choice=DeskChoice(vehicle=vehicle))

    assert (found.car.brand, found.car.vehicle_code) == ("凌云", "lingyun-01")
    assert (found.car.list_price_fen, found.car.appraised_price_fen) == (160_000_00, 140_000_00)
    assert (found.car.age_months, found.car.mileage_km) == (40, 52_000)
    insurance = {line.code: line.amount_fen for line in found.costs}
    assert 6_543_00 in insurance.values()


def test_the_costs_beside_the_car_add_up_and_name_who_gets_them() -> None:
    found = scene()

    assert sum(line.amount_fen for line in found.costs) == found.purchase.beside_vehicle_fen
    assert all(line.payee and line.amount_fen > 0 for line in found.costs)
    assert "vehicle_price" not in {line.code for line in found.costs}


def tax_of(found: Scene) -> int:
    return sum(line.amount_fen for line in found.costs if line.code == "purchase_tax")


def test_the_day_decides_how_much_purchase_tax_a_new_energy_car_is_let_off() -> None:
    eligible = DeskChoice(vehicle=a_vehicle(is_on_relief_catalogue=True, displacement_cc=None))
    electric = {"power": "battery_electric", "choice": eligible}

    # Without value added tax of 13 %, a tenth: none of it in 2025, half of it in 2026 and 2027.
    full_fen = round(PRICE_FEN / 1.13 / 10)
    assert tax_of(scene(**electric, on=IN_2025)) == 0
    assert tax_of(scene(**electric, on=TODAY)) == pytest.approx(full_fen / 2, abs=100)
    assert tax_of(scene(on=IN_2025)) == pytest.approx(full_fen, abs=100)
    assert tax_of(scene(on=TODAY)) == pytest.approx(full_fen, abs=100)


def test_the_earliest_instalment_is_due_a_month_after_the_day() -> None:
    assert scene(on=date(2026, 1, 31)).first_due_on == date(2026, 2, 28)


def test_another_price_costs_what_a_scene_of_that_price_costs() -> None:
    found = scene()

    assert purchase_at(found, 120_000_00) == scene(vehicle_price_fen=120_000_00).costs
    assert purchase_at(found, PRICE_FEN) == found.costs
    assert replace(found) == found
