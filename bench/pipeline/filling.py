"""One organisation with a hundred thousand open deals, written by the database itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from chedai.core.process.definition import Definition
from chedai.deals.operations.definitions import definition_for_new_deals
from chedai.deals.queries.processes import definition_of
from chedai.staff.isolation import acting_for
from chedai.staff.models import Organisation, Store, User

STORES, ADVISORS_EACH = 12, 8
DONE_EACH = 1


@dataclass(frozen=True)
class Pipeline:
    """What was made: who looks, and at what moment."""

    organisation_id: int
    manager: User
    advisor: User
    now: datetime
    stages: tuple[str, ...]


def fill(*, deals: int, now: datetime) -> Pipeline:
    """Write ``deals`` open deals with one or two open tasks each and a few done ones."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('staff_organisation', 'id'))")
        organisation_id = int(cursor.fetchone()[0])
    with acting_for(organisation_id):
        Organisation.objects.create(
            id=organisation_id,
            code="bench",
            name="压测汽贸(虚构)",
            province="320000",
            opened_at=now,
        )
        advisors = _people(organisation_id, now)
        row = definition_for_new_deals(organisation_id=organisation_id, at=now)
        definition = definition_of(row)
        _rows(organisation_id, row.pk, definition, advisors, deals=deals, now=now)
        manager = User.objects.create(
            organisation_id=organisation_id, username="bench.manager", display_name="经理",
            roles=["manager"], joined_at=now,
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', '0', false)")
        return Pipeline(
            organisation_id, manager, User.objects.select_related("store").get(pk=advisors[0]),
            now, tuple(stage.code for stage in definition.stages),
        )  # fmt: skip


def _people(organisation_id: int, now: datetime) -> list[int]:
    stores = [
        Store.objects.create(
            organisation_id=organisation_id, code=f"bench-{n}", name=f"压测{n}号店",
            province="320000", city="临江",
        )
        for n in range(STORES)
    ]  # fmt: skip
    users = [
        User.objects.create(
            organisation_id=organisation_id, store=store, username=f"bench.{store.pk}.{n}",
            display_name=f"顾问{n}", roles=["advisor"], joined_at=now,
        )
        for store in stores
        for n in range(ADVISORS_EACH)
    ]  # fmt: skip
    return [user.pk for user in users]


def _rows(
    organisation_id: int,
    definition_id: int,
    definition: Definition,
    advisors: list[int],
    *,
    deals: int,
    now: datetime,
) -> None:
    tasks = list(definition.tasks.values())
    codes = [task.code for task in tasks]
    stages = [definition.stage_of[code].code for code in codes]
    moves = [task.move for task in tasks]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO deals_deal (organisation_id, store_id, advisor_id, number, call_name,
                                    opened_at, opened_by_id, form_key)
            SELECT %s, u.store_id, u.id, 'D' || lpad(n::text, 7, '0'), '客户' || n,
                   %s - (n %% 90) * interval '1 day', u.id, gen_random_uuid()
            FROM generate_series(1, %s) AS n
            JOIN staff_user AS u ON u.id = (%s::bigint[])[1 + n %% %s]
            """,
            [organisation_id, now, deals, advisors, len(advisors)],
        )
        cursor.execute(
            """
            INSERT INTO deals_processrun (organisation_id, deal_id, definition_id, facts,
                                          started_at, started_by_id, end_reason)
            SELECT organisation_id, id, %s, '{}', opened_at, advisor_id, '' FROM deals_deal
            """,
            [definition_id],
        )
        # Clocks at full quarters of an hour, so that many actions are equally urgent.
        for place in range(DONE_EACH + 2):
            is_done = place < DONE_EACH
            cursor.execute(
                """
                INSERT INTO deals_taskoccurrence (
                    organisation_id, store_id, deal_id, run_id, task_code, stage_code, label,
                    round, state, is_current, owner_role, owner_id, move, waiting_reason,
                    opened_at, house_due_at, due_at, is_due_provisional, act_at,
                    escalation_level, outcome, note, settled_at, escalate_at)
                SELECT d.organisation_id, d.store_id, d.id, r.id,
                       (%(codes)s::text[])[k], (%(stages)s::text[])[k], '任务', 1, %(state)s, true,
                       'advisor', d.advisor_id, (%(moves)s::text[])[k], '', d.opened_at, due, due,
                       false, due - (d.id %% 3) * interval '1 hour',
                       CASE WHEN due < %(now)s AND NOT %(is_done)s THEN 1 ELSE 0 END, '', '',
                       CASE WHEN %(is_done)s THEN d.opened_at END, NULL
                FROM deals_deal AS d JOIN deals_processrun AS r ON r.deal_id = d.id,
                LATERAL (SELECT 1 + ((hashint8(d.id) & 1048575) + %(place)s) %% %(count)s AS k,
                         %(now)s + ((hashint8(d.id * 31 + %(place)s) & 1048575) %% 2880 - 960)
                                   * interval '15 minutes' AS due) AS x
                WHERE %(place)s <= %(done)s OR d.id %% 10 = 0
                """,
                {
                    "codes": codes, "stages": stages, "moves": moves, "place": place,
                    "count": len(codes), "now": now, "done": DONE_EACH, "is_done": is_done,
                    "state": "done" if is_done else "open",
                },
            )  # fmt: skip
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def later(now: datetime) -> datetime:
    """The moment at which the lists are read."""
    return now + timedelta(minutes=1)
