"""Lenders and cars, through the same import that people use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chedai.catalogue.operations import import_pack
from chedai.catalogue.packs.text import decode_pack
from chedai.demo.world import BROKER_CODE, GROUP_CODE, PACKS, World, organisation_of, person
from chedai.staff.isolation import acting_for, directory_window

if TYPE_CHECKING:
    from pathlib import Path

IMPORTERS: Final = {GROUP_CODE: "shen.mo", BROKER_CODE: "zhong.ming"}
# The broker works with banks, card centres and lessors; makers' companies work with dealers.
BROKERS_LENDERS: Final = ("yunling", "wangchuan", "hengzhou", "luming", "linxi_card")


def tell(world: World) -> None:
    for code, username in IMPORTERS.items():
        with directory_window():
            organisation = organisation_of(code)
        with acting_for(organisation.pk):
            by = person(username)
            for path in (*lender_packs(code), *sorted((PACKS / "vehicles").glob("*.yaml"))):
                import_pack(
                    organisation_id=organisation.pk,
                    text=decode_pack(path.read_bytes()),
                    by=by,
                    at=world.now,
                )


def lender_packs(organisation_code: str) -> list[Path]:
    """Files of the lenders an organisation works with."""
    return [
        path
        for path in sorted((PACKS / "lenders").glob("*.yaml"))
        if organisation_code == GROUP_CODE or path.stem in BROKERS_LENDERS
    ]
