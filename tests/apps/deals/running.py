"""A deal's process moved on by hand, for the tests of whatever rests on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.factories import MOMENT

from chedai.deals.models import Deal, TaskOccurrence
from chedai.deals.operations import open_deal
from chedai.deals.operations.processes import decide_on_task, finish_task
from chedai.staff.models import User

LATER = MOMENT + timedelta(minutes=30)


def opened(advisor: User) -> Deal:
    assert advisor.store is not None
    return open_deal(
        store=advisor.store,
        advisor=advisor,
        call_name="王先生",
        form_key=uuid4(),
        opened_at=MOMENT,
    )[0]


def task(deal: Deal, code: str) -> TaskOccurrence:
    return TaskOccurrence.objects.get(deal=deal, task_code=code, is_current=True)


def open_codes(deal: Deal) -> set[str]:
    rows = TaskOccurrence.objects.filter(deal=deal, state__in=["open", "to_approve"])
    return set(rows.values_list("task_code", flat=True))


def finish(
    deal: Deal,
    code: str,
    *,
    by: User,
    outcome: str = "done",
    at: datetime = LATER,
    key: UUID | None = None,
) -> TaskOccurrence:
    return finish_task(
        task=task(deal, code),
        outcome=outcome,
        note="",
        settle_key=key or uuid4(),
        finished_by=by,
        finished_at=at,
    )


def advance_to(deal: Deal, code: str, *, by: User, second: User) -> None:
    """Finish whatever is open, in the order of opening, until ``code`` is."""
    first = {"pre_screen": "advised", "choose_plan": "chosen", "check_pack": "complete",
             "lender_decision": "approved", "compare_contract": "same",
             "request_disbursement": "requested"}  # fmt: skip
    while code not in open_codes(deal):
        row = TaskOccurrence.objects.filter(deal=deal, state="open").earliest("id")
        finish(deal, row.task_code, by=by, outcome=first.get(row.task_code, "done"))
        row.refresh_from_db()
        if row.state == "to_approve":
            approve(row, by=second)


def approve(row: TaskOccurrence, *, by: User, is_approved: bool = True, reason: str = "") -> Any:
    return decide_on_task(
        task=row, is_approved=is_approved, reason=reason, decided_by=by, decided_at=LATER
    )
