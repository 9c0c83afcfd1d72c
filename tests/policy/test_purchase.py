from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chedai.core.rules import Power, VehicleCondition, VehicleUse
from chedai.policy.day import PolicyNumberAbsentError
from chedai.policy.purchase import OldCarExit, PurchaseLine, VehicleFacts, cost_of_purchase

ICE, NEV = Power.COMBUSTION, Power.NEW_ENERGY
CAR = VehicleFacts(
    price_fen=20_000_000,
    vehicle_use=VehicleUse.PRIVATE,
    vehicle_condition=VehicleCondition.NEW,
    power=NEV,
    seats=5,
    is_on_relief_catalogue=True,
)


def cost(book, *, invoice_on=date(2026, 11, 23), **changes):
    return cost_of_purchase(vehicle=replace(CAR, **changes), invoice_on=invoice_on, policy=book)


@pytest.mark.parametrize(
    ("invoice_on", "power", "price_fen", "tax_fen"),
    [
        # T = price / 1.13 × 10 %; 200,000 → 17,699.12, 300,000 → 26,548.67, 400,000 → 35,398.23
        (date(2026, 11, 23), ICE, 20_000_000, 1_769_912),
        (date(2026, 11, 23), ICE, 30_000_000, 2_654_867),
        (date(2026, 11, 23), ICE, 40_000_000, 3_539_823),
        # 2026 and 2027: T − min(T / 2, 15,000)
        (date(2026, 1, 1), NEV, 20_000_000, 884_956),
        (date(2026, 1, 1), NEV, 30_000_000, 1_327_434),
        (date(2026, 1, 1), NEV, 40_000_000, 2_039_823),
        (date(2027, 12, 31), NEV, 20_000_000, 884_956),
        # 2024 and 2025: T − min(T, 30,000)
        (date(2024, 1, 1), NEV, 20_000_000, 0),
        (date(2025, 12, 31), NEV, 30_000_000, 0),
        (date(2025, 12, 31), NEV, 40_000_000, 539_823),
        # from 2028 no relief is known
        (date(2028, 1, 1), NEV, 20_000_000, 1_769_912),
        # full relief ends at 339,000: T = 30,000.00 exactly, half of it is the cap of 2026
        (date(2025, 12, 31), NEV, 33_900_000, 0),
        (date(2025, 12, 31), NEV, 33_900_100, 9),
        (date(2026, 1, 1), NEV, 33_900_000, 1_500_000),
        (date(2026, 1, 1), NEV, 33_900_100, 1_500_009),
    ],
)
def test_purchase_tax_goes_by_the_invoice_day_to_the_fen(
    book, invoice_on, power, price_fen, tax_fen
):
    bill = cost(book, invoice_on=invoice_on, power=power, price_fen=price_fen)

    assert bill.line("purchase_tax").amount_fen == tax_fen


@pytest.mark.parametrize(
    ("is_on_catalogue", "tax_fen", "is_estimate"),
    [(True, 884_956, False), (None, 884_956, True), (False, 1_769_912, False)],
)
def test_relief_needs_the_catalogue_and_is_an_estimate_until_looked_up(
    book, is_on_catalogue, tax_fen, is_estimate
):
    line = cost(book, is_on_relief_catalogue=is_on_catalogue).line("purchase_tax")

    assert (line.amount_fen, line.is_estimate) == (tax_fen, is_estimate)


def test_a_used_car_pays_no_purchase_tax_again(book):
    line = cost(book, vehicle_condition=VehicleCondition.USED).line("purchase_tax")

    assert line.amount_fen == 0
    assert line.citation.article == "第三条"


def test_a_day_before_the_book_knows_the_relief_is_refused_not_guessed(book):
    with pytest.raises(PolicyNumberAbsentError, match="purchase_tax_relief_share"):
        cost(book, invoice_on=date(2023, 12, 31))


