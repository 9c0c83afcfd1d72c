"""Builders with boring defaults. Each writes for the organisation it is given."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import connection

from chedai.deals.models import Deal, Party
from chedai.privacy.digests import digest_for_lookup
from chedai.staff.isolation import acting_for
from chedai.staff.models import Organisation, Store, User

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Monday morning in the demo city's working week.
MOMENT = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
PASSWORD = "correct-horse-in-linjiang"

_numbers = count(1)


def make_organisation(**fields: Any) -> Organisation:
    number = next(_numbers)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('staff_organisation', 'id'))")
        organisation_id = cursor.fetchone()[0]
    defaults = {
        "id": organisation_id,
        "code": f"linjiang-{number}",
        "name": f"临江第{number}汽贸",
        "province": "320000",
        "opened_at": MOMENT,
    }
    with acting_for(organisation_id):
        return Organisation.objects.create(**{**defaults, **fields})


def make_store(organisation: Organisation, **fields: Any) -> Store:
    number = next(_numbers)
    defaults = {
        "code": f"store-{number}",
        "name": f"临江{number}号店",
        "province": "320000",
        "city": "临江",
    }
    with acting_for(organisation.pk):
        return Store.objects.create(organisation=organisation, **{**defaults, **fields})


def make_user(
    organisation: Organisation, *roles: str, store: Store | None = None, **fields: Any
) -> User:
    number = next(_numbers)
    defaults = {
        "username": f"user-{number}",
        "display_name": f"员工{number}",
        "joined_at": MOMENT,
    }
    password = fields.pop("password", PASSWORD)
    user = User(
        organisation=organisation,
        store=store,
        roles=[str(role) for role in roles],
        **{**defaults, **fields},
    )
    user.set_password(password)
    with acting_for(organisation.pk):
        user.save()
    return user


def make_deal(advisor: User, **fields: Any) -> Deal:
    """Open a deal of the advisor's store; the advisor must have one."""
    defaults = {
        "store_id": advisor.store_id,
        "number": f"D{next(_numbers):06d}",
        "call_name": "王先生",
        "opened_at": MOMENT,
        "opened_by": advisor,
        "form_key": uuid4(),
    }
    with acting_for(advisor.organisation_id):
        return Deal.objects.create(
            organisation_id=advisor.organisation_id, advisor=advisor, **{**defaults, **fields}
        )


def make_party(deal: Deal, **fields: Any) -> Party:
    phone = fields.get("phone", "18612341402")
    defaults = {
        "kind": "borrower",
        "name": "王小明",
        "phone": phone,
        "phone_digest": digest_for_lookup(phone, organisation_id=deal.organisation_id),
        "agreed_purpose": "联系与准备方案",
        "recorded_at": MOMENT,
        "recorded_by_id": deal.advisor_id,
    }
    with acting_for(deal.organisation_id):
        return Party.objects.create(
            organisation_id=deal.organisation_id, deal=deal, **{**defaults, **fields}
        )
