"""Every shipped pack is well-formed, complete, free of contradictions and sanely priced."""

from pathlib import Path
from typing import get_args

import pytest

from chedai import demo
from chedai.catalogue.packs.example_prices import example_prices
from chedai.catalogue.packs.products import (
    PackedVersion,
    PackLender,
    packed_versions,
    write_products,
)
from chedai.catalogue.packs.records import (
    LenderRecord,
    VehicleRecord,
    packed_lenders,
    packed_vehicles,
)
from chedai.catalogue.packs.text import Pack, decode_pack, read_pack, write_pack
from chedai.core.plans.product import FAMILY_LABELS, LENDER_KIND_LABELS
from chedai.core.plans.product.terms import Method

PACKS = Path(demo.__file__).parent / "packs"
PRODUCT_PACKS = sorted((PACKS / "products").glob("*.yaml"))


def pack_at(path: Path) -> Pack:
    return read_pack(decode_pack(path.read_bytes()))


def all_lenders() -> dict[str, LenderRecord]:
    return {
        lender.code: lender
        for path in sorted((PACKS / "lenders").glob("*.yaml"))
        for lender in packed_lenders(pack_at(path))
    }


def versions_at(path: Path) -> tuple[PackedVersion, ...]:
    pack = pack_at(path)
    lender = all_lenders()[str(pack.header["lender_code"])]
    return packed_versions(
        pack, lender=PackLender(code=lender.code, name=lender.name, kind=lender.kind)
    )


def all_versions() -> list[PackedVersion]:
    return [version for path in PRODUCT_PACKS for version in versions_at(path)]


def all_vehicles() -> list[VehicleRecord]:
    return [
        vehicle
        for path in sorted((PACKS / "vehicles").glob("*.yaml"))
        for vehicle in packed_vehicles(pack_at(path))
    ]


@pytest.mark.parametrize("path", PRODUCT_PACKS, ids=lambda path: path.stem)
def test_a_product_pack_reads_without_a_gap_and_is_named_after_its_lender(path: Path) -> None:
    versions = versions_at(path)

    assert {version.terms.lender_code for version in versions} == {path.stem}


@pytest.mark.parametrize("path", PRODUCT_PACKS, ids=lambda path: path.stem)
def test_a_product_pack_is_written_exactly_as_the_export_writes_it(path: Path) -> None:
    written = path.read_text(encoding="utf-8")
    versions = [(version.effective_from, version.terms) for version in versions_at(path)]

    assert written.split("\n", 1)[1] == write_products(path.stem, versions)


def test_lenders_of_all_four_kinds_are_there_in_number() -> None:
    kinds = [lender.kind for lender in all_lenders().values()]

    assert set(kinds) == set(LENDER_KIND_LABELS)
    assert kinds.count("bank") >= 3
    assert kinds.count("auto_finance_company") >= 3
    assert kinds.count("leasing_company") >= 2
    assert all("虚构" in lender.legal_name for lender in all_lenders().values())


def test_every_family_and_every_method_is_sold_by_somebody() -> None:
    terms = [version.terms for version in all_versions()]

    assert {each.family for each in terms} == set(FAMILY_LABELS)
    assert {each.method for each in terms} == set(get_args(Method))
    assert len({each.code for each in terms}) >= 34


def test_a_product_code_belongs_to_one_lender_only() -> None:
    owners: dict[str, set[str]] = {}
    for version in all_versions():
        owners.setdefault(version.terms.code, set()).add(version.terms.lender_code)

    assert {code for code, who in owners.items() if len(who) > 1} == set()


@pytest.mark.parametrize(
    "version", all_versions(), ids=lambda v: f"{v.terms.code}@{v.effective_from}"
)
def test_every_term_offered_prices_and_costs_what_the_market_of_2026_asks(
    version: PackedVersion,
) -> None:
    # From interest-free to a used-car leaseback with all its fees; card and bank stay below 7.5 %.
    ceiling = 0.13 if version.terms.lender_kind == "leasing_company" else 0.075

    for price in example_prices(version.terms):
        assert price.trouble == ""
        assert 0 <= price.apr_simple <= ceiling
        assert price.total_paid_fen >= price.principal_fen


def test_terms_beyond_five_years_are_a_banks_or_a_lessors() -> None:
    long_terms = [
        version.terms
        for version in all_versions()
        if any(offer.term_months > 60 for offer in version.terms.offers)
    ]

    assert long_terms
    assert {each.lender_kind for each in long_terms} == {"bank", "leasing_company"}


def test_used_cars_are_lent_upon_for_three_years_and_seventy_percent_at_most() -> None:
    loans = [
        version.terms
        for version in all_versions()
        if version.terms.eligibility.vehicle_conditions == ("used",)
        and version.terms.lender_kind != "leasing_company"
    ]

    assert loans
    assert all(offer.term_months <= 36 for each in loans for offer in each.offers)
    assert all(str(each.max_loan_to_value) <= "0.70" for each in loans)


def test_the_five_year_flat_fee_in_henan_stays_within_the_local_ladder() -> None:
    [five] = [v.terms for v in all_versions() if v.terms.code == "wangchuan-five-free-three"]

    # 5 years: 15 % of the original principal, free of charge after 36 instalments.
    assert "410000" in five.eligibility.provinces
    assert [str(offer.flat_fee_rate_total) for offer in five.offers] == ["0.15"]
    assert five.prepayment.free_after_months == 36


def test_brands_and_variants_that_products_name_exist() -> None:
    vehicles = all_vehicles()
    brands = {vehicle.brand for vehicle in vehicles}
    codes = {vehicle.code for vehicle in vehicles}

    for version in all_versions():
        assert set(version.terms.eligibility.brands) <= brands
        assert set(version.terms.eligibility.vehicle_codes) <= codes


def test_the_showroom_has_eight_brands_forty_variants_and_ten_used_cars() -> None:
    vehicles = all_vehicles()
    new = [vehicle for vehicle in vehicles if vehicle.condition == "new"]

    assert len({vehicle.brand for vehicle in new}) >= 8
    assert len(new) >= 40
    assert len(vehicles) - len(new) >= 10
    assert len({vehicle.code for vehicle in vehicles}) == len(vehicles)


@pytest.mark.parametrize("vehicle", all_vehicles(), ids=lambda vehicle: vehicle.code)
def test_a_vehicles_price_insurance_and_engine_make_sense(vehicle: VehicleRecord) -> None:
    latest = vehicle.prices[-1]
    price_fen = latest.asking_price_fen or latest.list_price_fen

    # A first year of insurance costs between 1.2 % of a dear car and 15 % of a tiny used one.
    assert 0.012 <= vehicle.insurance_first_year_fen / price_fen <= 0.16
    assert latest.dealer_discount_fen <= latest.list_price_fen * 0.20
    if vehicle.condition == "used":
        assert latest.appraised_price_fen is not None
        assert latest.appraised_price_fen <= price_fen < latest.list_price_fen


def test_a_pack_of_vehicles_survives_being_written_again() -> None:
    path = PACKS / "vehicles" / "used.yaml"
    pack = pack_at(path)

    assert read_pack(write_pack(pack.kind, {}, list(pack.entries))).entries == pack.entries