@pytest.mark.parametrize(
    ("seats", "premium_fen", "is_estimate"),
    [(5, 95_000, False), (6, 110_000, False), (7, 110_000, False), (None, 95_000, True)],
)
def test_compulsory_insurance_goes_by_seats(book, seats, premium_fen, is_estimate):
    line = cost(book, seats=seats).line("compulsory_insurance")

    assert (line.amount_fen, line.is_estimate) == (premium_fen, is_estimate)


@pytest.mark.parametrize(
    "changes",
    [{"vehicle_use": VehicleUse.COMMERCIAL}, {"vehicle_condition": VehicleCondition.USED}],
)
def test_compulsory_insurance_of_other_cars_is_an_estimate(book, changes):
    assert cost(book, **changes).line("compulsory_insurance").is_estimate


@pytest.mark.parametrize(
    ("displacement_cc", "tax_fen"),
    [(1600, 54_000), (1601, 66_000), (2000, 66_000), (2001, 120_000), (4000, 360_000)],
)
def test_vehicle_tax_is_estimated_by_the_top_of_its_band(book, displacement_cc, tax_fen):
    line = cost(book, power=ICE, displacement_cc=displacement_cc).line("vehicle_tax")

    assert (line.amount_fen, line.is_estimate) == (tax_fen, True)
    assert not line.citation.was_text_read


def test_a_new_energy_car_pays_no_vehicle_tax(book):
    assert cost(book).line("vehicle_tax").amount_fen == 0


def test_an_unknown_engine_leaves_vehicle_tax_out_and_says_so(book):
    bill = cost(book, power=ICE, displacement_cc=None, seats=None)

    assert bill.line("vehicle_tax") is None
    assert {note.text_zh for note in bill.notes} == {
        "商业险未计入，取得报价后补充",
        "排气量未知，车船税未计入",
        "座位数未知，交强险按 5 座估算",
    }


@pytest.mark.parametrize(
    ("invoice_on", "price_fen", "is_noted"),
    [
        # 900,000 × 1.13 = 1,017,000; before 2025-07-20 the line was 1,300,000 × 1.13 = 1,469,000
        (date(2025, 7, 20), 101_700_000, True),
        (date(2025, 7, 20), 101_699_900, False),
        (date(2025, 7, 19), 146_899_900, False),
        (date(2025, 7, 19), 146_900_000, True),
    ],
)
def test_a_luxury_car_is_noted_from_its_price_on(book, invoice_on, price_fen, is_noted):
    bill = cost(book, invoice_on=invoice_on, price_fen=price_fen)

    assert any("消费税" in note.text_zh for note in bill.notes) is is_noted


def test_a_used_luxury_car_is_not_noted(book):
    bill = cost(book, price_fen=200_000_000, vehicle_condition=VehicleCondition.USED)

    assert not any("消费税" in note.text_zh for note in bill.notes)


def test_the_total_is_what_is_paid_and_later_money_is_not_taken_off(book):
    bill = cost_of_purchase(
        vehicle=CAR,
        invoice_on=date(2026, 11, 23),
        policy=book,
        commercial_insurance_fen=480_000,
        old_car=OldCarExit.REPLACED,
        further_lines=(
            PurchaseLine(
                code="plate_service",
                name_zh="上牌代办费",
                amount_fen=50_000,
                is_estimate=False,
                payee="晨星汽贸有限公司",
                citation=None,
            ),
        ),
    )

    # 200,000 + 8,849.56 + 950 + 0 + 120 + 4,800 + 500 = 215,219.56
    assert bill.total_fen == 21_521_956
    assert bill.beside_vehicle_fen == 1_521_956
    assert bill.estimated_fen == 492_000
    assert bill.later_money[0].amount_fen == 1_500_000


def test_the_bill_knows_which_numbers_it_asked_and_from_which_text(book):
    record = cost(book).policy.as_record()

    relief = next(item for item in record["consulted"] if item["id"] == "purchase_tax_relief_share")
    assert relief["citation"]["number"] == "财政部 税务总局 工业和信息化部公告2023年第10号"
    assert (relief["in_force_from"], relief["in_force_until"]) == ("2026-01-01", "2027-12-31")
