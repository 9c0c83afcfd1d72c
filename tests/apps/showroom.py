"""Products on sale in a test: a few boring ones, or those of the demo world."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tests.core.plans.builders import (
    make_eligibility,
    make_offers,
    make_prepayment,
    make_version,
)
from tests.factories import MOMENT

from chedai.catalogue.packs.products import PackLender, packed_versions
from chedai.catalogue.packs.records import packed_lenders
from chedai.catalogue.packs.text import Pack, decode_pack, read_pack
from chedai.core.plans.product import ProductVersion
from chedai.demo.world import PACKS

if TYPE_CHECKING:
    from collections.abc import Sequence

# Every place that asks the catalogue what is on sale.
ASKED_BY = (
    "chedai.planning.queries.scenes.product_versions_on",
    "chedai.reception.queries.effects.product_versions_on",
    "chedai.reception.queries.questions.product_versions_on",
)


def put_on_sale(monkeypatch: Any, products: Sequence[ProductVersion]) -> None:
    """Let every page find these products and no others, on any day."""
    for place in ASKED_BY:
        monkeypatch.setattr(place, lambda on: tuple(products))


def open_to_all(**changes: Any) -> Any:
    """Accept every credit history that is only a matter of queries."""
    plain = {
        "credit_histories_accepted": ("clean", "thin", "many_inquiries"),
        "credit_histories_referred": (),
    }
    return make_eligibility(**(plain | changes))


def three_products() -> tuple[ProductVersion, ...]:
    """A cheap one, a flexible one and a long one."""
    return (
        make_version("11", eligibility=open_to_all()),
        make_version(
            "12",
            code="yunting-free",
            name="云汀随心贷",
            lender_name="云汀银行(虚构)",
            offers=make_offers("0.0486", 36),
            prepayment=make_prepayment(charge_steps=(), free_after_months=0),
            eligibility=open_to_all(),
        ),
        make_version(
            "13",
            code="yuanshan-light",
            name="远山轻松贷",
            lender_name="远山汽车金融公司(虚构)",
            lender_kind="auto_finance_company",
            offers=make_offers("0.0498", 60, 72),
            eligibility=open_to_all(),
        ),
    )


@lru_cache(maxsize=1)
def demo_products() -> tuple[ProductVersion, ...]:
    """Every product of the demo world, as published on the tests' day."""
    found: dict[str, Any] = {}
    for path in sorted((PACKS / "products").glob("*.yaml")):
        lender = packed_lenders(_pack("lenders", path.name))[0]
        of_lender = PackLender(code=lender.code, name=lender.name, kind=lender.kind)
        for packed in packed_versions(_pack("products", path.name), lender=of_lender):
            if packed.effective_from <= MOMENT.date():
                found[packed.terms.code] = packed.terms
    return tuple(
        ProductVersion(version_id=str(number), terms=terms)
        for number, (_, terms) in enumerate(sorted(found.items()), start=1)
    )


def _pack(folder: str, name: str) -> Pack:
    return read_pack(decode_pack((PACKS / folder / name).read_bytes()))
