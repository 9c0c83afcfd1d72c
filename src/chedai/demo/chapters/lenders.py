"""The lenders of the demo world answer from the sandbox beside it."""

from __future__ import annotations

from typing import Final

from chedai.applications.models import LenderConnection
from chedai.applications.operations.connections import connect_lender, keep_needs
from chedai.catalogue.models import Lender
from chedai.demo.world import BROKER_CODE, GROUP_CODE, World, organisation_of, person
from chedai.lenders.registry import SANDBOX, sandbox_lenders
from chedai.staff.isolation import acting_for, directory_window

REGISTRARS: Final = {GROUP_CODE: "shen.mo", BROKER_CODE: "zhong.ming"}


def tell(world: World) -> None:
    for code, username in REGISTRARS.items():
        with directory_window():
            organisation = organisation_of(code)
        with acting_for(organisation.pk):
            _connect(world, username)


def _connect(world: World, username: str) -> None:
    needs = sandbox_lenders()
    held = set(LenderConnection.objects.values_list("lender__code", flat=True))
    for lender in Lender.objects.filter(code__in=needs).exclude(code__in=held).order_by("code"):
        connection = connect_lender(
            lender=lender,
            channel="standard",
            base_url=SANDBOX,
            registered_by=person(username),
            registered_at=world.now,
        )
        keep_needs(connection=connection, needs=needs[lender.code])
