"""Where deals wait, loop and take time: read off the event log of a period and a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from chedai.core.process.definition import MOVE_LABELS
from chedai.core.process.history import Bottlenecks, Happening, bottlenecks
from chedai.deals.models import Deal, ProcessEvent
from chedai.deals.queries import deals_in_scope
from chedai.deals.queries.processes import definition_of, latest_definition
from chedai.staff.models import Store, User
from chedai.web.formats import SHANGHAI

EVENTS_MAX: Final = 400_000
MONTHS_SHOWN: Final = 12
DEALS_SHOWN: Final = 200
NODE_WIDTH, NODE_HEIGHT, GAP_Y = 150, 30, 46
PATH_WIDTH: Final = 640


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What part of the log is read: a store (empty = all in reach), a month of opening."""

    store: str
    month: str
    stores: Mapping[str, str]
    months: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One drawn step from stage to stage."""

    begin: str
    end: str
    count: int
    curve: str
    width: float
    label_x: float
    label_y: float
    is_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The numbers of one place, with the words and the drawing."""

    place: Place
    found: Bottlenecks
    stage_labels: Mapping[str, str]
    task_labels: Mapping[str, str]
    nodes: Sequence[tuple[str, str, int, int]]
    edges: Sequence[Edge]
    by_store: Sequence[tuple[str, Bottlenecks]]
    by_month: Sequence[tuple[str, Bottlenecks]]

    @property
    def height(self) -> int:
        """Height of the drawing."""
        return len(self.nodes) * GAP_Y + NODE_HEIGHT


def place_of(asked: Mapping[str, str], *, user: User, today: date) -> Place:
    """Read the address; what is not among the choices is left out."""
    stores = {
        str(pk): name for pk, name in Store.objects.order_by("name").values_list("pk", "name")
    }
    if user.store_id is not None:
        stores = {pk: name for pk, name in stores.items() if pk == str(user.store_id)}
    months = tuple(_month(today, back=n) for n in range(MONTHS_SHOWN))
    store, month = asked.get("store", ""), asked.get("month", "")
    return Place(
        store=store if store in stores else "",
        month=month if month in months else "",
        stores=stores,
        months=months,
    )


