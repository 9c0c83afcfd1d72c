"""A regional dealer group with six stores in three provinces, and an independent broker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction

from chedai.audit.operations import record
from chedai.demo.world import BROKER_CODE, GROUP_CODE, World
from chedai.staff.isolation import acting_for, directory_window
from chedai.staff.models import Organisation, Store


@dataclass(frozen=True)
class StoreOnPaper:
    """A store as it is to be; ``province`` by its code in GB/T 2260."""

    code: str
    name: str
    province: str
    city: str
    address: str


@dataclass(frozen=True)
class OrganisationOnPaper:
    """An organisation as it is to be."""

    code: str
    name: str
    province: str
    stores: tuple[StoreOnPaper, ...]


ORGANISATIONS: Final = (
    OrganisationOnPaper(
        GROUP_CODE,
        "临江汽贸集团(虚构)",
        "410000",
        (
            StoreOnPaper("linjiang-east", "临江东城店", "410000", "临江市", "东城大道 18 号"),
            StoreOnPaper("linjiang-west", "临江西站店", "410000", "临江市", "西站路 6 号"),
            StoreOnPaper("heyang", "鹤阳店", "410000", "鹤阳市", "汽车城 A 区 3 号"),
            StoreOnPaper("jinxi", "锦溪店", "510000", "锦溪市", "锦溪大道 88 号"),
            StoreOnPaper("jinxi-south", "锦溪南门店", "510000", "锦溪市", "南门街 21 号"),
            StoreOnPaper("dianyun", "滇云店", "530000", "滇云市", "春城路 9 号"),
        ),
    ),
    OrganisationOnPaper(
        BROKER_CODE,
        "渡行金融顾问公司(虚构)",
        "510000",
        (StoreOnPaper("duxing", "渡行锦溪办公室", "510000", "锦溪市", "创客中心 3 楼"),),
    ),
)


def tell(world: World) -> None:
    for paper in ORGANISATIONS:
        with directory_window():
            held = Organisation.objects.filter(code=paper.code).first()
        organisation_id = held.pk if held else _next_id()
        with acting_for(organisation_id), transaction.atomic():
            organisation = held or _open(paper, organisation_id, world)
            for store in paper.stores:
                Store.objects.get_or_create(
                    organisation=organisation,
                    code=store.code,
                    defaults={
                        "name": store.name,
                        "province": store.province,
                        "city": store.city,
                        "address": store.address,
                    },
                )


def _next_id() -> int:
    # The policies let an organisation be written only by whoever acts for it already.
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('staff_organisation', 'id'))")
        [organisation_id] = cursor.fetchone()
    return int(organisation_id)


def _open(paper: OrganisationOnPaper, organisation_id: int, world: World) -> Organisation:
    organisation = Organisation.objects.create(
        id=organisation_id,
        code=paper.code,
        name=paper.name,
        province=paper.province,
        opened_at=world.now,
    )
    record(
        organisation_id=organisation_id,
        actor=None,
        action="organisation.open",
        subject_type="organisation",
        subject_id=paper.code,
        at=world.now,
    )
    return organisation
