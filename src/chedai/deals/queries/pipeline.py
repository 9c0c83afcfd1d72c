"""The whole pipeline's next actions, in the order of the moment by which one must act.

Every list is read off an index in its own order (``task_next…``), page by page from where the
one before ended, so that page one thousand costs what page one costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from chedai.catalogue.queries.cursors import UnreadableCursorError, cursor_of, read_cursor
from chedai.core.process.definition import MOVE_LABELS
from chedai.deals.models import Deal, TaskOccurrence
from chedai.staff.isolation import acting_organisation_id
from chedai.staff.models import Store, User
from chedai.staff.scope import rows_within

PAGE_SIZE: Final = 30
LANE_SIZE: Final = 12
COUNT_MAX: Final = 999
UNSETTLED: Final = ("open", "to_approve")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionFilter:
    """What part of the pipeline is looked at; nothing set is all of it."""

    stage_code: str = ""
    move: str = ""
    owner_id: int | None = None
    is_overdue: bool = False
    is_to_approve: bool = False


@dataclass(frozen=True, slots=True)
class ActionPage:
    """Actions, most urgent first, and the key of the next page (empty = this is the latest)."""

    actions: list[TaskOccurrence]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class Lane:
    """The actions that wait for one party."""

    move: str
    label: str
    actions: list[TaskOccurrence]
    count: int

    @property
    def count_label(self) -> str:
        """How many, up to what is worth counting."""
        return f"{self.count}" if self.count <= COUNT_MAX else f"{COUNT_MAX}+"


def open_tasks(*, user: User, wanted: ActionFilter, now: datetime) -> QuerySet[TaskOccurrence]:
    """Narrow the open tasks to this user's scope and the filter, without an order."""
    tasks = rows_within(
        TaskOccurrence.objects.filter(
            organisation_id=acting_organisation_id(), state__in=UNSETTLED
        ),
        user,
        advisor="owner",
    )
    exact = {"stage_code": wanted.stage_code, "move": wanted.move, "owner_id": wanted.owner_id}
    tasks = tasks.filter(**{name: value for name, value in exact.items() if value})
    if wanted.is_overdue:
        # What is overdue was to be acted on before now as well: the index stops there.
        tasks = tasks.filter(act_at__lt=now, due_at__lt=now)
    return tasks.filter(state="to_approve") if wanted.is_to_approve else tasks


def next_actions(
    *, user: User, wanted: ActionFilter, now: datetime, cursor: str = "", size: int = PAGE_SIZE
) -> ActionPage:
    """List what is to be done, the most urgent first; ``UnreadableCursorError`` when not ours."""
    rows = list(ordered_actions(user=user, wanted=wanted, now=now, cursor=cursor)[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    return ActionPage(rows[:size], cursor_of(last.act_at.isoformat(), last.pk) if last else "")


def ordered_actions(
    *, user: User, wanted: ActionFilter, now: datetime, cursor: str = ""
) -> QuerySet[TaskOccurrence]:
    """Give the actions from the cursor on in their order, with the names shown beside them."""
    tasks = open_tasks(user=user, wanted=wanted, now=now)
    if cursor:
        act_at, pk = _read(cursor)
        tasks = tasks.filter(act_at__gte=act_at).filter(Q(act_at__gt=act_at) | Q(pk__gt=pk))
    return _with_names(tasks).order_by("act_at", "pk")


def lanes(*, user: User, wanted: ActionFilter, now: datetime) -> list[Lane]:
    """Give the board: for each party the most urgent actions, and how many there are."""
    found = []
    for move, label in MOVE_LABELS.items():
        tasks = open_tasks(user=user, wanted=replace(wanted, move=move), now=now)
        tasks = tasks.order_by("act_at", "pk")
        rows = list(tasks[: LANE_SIZE + 1])
        count = len(rows) if len(rows) <= LANE_SIZE else tasks[: COUNT_MAX + 1].count()
        found.append(Lane(move, label, rows[:LANE_SIZE], count))
    # One look-up for all lanes.
    prefetch_related_objects([row for lane in found for row in lane.actions], *_names())
    return found


def escalated_tasks(
    *, user: User, now: datetime, cursor: str = "", size: int = PAGE_SIZE
) -> ActionPage:
    """List what was escalated and is still open, the longest overdue first."""
    tasks = open_tasks(user=user, wanted=ActionFilter(), now=now).filter(escalation_level__gt=0)
    if cursor:
        due_at, pk = _read(cursor)
        tasks = tasks.filter(due_at__gte=due_at).filter(Q(due_at__gt=due_at) | Q(pk__gt=pk))
    rows = list(_with_names(tasks).order_by("due_at", "pk")[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    return ActionPage(rows[:size], cursor_of(last.due_at.isoformat(), last.pk) if last else "")


def next_steps_of(deal_ids: list[int]) -> Mapping[int, TaskOccurrence]:
    """Give each deal's most urgent open task."""
    found: dict[int, TaskOccurrence] = {}
    tasks = TaskOccurrence.objects.filter(deal_id__in=deal_ids, state__in=UNSETTLED)
    for task in tasks.order_by("act_at", "pk"):
        found.setdefault(task.deal_id, task)
    return found


def deadlines_of(owner: User, *, until: datetime, limit: int = 300) -> list[TaskOccurrence]:
    """List somebody's own open tasks by deadline, the overdue ones among them."""
    tasks = TaskOccurrence.objects.filter(
        owner=owner, state__in=UNSETTLED, act_at__lt=until, due_at__lt=until
    )
    return list(tasks.select_related("deal").order_by("due_at", "pk")[:limit])


def _with_names(tasks: QuerySet[TaskOccurrence]) -> QuerySet[TaskOccurrence]:
    """Look the names up for the page alone: joined, they lure the planner off the index."""
    return tasks.prefetch_related(*_names())


def _names() -> tuple[Prefetch[Any], ...]:
    return (
        Prefetch("deal", queryset=Deal.objects.only("number", "call_name")),
        Prefetch("owner", queryset=User.objects.only("display_name")),
        Prefetch("store", queryset=Store.objects.only("name")),
    )


def _read(cursor: str) -> tuple[datetime, int]:
    moment, pk = read_cursor(cursor, 2)
    try:
        at = datetime.fromisoformat(moment)
    except ValueError as error:
        raise UnreadableCursorError(cursor) from error
    if at.tzinfo is None:
        raise UnreadableCursorError(cursor)
    return at, int(pk)
