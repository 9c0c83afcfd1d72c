"""A chain of five events in one lane, committed, and its owner's connection."""

import pytest
from django.db import connection
from tests.factories import MOMENT

from chedai.audit.operations import record


@pytest.fixture
def append(acting):
    """Append one event to the organisation's chain."""

    def append_one(*, action="deal.open", subject_id="D000001", **fields):
        return record(
            organisation_id=acting.pk,
            actor=None,
            action=action,
            subject_type="deal",
            subject_id=subject_id,
            at=MOMENT,
            **fields,
        )

    return append_one


@pytest.fixture
def one_lane(acting):
    """Let every event of this connection go to one lane."""
    with connection.cursor() as cursor:
        cursor.execute("SET chedai.audit_lanes = '1'")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET chedai.audit_lanes")


@pytest.fixture
def tamper(owner_database, acting):
    """Run a statement as the owner of the database, for the organisation."""

    def run(statement, *params):
        owner_database.execute(
            "SELECT set_config('chedai.organisation_id', %s, false)", [str(acting.pk)]
        )
        changed = owner_database.execute(statement, params)
        assert changed.rowcount > 0

    return run


@pytest.fixture
def five_events(owner_database, one_lane, append):
    for number in range(1, 6):
        append(subject_id=f"D{number:06d}", detail={"number": number, "说明": "面谈"})
