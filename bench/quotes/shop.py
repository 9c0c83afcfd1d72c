"""A shop's work: every product of the demonstration, one car, every down payment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import chedai.demo
from chedai.catalogue.packs.products import PackLender, packed_versions
from chedai.catalogue.packs.records import packed_lenders
from chedai.catalogue.packs.text import Pack, decode_pack, read_pack
from chedai.core.plans.plan import CarFacts, CostLine
from chedai.core.plans.product import ProductVersion
from chedai.core.plans.search import SearchInputs

PACKS = Path(chedai.demo.__file__).parent / "packs"
CAR_FEN = 300_000_00
DISBURSED_ON, FIRST_DUE_ON = date(2026, 11, 20), date(2026, 12, 20)
COSTS = (
    CostLine(code="tax", name="购置税", amount_fen=26_548_67, payee="税务局"),
    CostLine(code="insurance", name="保险", amount_fen=7_800_00, payee="保险公司"),
)
ADD_ONS = (CostLine(code="film", name="贴膜", amount_fen=2_800_00, payee="门店"),)


def products() -> tuple[ProductVersion, ...]:
    """Read the demonstration's packs, without a database."""
    return tuple(
        ProductVersion(f"{path.stem}-{number}", version.terms)
        for path in sorted((PACKS / "products").glob("*.yaml"))
        for number, version in enumerate(
            packed_versions(_pack_at(path), lender=_lenders()[path.stem])
        )
    )


def searches(step_fen: int) -> tuple[SearchInputs, SearchInputs]:
    """Spell out the search of one car without the add-on and with it."""
    plain = SearchInputs(
        products=products(),
        car=CarFacts(vehicle_price_fen=CAR_FEN, list_price_fen=310_000_00),
        first_due_on=FIRST_DUE_ON,
        disbursed_on=DISBURSED_ON,
        purchase_costs=COSTS,
        step_fen=step_fen,
    )
    return plain, replace(plain, add_ons=ADD_ONS)


def _lenders() -> dict[str, PackLender]:
    return {
        lender.code: PackLender(code=lender.code, name=lender.name, kind=lender.kind)
        for path in sorted((PACKS / "lenders").glob("*.yaml"))
        for lender in packed_lenders(_pack_at(path))
    }


def _pack_at(path: Path) -> Pack:
    return read_pack(decode_pack(path.read_bytes()))
