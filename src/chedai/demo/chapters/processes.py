"""Deals on their way: every stage has some, with delays, loops, second persons and reasons.

Each deal is told in one transaction, through the operations the pages call, in the store's own
hours; what people moved themselves, and what was told before, is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from zlib import crc32

from django.db import transaction

from chedai.core.process.definition import Span, Task
from chedai.core.process.working_time import WorkingCalendar, due_after
from chedai.deals.models import Deal, TaskOccurrence
from chedai.deals.operations.escalation import escalate_overdue
from chedai.deals.operations.processes import (
    decide_on_task,
    end_process,
    finish_task,
    signal,
    wait_for,
)
from chedai.deals.queries.calendar import calendar_of
from chedai.deals.queries.processes import definition_of
from chedai.demo.world import BROKER_CODE, GROUP_CODE, World, key_of, organisation_of
from chedai.staff.isolation import acting_for, directory_window
from chedai.staff.models import User

TOLD_MAX: Final = {GROUP_CODE: 34, BROKER_CODE: 6}
STEPS_MAX: Final = 48
QUIET_DAYS: Final = 12
QUIET_SHARE, WAITS_SHARE = 85, 60
# Stages before this one are told by the visits; a task takes so many days on average.
FIRST_TOLD: Final = 2
DAYS_A_TASK: Final = 0.8
# Working hours a task takes, by whose move it is: at least, and how much more at most.
TAKES: Final[Mapping[str, tuple[int, int]]] = {
    "us": (1, 6),
    "customer": (2, 14),
    "lender": (5, 18),
    "registry": (6, 20),
}
REASONS: Final[Mapping[str, str]] = {
    "customer": "客户说周末把材料带来",
    "lender": "资金方说排队审核中",
    "registry": "预约的窗口在后天上午",
}
# In a hundred deals: how the first answer to these is not the usual one.
TURNS: Final[Mapping[str, tuple[tuple[int, str], ...]]] = {
    "pre_screen": ((6, "more_facts"), (10, "advised_to_wait")),
    "choose_plan": ((15, "wants_changes"), (20, "gave_up")),
    "check_pack": ((15, "incomplete"),),
    "lender_decision": ((26, "stipulated"), (36, "counter_offered"), (43, "declined")),
    "compare_contract": ((10, "differs"),),
}


def tell(world: World) -> None:
    for code, told_max in TOLD_MAX.items():
        with directory_window():
            organisation = organisation_of(code)
        with acting_for(organisation.pk):
            for place, deal in enumerate(_untold(told_max)):
                with transaction.atomic():
                    _tell_deal(deal, place, now=world.now)
            _put_away(now=world.now)
            while escalate_overdue(organisation_id=organisation.pk, at=world.now):
                continue


def _untold(told_max: int) -> list[Deal]:
    """Deals that have their proposal and that nobody moved on by hand, spread over the months."""
    moved = TaskOccurrence.objects.filter(settle_key__isnull=False).values("deal_id")
    given = TaskOccurrence.objects.filter(task_code="give_proposal", state="done").values("deal_id")
    deals = Deal.objects.select_related("advisor", "store").filter(
        pk__in=given, process__ended_at__isnull=True
    )
    told = TaskOccurrence.objects.filter(settle_key__isnull=False).values("deal_id").distinct()
    left = max(told_max - told.count(), 0)
    found = list(deals.exclude(pk__in=moved).order_by("opened_at"))
    step = max(len(found) // left, 1) if left else 1
    return found[::step][:left]


def _tell_deal(deal: Deal, place: int, *, now: datetime) -> None:
    """Move the deal on until it rests in the stage drawn for it, which is about now."""
    calendar, people = calendar_of(deal.store_id), _people(deal)
    definition = definition_of(deal.process.definition)
    stages = [stage.code for stage in definition.stages][FIRST_TOLD:]
    target = stages[place % len(stages)]
    before = sum(len(s.tasks) for s in definition.stages[: FIRST_TOLD + place % len(stages)])
    latest = TaskOccurrence.objects.filter(deal=deal).latest("opened_at").opened_at
    # The customer thought it over until then.
    at = max(latest, now - timedelta(days=1 + before * DAYS_A_TASK)).astimezone(now.tzinfo)
    for _ in range(STEPS_MAX):
        row = TaskOccurrence.objects.filter(deal=deal, state="open").order_by("pk").first()
        if row is None:
            signal(deal=deal, name="loan_settled", by=deal.advisor, at=at)
            if not _is_open(deal):
                return
            continue
        at = _later(deal, row, since=at, calendar=calendar)
        if at > now or row.stage_code == target:
            _wait(deal, row, now=now)
            return
        _finish(deal, row, definition.tasks[row.task_code], people, at=at, now=now)


def _finish(
    deal: Deal,
    row: TaskOccurrence,
    task: Task,
    people: Mapping[str, list[User]],
    *,
    at: datetime,
    now: datetime,
) -> None:
    doers = people[task.owner] or people["manager"]
    doer = deal.advisor if task.owner == "advisor" else doers[0]
    outcome = _outcome(deal, row, task)
    finish_task(
        task=row,
        outcome=outcome,
        note="",
        settle_key=key_of("process", deal.number, row.task_code, row.round),
        finished_by=doer,
        finished_at=at,
    )
    row.refresh_from_db()
    if row.state != "to_approve":
        return
    seconds = [
        person for person in (*people[task.four_eyes], *people["manager"]) if person.pk != doer.pk
    ]
    if seconds:
        decide_on_task(
            task=row,
            is_approved=True,
            reason="",
            decided_by=seconds[0],
            decided_at=min(at + timedelta(minutes=25), now),
        )


def _outcome(deal: Deal, row: TaskOccurrence, task: Task) -> str:
    usual = next(o.code for o in task.outcomes if not (o.returns_to or o.ends))
    if row.round > 1:
        return usual
    drawn = _chance(deal, task.code)
    return next((code for upto, code in TURNS.get(task.code, ()) if drawn < upto), usual)


def _later(
    deal: Deal, row: TaskOccurrence, *, since: datetime, calendar: WorkingCalendar
) -> datetime:
    least, more = TAKES[row.move]
    hours = least + _chance(deal, f"{row.task_code} {row.round}") % more
    since = max(since, row.opened_at.astimezone(since.tzinfo))
    at = due_after(Span(amount=hours, unit="working_hours"), since=since, calendar=calendar).at
    return at + timedelta(minutes=_chance(deal, row.task_code) % 23)


def _wait(deal: Deal, row: TaskOccurrence, *, now: datetime) -> None:
    if row.move in REASONS and _chance(deal, "waits") < WAITS_SHARE:
        wait_for(
            task=row,
            move=row.move,
            reason=REASONS[row.move],
            follow_up_at=None,
            recorded_by=deal.advisor,
            recorded_at=min(now, row.opened_at + timedelta(minutes=40)),
        )


def _put_away(*, now: datetime) -> None:
    """Customers who were not heard of for long: two of three are put away, the rest is overdue."""
    quiet = Deal.objects.filter(
        process__ended_at__isnull=True, opened_at__lt=now - timedelta(days=QUIET_DAYS)
    ).exclude(pk__in=TaskOccurrence.objects.filter(settle_key__isnull=False).values("deal_id"))
    for deal in quiet.select_related("advisor").order_by("pk"):
        if _chance(deal, "quiet") < QUIET_SHARE:
            latest = TaskOccurrence.objects.filter(deal=deal).latest("opened_at").opened_at
            at = max(deal.opened_at + timedelta(days=QUIET_DAYS), latest + timedelta(hours=3))
            if at > now:
                continue
            end_process(
                deal=deal, reason="多次联系没有回音，先收起", ended_by=deal.advisor, ended_at=at
            )


def _people(deal: Deal) -> Mapping[str, list[User]]:
    people: dict[str, list[User]] = {"advisor": [], "back_office": [], "manager": []}
    users = User.objects.filter(is_active=True).order_by("store_id", "pk")
    for user in users:
        if user.store_id in {None, deal.store_id}:
            for role, found in people.items():
                if role in user.roles:
                    found.append(user)
    return people


def _is_open(deal: Deal) -> bool:
    return TaskOccurrence.objects.filter(deal=deal, state="open").exists()


def _chance(deal: Deal, about: str) -> int:
    """Draw a number below a hundred, the same at every loading."""
    return crc32(f"{deal.number} {about}".encode()) % 100