def report_of(place: Place, *, user: User, now: datetime) -> Report:
    """Read the log once and sum it up for the place, for each store and for each month."""
    deals = _deals(place, user=user)
    log = _log(list(deals))
    found = bottlenecks(log, until=now)
    stage_labels, task_labels = _labels()
    order = [code for code in stage_labels if any(code in edge for edge in found.edges)]
    places = {code: (n, (n + 0.5) * GAP_Y) for n, code in enumerate(order)}
    return Report(
        place=place,
        found=found,
        stage_labels=stage_labels,
        task_labels=task_labels,
        nodes=[
            (code, stage_labels[code], (PATH_WIDTH - NODE_WIDTH) // 2, int(y))
            for code, (_, y) in places.items()
        ],
        edges=[
            _edge(step, len(set(ids)), places, most=max(len(set(i)) for i in found.edges.values()))
            for step, ids in found.edges.items()
            if step[0] in places and step[1] in places
        ],
        by_store=_compared(log, {pk: store for pk, (store, _) in deals.items()}, until=now),
        by_month=_compared(log, {pk: month for pk, (_, month) in deals.items()}, until=now),
    )


def deals_behind(report: Report, *, kind: str, code: str) -> tuple[str, list[Deal]]:
    """Give the deals a number was made of, the longest first, and what they are."""
    found = report.found
    stages, names = report.stage_labels, report.task_labels
    choices: dict[str, tuple[str, Sequence[int]]] = {}
    choices |= {
        f"stage {c}": (f"走完「{stages.get(c, c)}」", s.deal_ids) for c, s in found.stages.items()
    }
    choices |= {f"wait {c}": (MOVE_LABELS[c], s.deal_ids) for c, s in found.waits.items()}
    choices |= {f"loop {c}": (f"退回「{names.get(c, c)}」", ids) for c, ids in found.loops.items()}
    choices["rework "] = ("有任务办过不止一轮", found.rework)
    for n, (_, ids) in enumerate(found.variants):
        choices[f"variant {n}"] = (f"第 {n + 1} 种走法", ids)
    for (begin, end), ids in found.edges.items():
        label = f"从「{stages.get(begin, begin)}」到「{stages.get(end, end)}」"
        choices[f"edge {begin}.{end}"] = (label, ids)
    title, behind = choices.get(f"{kind} {code}", ("", ()))
    wanted = list(dict.fromkeys(behind))[:DEALS_SHOWN]
    rows = Deal.objects.select_related("store", "advisor").in_bulk(wanted)
    return title, [rows[pk] for pk in wanted if pk in rows]


def _deals(place: Place, *, user: User) -> dict[int, tuple[str, str]]:
    deals = deals_in_scope(user=user).filter(process__isnull=False)
    if place.store:
        deals = deals.filter(store_id=int(place.store))
    if place.month:
        year, month = map(int, place.month.split("-"))
        following = (year + month // 12, month % 12 + 1)
        deals = deals.filter(opened_at__gte=_first(year, month), opened_at__lt=_first(*following))
    rows = deals.order_by("-opened_at").values_list("pk", "store__name", "opened_at")
    return {pk: (store, f"{at.astimezone(SHANGHAI):%Y-%m}") for pk, store, at in rows[:EVENTS_MAX]}


def _log(deal_ids: list[int]) -> list[Happening]:
    rows = (
        ProcessEvent.objects.filter(deal_id__in=deal_ids)
        .order_by("deal_id", "id")
        .values_list("deal_id", "kind", "happened_at", "task_code", "stage_code", "round", "move")
    )
    return [
        Happening(
            deal_id=deal_id, kind=kind, at=at, task_code=task, stage_code=stage, round=number,
            move=move,
        )
        for deal_id, kind, at, task, stage, number, move in rows[:EVENTS_MAX]
    ]  # fmt: skip


def _compared(
    log: list[Happening], group_of: Mapping[int, str], *, until: datetime
) -> list[tuple[str, Bottlenecks]]:
    groups: dict[str, list[Happening]] = {}
    for event in log:
        groups.setdefault(group_of[event.deal_id], []).append(event)
    return [(name, bottlenecks(events, until=until)) for name, events in sorted(groups.items())]


def _labels() -> tuple[dict[str, str], dict[str, str]]:
    row = latest_definition()
    if row is None:
        return {}, {}
    definition = definition_of(row)
    return (
        {stage.code: stage.label for stage in definition.stages},
        {code: task.label for code, task in definition.tasks.items()},
    )


def _edge(
    step: tuple[str, str], count: int, places: Mapping[str, tuple[int, float]], *, most: int
) -> Edge:
    (n, y1), (m, y2) = places[step[0]], places[step[1]]
    is_back = m < n
    side = -1 if is_back else 1
    x = PATH_WIDTH / 2 + side * NODE_WIDTH / 2
    # A step to the next stage goes straight down; every other one bows out, the farther the wider.
    is_next = m == n + 1
    bow = x + side * (24 + 15 * abs(m - n))
    middle = (y1 + y2) / 2
    x0 = PATH_WIDTH / 2
    straight = f"M {x0} {y1 + NODE_HEIGHT / 2} L {x0} {y2 - NODE_HEIGHT / 2}"
    curve = f"M {x} {y1} C {bow} {y1}, {bow} {y2}, {x} {y2}"
    return Edge(
        begin=step[0],
        end=step[1],
        count=count,
        curve=straight if is_next else curve,
        width=round(1 + 5 * count / most, 1),
        label_x=x0 + 8 if is_next else (x + 3 * bow) / 4 + side * 4,
        label_y=middle + 4,
        is_back=is_back,
    )


def _first(year: int, month: int) -> datetime:
    return datetime.combine(date(year, month, 1), time.min, tzinfo=SHANGHAI).astimezone(UTC)


def _month(today: date, *, back: int) -> str:
    place = today.year * 12 + today.month - 1 - back
    return f"{place // 12:04d}-{place % 12 + 1:02d}"
